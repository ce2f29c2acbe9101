"""Connecting to a server: the window that asks, waits and says why not. Loaded when it is used."""
