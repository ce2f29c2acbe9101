"""Lets the workers of one control plane agree on who does what, and hear of each other's news."""
