"""Tells who asks, and what they may: every request comes from a Principal."""
