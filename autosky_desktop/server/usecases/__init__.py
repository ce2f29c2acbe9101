"""What operators may ask of the control plane, and what it does by itself. No HTTP."""
