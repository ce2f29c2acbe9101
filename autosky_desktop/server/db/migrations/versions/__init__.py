"""The revisions, one module each; `down_revision` gives their order."""
