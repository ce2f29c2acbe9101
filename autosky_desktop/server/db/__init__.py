"""The memory of the control plane: tables, the one way to write them, and queries of them."""
