"""Publications for later: their form, their moments, and those that wait."""
