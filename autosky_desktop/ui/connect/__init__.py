"""Connecting to a server: the window that asks, waits and says why not, loaded when it is used."""
