"""The history of publications: its table, and each one in detail."""
