"""What the control plane remembers: tables, the one way to write them, and questions to them."""
