"""Verbs: keyword arguments in, one transaction, the thing back or one named refusal."""
