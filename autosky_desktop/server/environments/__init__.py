"""The environments: what is recorded of them, and how that is kept as the provider has it."""
