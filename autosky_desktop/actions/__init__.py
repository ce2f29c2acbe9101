"""What happens when the operator asks: an intent on its way to the control plane."""
