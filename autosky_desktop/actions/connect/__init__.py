"""Connecting to servers: what it needs of this computer, and the sessions that came of it."""
