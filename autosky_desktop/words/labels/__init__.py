"""The labels and sentences that only the window says, by its rooms. Each is marked here, and looked
up when it is shown.
"""
