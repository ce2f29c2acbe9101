"""The control plane: an HTTP contract over a database, durable workflows and a provider."""
