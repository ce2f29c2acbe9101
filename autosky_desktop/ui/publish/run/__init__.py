"""The publication that runs: how far it is, and what can be said to it."""
