"""`make run`: the whole program on one machine, from one command, and gone with one key."""
