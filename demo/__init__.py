"""The demo: the fifth conference as facts tell it, its made-up people, and its rehearsal."""
