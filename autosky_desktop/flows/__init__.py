"""The flows: everything that happens by itself, without the operator asking."""
