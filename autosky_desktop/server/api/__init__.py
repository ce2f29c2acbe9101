"""The HTTP contract: routes, problem documents, the event feed."""
