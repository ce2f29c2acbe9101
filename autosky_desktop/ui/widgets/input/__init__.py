"""The fields and switches in which a person chooses or types something."""
