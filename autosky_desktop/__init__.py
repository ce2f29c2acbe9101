"""Autosky Desktop: servers and publications of scaling environments, live, on the workstation."""

__version__ = "0.1.0"
