"""The sentences of the programs on the command line."""

from autosky_desktop.words.language import N_

WINDOW = N_("Servers and publications of scaling environments.")
SERVE = N_("Run a control plane.")
RUNS_ALREADY = N_("Autosky Desktop is already running, but it does not answer. Close that one.")
NEEDS_A_SCREEN = N_("Autosky Desktop needs a screen: neither DISPLAY nor WAYLAND_DISPLAY is set.")
