"""Adding environments, changing, pausing and removing them."""
