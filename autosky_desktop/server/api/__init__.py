"""The HTTP contract of the control plane: routes, problem documents, the event feed."""
