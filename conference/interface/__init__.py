"""What every app's reading interface shares: who reads, how much, in which shape.

``conference.api``, ``delegates.api`` and ``sessions.api`` are private to their apps; this is what
they are made of.
"""
