"""The event feed: what happens, told to every desktop."""
