"""The frame around every screen: the window, its sidebar and its header."""
