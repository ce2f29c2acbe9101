"""Parts that any screen may use. They know the look and Qt, and nothing of servers."""
