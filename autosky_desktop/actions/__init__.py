"""The actions an operator can ask for, each an intent on its way to the control plane."""
