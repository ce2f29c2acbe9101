"""The Publish tab: forms, what they will touch, the run, and the history."""
