"""The loader: one module for each part of the demo, put together in ``everything``."""
