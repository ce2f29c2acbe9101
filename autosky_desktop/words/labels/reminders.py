"""The labels and sentences that only the window says, of notifications."""

from autosky_desktop.words.language import N_

NOTIFICATIONS_N_UNREAD = N_("Notifications, {n} unread")
NOTIFICATIONS_KEYS = N_("Notifications ({keys})")
SETTINGS = N_("Settings")
SETTINGS_KEYS = N_("Settings ({keys})")
NOTIFICATIONS = N_("Notifications")
MARK_ALL_AS_READ = N_("Mark all as read")
CLEAR = N_("Clear")
EVERYTHING_IS_READ = N_("Everything is read.")
WHAT_IS_HERE_WAITS = N_("What is here waits for you.")
UNREAD_ENTRY = N_("Unread. {entry}")
ACTION_FOR_SERVER = N_("{action} for {server}")
EXTEND_1_H = N_("Extend 1 h")
UNTIL = N_("Until…")
CANCEL_SHUTDOWN = N_("Cancel shutdown")
OPEN = N_("Open")
SHOW_PUBLICATION = N_("Show publication")
SHOW_DETAILS = N_("Show details")
TRY_AGAIN = N_("Try again…")
