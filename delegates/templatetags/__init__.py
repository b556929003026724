"""Template libraries of the delegations: deeds."""
