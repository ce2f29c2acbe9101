"""Clouds behind one promise: `provider` states it, every other module here keeps it."""
