"""The labels and sentences that only the window says, of its frame, banners and palette."""

from autosky_desktop.words.language import N_

HELP = N_("Help")
START_AFRESH = N_("Start afresh…")
START_AFRESH_QUESTION = N_("Start afresh?")
START_AFRESH_ACT = N_("Start afresh")
FOLDER_IS_RENAMED = N_(
    "The data folder gets another name, and the control plane begins with an empty one. Nothing is "
    "deleted."
)
WHAT_IS_LEFT_BEHIND = N_(
    "Environments, publications, schedules and the record of activity stay in the old folder. "
    "Environments have to be added again; in their clouds nothing changes."
)
DATA_FOLDER_NOW = N_("Data folder now: {folder}")
STARTING_AFRESH = N_("Starting afresh…")
FOLDER_NOT_RENAMED = N_(
    "The folder could not be renamed ({cause}). Close other programs that use it, and try again."
)
ENDED_UNEXPECTEDLY = N_("Autosky Desktop ended unexpectedly.")
ENDED_AFTER = N_("It was some time after {time}.")
ENDED_WITH_OPEN = N_("It was some time after {time}; {name} was open.")
ENDED_WHILE_PUBLISHING = N_(
    "It was some time after {time}; version {version} was being published in {name}."
)
DEMO_FAULTS = N_("Demo faults")
NO_FAULT_IS_ON = N_("No fault is on")
SWITCH_ALL_OFF = N_("Switch all off")
SWITCH_ALL_FAULTS_OFF = N_("Switch all faults of the demo off")
FAULTS_OF_DEMO_ARE_ON = N_("Faults of the demo are on:")
FAULTS_STAY = N_("The faults of the demo stay as they were")
DEMO = N_("Demo")
SIMULATED_HERE = N_("Simulated on this computer; nothing leaves it.")
NAME_LABEL_ENVIRONMENT = N_("{name}, {label} environment")
CONNECTION_STATE = N_("Connection: {state}")
SERVERS = N_("Servers")
PUBLISH = N_("Publish")
ACTIVITY = N_("Activity")
CONFIRMED_TIME_AGO = N_("Confirmed {time} ago")
STARTING_CONTROL_PLANE = N_("Starting the control plane…")
LIVE = N_("Live")
OFFLINE = N_("Offline")
STARTING_AGAIN = N_("Starting again…")
REFUSED = N_("Refused")
NOT_STARTED = N_("Not started")
STATE_CONFIRMED_TIME = N_("{state} · confirmed {time}")
KEYBOARD_SHORTCUTS = N_("Keyboard shortcuts")
COMMAND_KEYS = N_("{command}: {keys}")
ABOUT_AUTOSKY_DESKTOP = N_("About Autosky Desktop")
OPEN_LOG_FOLDER = N_("Open the log folder")
COPY = N_("Copy")
COPY_THESE_DETAILS = N_("Copy these details")
PUBLISH_WHAT_FORM_HOLDS = N_("Publish what the form holds")
WRITE_NOTE_ON_VERSION = N_("Write a note on the version")
NOT_CONNECTED = N_("Not connected")
NAME_VERSION = N_("{name}, version {version}")
VERSION = N_("Version")
CONTROL_PLANE = N_("Control plane")
DATA_FOLDER = N_("Data folder")
SETTINGS = N_("Settings")
LOG_FOLDER = N_("Log folder")
BUILT_WITH = N_("Built with")
QT_AND_PYTHON = N_("Qt {qt} and Python {python}")
LICENCE = N_("Licence")
LICENSES = N_("Apache License 2.0. The Inter font is under the SIL Open Font License.")
NOT_UPDATED_WHILE_EDITING = N_("Not updated, so that nothing changes while you edit Publish.")
ASKING_PROVIDER_TIME = N_("Asking the provider… {time}")
NO_CONNECTION_TO_CONTROL_PLANE = N_("No connection to the control plane")
PROVIDER_IS_ALREADY_BEING_ASKED = N_("The provider is already being asked.")
FORCE_PROVIDER_UPDATE = N_("Force provider update")
DISCARD_EDITS_AND_UPDATE = N_("Discard edits and update")
CLOSE = N_("Close")
CLOSE_ESC = N_("Close (Esc)")
SERVER_STATE = N_("{server}: {state}.")
VERSION_STEP = N_("Version {version}, step {n} of {all}: {name}.")
TRY_AGAIN = N_("Try again")
OPEN_THE_LOG = N_("Open the log")
COPY_DETAILS = N_("Copy details")
NO_ENVIRONMENTS = N_("No environments")
NONE_ADDED_YET = N_(
    "This control plane has no environments yet. Add one on your own machines, or a demo that is "
    "simulated on this computer."
)
ENVIRONMENTS_COULD_NOT_BE_SHOWN = N_("The environments could not be shown")
STARTING = N_("Starting")
PLANE_IS_STARTING = N_("The control plane on this computer is starting. It takes a moment.")
REMOVED_FROM_FAVOURITES = N_("Removed from favourites")
ADDED_TO_FAVOURITES = N_("Added to favourites")
AUTOSKY_DESKTOP = N_("Autosky Desktop")
WINDOW_TITLE = N_("{name} – Autosky Desktop")


