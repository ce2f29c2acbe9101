"""The look of the window: colours, letters, and what Qt is told about them."""
