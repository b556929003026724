"""The day itself: doors, scans and the live board."""