QUIT_WITH_OR_FROM_MENU = N_("Quit with {keys}, or from the menu of its icon.")
KEEPS_WATCHING = N_("Autosky Desktop keeps watching in the tray")


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
SOME_SETTINGS_WERE_RESET = N_(
    "Some settings could not be read and were reset to their defaults: {names}."
)
FILE_COULD_NOT_BE_READ = N_("{file} could not be read.")
DIFFERENT_PLANE = N_("This is a different control plane from last time.")
NOTHING_OF_IT_COUNTS_HERE = N_("What you trusted or remembered there does not count here.")
PLANE_IS_KNOWN_FROM_ANOTHER_FOLDER = N_("You know this control plane from another folder.")
NOTHING_FROM_THERE_IS_USED = N_("Nothing from there is used here unless it was moved.")
IT_WAS_MOVED = N_("It was moved")
USED_FROM_THE_NEXT_START = N_("What you remembered is used from the next start on.")


SHOW_ALL_INSTANCES = N_("Show all instances")
EXPORT_ACTIVITY = N_("Export activity…")
SETTINGS_PAGE = N_("Settings: {page}")
DEMO_FAULT_ON_FAULT = N_("Demo fault on: {fault}")
DEMO_FAULT_OFF_FAULT = N_("Demo fault off: {fault}")
ADD_TO_OR_REMOVE = N_("add to or remove from favourites")
OPEN_NAME = N_("Open {name}")
FAVOURITE_NAME = N_("Favourite: {name}")
COPY_LINK_TO_NAME = N_("Copy link to {name}")
COMMANDS = N_("Commands")
FIND_ANYTHING = N_("Find a command, a server or an environment")
COMMAND_PALETTE = N_("Command palette")
NO_COMMAND_MATCHES_TEXT = N_("No command matches '{text}'.")
EXPORT_HISTORY = N_("Export history…")
GO_ON_WITH_VERSION_N = N_("Go on with version {n}")
SWITCH_TO_VERSION_N_NOW = N_("Switch to version {n} now…")
MOVE_SWITCH_TO_VERSION_N = N_("Move the switch to version {n}…")
GO_ON_WITH_VERSION_N_ELLIPSIS = N_("Go on with version {n}…")
RETURN_TO_VERSION_N = N_("Return to version {n}…")
STOP_PUBLICATION_OF_VERSION_N = N_("Stop the publication of version {n}…")
TRY_PUBLICATION_OF_VERSION_AGAIN = N_("Try the publication of version {n} again…")
THIS_VERSION_OF_PUBLICATION = N_("this version of the publication of {date}")
EXTEND_N_H_TO_TIME = N_("Extend {n} h, to {time}")
EXTEND_UNTIL = N_("Extend until…")
SET_SHUTDOWN_TIME = N_("Set a shutdown time…")
RESTORE_SHUTDOWN_AT_TIME = N_("Restore the shutdown at {time}")
UNDO_CANCELLED_SHUTDOWN = N_("undo the cancelled shutdown")
COPY_PUBLIC_IP_OF_NAME = N_("Copy public IP of {name}")
COPY_PRIVATE_IP_OF_NAME = N_("Copy private IP of {name}")


FAVOURITES = N_("Favourites")
LAST_USED = N_("Last used")
ALL_OTHERS = N_("All others")
ENVIRONMENTS = N_("Environments")
FIND_AN_ENVIRONMENT = N_("Find an environment")
REMOVE_FROM_FAVOURITES = N_("Remove from favourites")
ADD_TO_FAVOURITES = N_("Add to favourites")
OPEN = N_("Open")
COPY_LINK = N_("Copy link")
ACCOUNT_AT_PLANE = N_("Account {account} at {plane}")
CLEAR = N_("Clear")
NO_ENVIRONMENT_MATCHES_TEXT = N_("No environment matches '{text}'.")
