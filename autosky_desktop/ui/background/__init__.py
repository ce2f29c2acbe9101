"""The parts that work beside the window, loaded when that has settled."""
