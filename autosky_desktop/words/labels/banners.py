"""The labels and sentences that only the window says, of its banners."""

from autosky_desktop.words.language import N_

CONNECTED_AGAIN = N_("Connected again.")
TRYING_AGAIN_IN_N_S = N_("Trying again in {n} s")
VALUES_ARE_FROM_THEN = N_("Values are from then. Actions wait for the connection.")
NOT_CONNECTED_SINCE_TIME = N_("Not connected since {time}.")
PLANE_STOPPED_AT = N_("The control plane on this computer stopped at {time}.")
PLANE_IS_RESTARTING = N_("It is restarting; publications go on.")
TRY_NOW = N_("Try now")
NAME_COULD_NOT_BE_READ = N_("{name} could not be read.")
CLOCK_IS_BEHIND = N_("This computer's clock is {time} behind the control plane's.")
CLOCK_IS_AHEAD = N_("This computer's clock is {time} ahead of the control plane's.")
TIMES_HERE_FOLLOW_CONTROL_PLANE = N_("Times here follow the control plane.")
DISMISS = N_("Dismiss")
NOTIFICATIONS_UNREADABLE = N_(
    "Your notifications could not be read. Reminders may come a second time."
)
PASSWORDS_UNREADABLE = N_(
    "The list of remembered passwords could not be read. You will be asked for them again."
)
CONNECTIONS_UNREADABLE = N_(
    "The connections that were still to be recorded could not be read. Activity lacks them."
)
FOLDER_UNREADABLE = N_(
    "The file that says where this control plane has its data could not be read. What you "
    "remembered of it is still used."
)
ORIGINAL_FILE_WAS_KEPT = N_("The original file was kept as {file}")
SETTINGS_WERE_RESET = N_("Your settings could not be read and were reset to their defaults.")
SOME_SETTINGS_WERE_RESET = N_("Some settings could not be read and were reset to their defaults:")
FILE_COULD_NOT_BE_READ = N_("{file} could not be read.")
DIFFERENT_PLANE = N_("This is a different control plane from last time.")
NOTHING_OF_IT_COUNTS_HERE = N_("What you trusted or remembered there does not count here.")
PLANE_IS_KNOWN_FROM_ANOTHER_FOLDER = N_("You know this control plane from another folder.")
NOTHING_FROM_THERE_IS_USED = N_("Nothing from there is used here unless it was moved.")
IT_WAS_MOVED = N_("It was moved")
USED_FROM_THE_NEXT_START = N_("What you remembered is used from the next start on.")
