"""The preview of a publication: what it will touch, and the question before it."""
