"""Who comes: places, delegations and their people."""
