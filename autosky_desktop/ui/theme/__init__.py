"""How the window looks: colours, letters, and what Qt is told about them."""
