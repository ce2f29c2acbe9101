"""The scheduled shutdown of the preparation server, and moving it."""
