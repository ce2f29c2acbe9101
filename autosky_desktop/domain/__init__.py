"""What both sides speak: data, state machines and planners. No Qt, no I/O, no clock."""
