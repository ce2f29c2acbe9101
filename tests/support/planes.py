"""The ids of control planes in tests."""

A_PLANE = "5f0c0d4be1f94f0e9d3a6a6f9a7b2c11"
ANOTHER_PLANE = "c2a94d0b7b1e4a58b0f1d2e3a4b5c6d7"
