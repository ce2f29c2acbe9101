"""Changes who may do what: people, their groups, and the roles that they have."""
