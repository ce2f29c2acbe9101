"""The state the desktop believes in, and since when. No Qt, no I/O; only `flows` writes it."""
