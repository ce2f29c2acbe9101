"""The publications: previewed, accepted, scheduled, and carried out step by step."""
