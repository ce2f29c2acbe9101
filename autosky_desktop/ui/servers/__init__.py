"""The Servers tab."""
