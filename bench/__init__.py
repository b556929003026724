"""Measures the doors against the numbers they promise; see ``python -m bench --help``."""
