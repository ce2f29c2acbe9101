"""The Publish tab."""
