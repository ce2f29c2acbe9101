"""The labels and sentences that only the window says, of its commands, links and leaving."""

from autosky_desktop.words.language import N_

RUNS_AND_HANGS = N_(
    "Autosky Desktop is already running, but it does not answer.\n\nClose that one, with your "
    "system's task manager if need be, and start it again."
)
QUIT = N_("Quit")
KEEP_IT_OPEN = N_("Keep it open")
ALWAYS_QUIT_WITHOUT_ASKING = N_("Always quit without asking about reminders")
PUBLICATION_TO_IS_SCHEDULED = N_("A publication to {environment} is scheduled for {time}.")
SCHEDULED_PUBLICATION_DOES_NOT_START = N_(
    "A scheduled publication does not start while Autosky Desktop is closed. If Autosky "
    "Desktop is opened again at most 15 minutes after the scheduled time, the publication "
    "still starts; after that it is missed."
)
SERVER_STOPS_AT = N_("{server} stops at {time}, in {left}.")
WAS_TO_STOP = N_("{server} was to stop at {time}.")
NO_REMINDERS_AFTER_QUITTING = N_("You will not be reminded after you quit.")
AND_N_MORE = N_("And {n} more.")
QUIT_DURING_PUBLICATION = N_("Quit during a publication?")
QUIT_BEFORE_SCHEDULED_PUBLICATION = N_("Quit before a scheduled publication?")
QUIT_WHILE_CONNECTIONS_ARE_WAITING = N_("Quit while connections are waiting?")
QUIT_WHILE_REMINDERS_ARE_WAITING = N_("Quit while reminders are waiting?")
PUBLICATION_PAUSES = N_(
    "Version {version} of {environment} is being published. It pauses when you quit and goes "
    "on from its last step when Autosky Desktop is started again."
)
THIS_LINK_LEADS_NOWHERE = N_("This link leads nowhere")
WHAT_LINKS_NAME = N_(
    "Links to Autosky Desktop name an environment, a server or a publication. Nothing was changed."
)
LINK_TO_ANOTHER_PLANE = N_("This link is to another control plane")
NOT_ON_THIS_PLANE = N_(
    "What it leads to is not on the control plane of this window. Nothing was changed."
)
THIS_ENVIRONMENT_WAS_NOT_FOUND = N_("This environment was not found")
NO_SUCH_ENVIRONMENT = N_(
    "The control plane has no environment with that ID that you may see. It may have been removed."
)
THIS_PUBLICATION_WAS_NOT_FOUND = N_("This publication was not found")
NO_SUCH_PUBLICATION = N_(
    "The control plane has no publication with that ID that you may see. It may have been removed."
)
THIS_SERVER_WAS_NOT_FOUND = N_("This server was not found")
NO_SUCH_SERVER = N_(
    "The control plane has no server with that ID that you may see. It may have been removed."
)
GO_BACK = N_("Go back")
ASKING_PROVIDER_FIRST = N_("Asking the provider first…")
WHEN_YOU_PRESS_BUTTON_BELOW = N_("When you press the button below:")
WHEN_THE_TIME_COMES = N_("When the time comes, if things are as they are now:")
TYPE_NAME_TO_CONFIRM = N_("Type <b>{name}</b> to confirm")
TYPE_NAME_TO_CONFIRM_SPOKEN = N_("Type {name} to confirm")
SOMETHING_HAS_CHANGED = N_("Something has just changed: read it first.")
NOW_WHAT = N_("Now: {what}")
CONSEQUENCE_TEXT = N_("Consequence: {text}")
NO_PREPARATION_SERVER = N_("This environment has no preparation server.")
ONLY_SCALING_PUBLISHES = N_("Only scaling environments publish versions.")
SERVERS = N_("Servers")
PUBLISH = N_("Publish")
ACTIVITY = N_("Activity")
FIND_AN_ENVIRONMENT = N_("Find an environment")
NEXT_ENVIRONMENT = N_("Next environment")
PREVIOUS_ENVIRONMENT = N_("Previous environment")
ADD_TO_OR_REMOVE = N_("Add to or remove from favourites")
SHOW_OR_HIDE_SIDEBAR = N_("Show or hide the sidebar")
NEXT_REGION = N_("Next region")
PREVIOUS_REGION = N_("Previous region")
COMMAND_PALETTE = N_("Command palette")
FIND_A_SERVER = N_("Find a server")
START_PREPARATION_SERVER = N_("Start the preparation server…")
CONNECT_AS = N_("Connect as…")
PUBLISH_NEW_VERSION = N_("Publish new version")
FORCE_PROVIDER_UPDATE = N_("Force provider update")
EXTEND_RUNNING_TIME = N_("Extend the running time…")
CANCEL_SCHEDULED_SHUTDOWN = N_("Cancel the scheduled shutdown…")
PUBLISH_OPTIMIZED = N_("Publish: Optimized")
PUBLISH_STANDARD = N_("Publish: Standard")
PUBLISH_KEEP_USERS_CONNECTED = N_("Publish: Keep users connected")
PUBLISH_REQUEST_USER_RECONNECTION = N_("Publish: Request user reconnection")
PUBLISH_SCHEDULED = N_("Publish: Scheduled")
NOTIFICATIONS = N_("Notifications")
SETTINGS = N_("Settings")
KEYBOARD_SHORTCUTS = N_("Keyboard shortcuts")
OPEN_THE_LOG = N_("Open the log")
OPEN_LOG_FOLDER = N_("Open the log folder")
ABOUT_AUTOSKY_DESKTOP = N_("About Autosky Desktop")
CLOSE_THE_WINDOW = N_("Close the window")
