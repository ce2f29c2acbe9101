"""The instances: how many there are, all of them, and who is on them."""
