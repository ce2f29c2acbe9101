"""The one way to write: units of work, each with its events and the environment's summary."""
