"""What the doors tell people, in words: alerts and conflicts."""
