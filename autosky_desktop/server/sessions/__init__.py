"""The sessions of people on the instances: who they are, and how they are ended."""
