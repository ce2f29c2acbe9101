"""The labels and sentences that only the window says, of adding and changing environments."""

from autosky_desktop.words.language import N_, NP_

ADD_ENVIRONMENT = N_("Add environment…")
ADD_A_DEMO = N_("Add a demo…")
ADD_AN_ENVIRONMENT = N_("Add an environment")
EDIT_NAME = N_("Edit {name}")
EDIT = N_("Edit…")
PAUSE = N_("Pause…")
RESUME = N_("Resume")
REMOVE = N_("Remove…")
EDIT_NAME_ELLIPSIS = N_("Edit {name}…")
PAUSE_NAME = N_("Pause {name}…")
RESUME_NAME = N_("Resume {name}")
REMOVE_NAME = N_("Remove {name}…")

WHERE = N_("Where")
MACHINES = N_("Machines")
NAME_AND_TIMES = N_("Name and times")
CHECK = N_("Check")
STEPS = N_("Steps")

LOOK = N_("Look")
LOOKING = N_("Looking…")
NEXT = N_("Next")
CHECKING = N_("Checking…")
ADD = N_("Add environment")
ADDING = N_("Adding…")
SAVE = N_("Save")
SAVING = N_("Saving…")
CLOSE = N_("Close")
BEGIN_AGAIN = N_("Begin again")
KEPT_UNTIL_YOU_QUIT = N_("What you filled in is kept until you quit.")

WHERE_ARE_ITS_MACHINES = N_("Where are its machines?")
HOW_TO_GET_IN = N_("How to get in")
NO_SECRETS_HERE = N_(
    "Name the credentials that are set up on this computer. Passwords and keys themselves are "
    "neither asked for nor kept."
)
BROWSE = N_("Browse…")
CHOOSE_FILE_FOR = N_("Choose a file: {field}")
LOADING = N_("Loading…")

NOTHING_LOOKED_FOR = N_("Nothing was looked for yet with what stands under Where.")
CHOOSE_ONE = N_("Choose one")
NONE = N_("None")
FIND_A_MACHINE = N_("Find a machine")
NO_MACHINE_MATCHES = N_("No machine matches '{text}'.")

NAME = N_("Name")
LABEL = N_("Label")
LABEL_HINT = N_(
    "In production, the name has to be typed before anything that costs people their work."
)
TEST = NP_("label", "Test")
TIME_ZONE = N_("Time zone")
PUBLISHES_VERSIONS = N_("Publish versions to instances")
WHAT_MICRO_IS = N_("Switched off, it has servers alone and no Publish tab.")
RUN_HOURS = N_("Hours that the preparation server usually runs")
LONGEST_EXTENSION = N_("Hours that a shutdown can be moved ahead")
STOP_EVERY_DAY = N_("Stop the preparation server every day")
IN_ITS_TIME_ZONE = N_("At that time in its time zone, unless somebody moves it.")
DAILY_STOP_AT = N_("Daily stop at")
LIMIT_RECONNECTIONS = N_("Limit how often users are asked to reconnect")
A_MONTH = N_("Times a month")

CHECK_CHANGES_NOTHING = N_(
    "The check tries what can be done with this environment. It changes nothing, and nothing is "
    "created in its cloud."
)
CHECK_AGAIN = N_("Check again")
CHECKED_AT = N_("Checked {time}")
CHECK_LINE = N_("{what}: {state}. {detail}")

NAME_STAYS_PAUSED = N_("{name} stays paused")
EXPORT_ACTIVITY = N_("Export its activity…")
EXPORT_HISTORY = N_("Export its publications…")
ACTIVITY_NOT_EXPORTED = N_("The activity was not exported. {why}")
HISTORY_NOT_EXPORTED = N_("The publications were not exported. {why}")
