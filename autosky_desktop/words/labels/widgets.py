"""The labels and sentences that only the window says, of its fields and tables."""

from autosky_desktop.words.language import N_

CALENDAR = N_("Calendar")
DAYS = N_("Days")
PREVIOUS_MONTH = N_("Previous month")
NEXT_MONTH = N_("Next month")
WINDOW_TITLE = N_("{title} – Autosky Desktop")
CLOSE = N_("Close")
TRY_AGAIN = N_("Try again")
LOADING = N_("Loading…")
COPY = N_("Copy")
COPIED = N_("Copied")
DETAILS = N_("Details")
MAIN_MENU = N_("Main menu")
LINK_COPIED = N_("Link copied")
DATA_FOLDER_IS = N_("Data folder: {folder}")
OPEN_THE_LOG = N_("Open the log")
