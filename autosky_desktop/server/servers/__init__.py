"""The servers: their power, and the shutdowns of preparation servers."""
