"""The operations that operators may ask for, and those that happen by themselves. No HTTP."""
