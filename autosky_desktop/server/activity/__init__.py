"""The record of activity: what was asked for or fell due, and what came of it."""
