"""The labels and sentences that only the window says, of what goes on without it."""

from autosky_desktop.words.language import N_

QUIT_WITH_OR_FROM_MENU = N_("Quit with {keys}, or from the menu of its icon.")
KEEPS_WATCHING = N_("Autosky Desktop keeps watching in the tray")
