"""The numbers of a control plane, for Prometheus; a workstation has none and loads none."""
