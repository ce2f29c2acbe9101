"""The letters that are owed, and the mail server by which they leave."""
