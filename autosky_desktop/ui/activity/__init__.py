"""The record of what was asked for and what happened by schedule, as a card and as a tab."""
