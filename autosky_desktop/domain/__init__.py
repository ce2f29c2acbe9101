"""The data, state machines and planners that both sides share. No Qt, no I/O, no clock."""
