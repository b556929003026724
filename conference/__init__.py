"""The house: who runs a conference, where, and in whose name."""
