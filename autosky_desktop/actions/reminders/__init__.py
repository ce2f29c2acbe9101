"""Reminders as notifications of the system, and what an operator answers to them."""
