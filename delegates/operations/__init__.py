"""What can be done with delegations, their people and their badges."""
