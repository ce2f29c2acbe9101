"""What the desktop believes right now, and since when. No Qt, no I/O; only `flows` writes it."""
