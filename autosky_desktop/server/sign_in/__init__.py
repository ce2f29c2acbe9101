"""Signing in: passwords, one-time codes, tokens, and a company's own provider of identities."""
