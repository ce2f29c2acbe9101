"""The faults of the demo's cloud, which no real one has."""
