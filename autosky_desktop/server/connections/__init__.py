"""The connections to servers: where they lead, and who made them."""
