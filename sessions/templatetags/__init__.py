"""Template library: programme."""
