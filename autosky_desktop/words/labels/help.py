"""The labels and sentences that only the window says, of the first start, the tour and Help."""

from autosky_desktop.words.language import N_

WELCOME = N_("Welcome to Autosky Desktop")
WHAT_IT_IS_FOR = N_(
    "Servers, publications and shutdown reminders of your scaling environments, in one window."
)
LOOK_AROUND_IN_THE_DEMO = N_("Look around in the demo")
DEMO_DOOR = (
    N_("No account is needed."),
    N_("Four environments, simulated on this computer. Nothing leaves it."),
    N_("Everything works, twenty times as fast as in real life."),
)
ADD_AN_ENVIRONMENT = N_("Add an environment")
ENVIRONMENT_DOOR = (
    N_("On machines of your own, in AWS, or where a plug-in reaches."),
    N_("You name credentials. They are never asked for, and never kept."),
    N_("Nothing is made or changed by looking and adding."),
)
BOTH_ARE_POSSIBLE = N_("You can add environments to the demo later, and a demo to your own.")
TOUR = N_("Show the tour")
TOUR_OF_HINTS = N_("Tour")
HINT_OF_HINTS = N_("{n} of {all}")
NEXT = N_("Next")
DONE = N_("Done")
END_THE_TOUR = N_("End the tour")
ENVIRONMENTS_HINT = N_("Your environments")
ABOUT_ENVIRONMENTS = N_(
    "Each shows its state and how many sessions it has. Ctrl+L finds one by its name."
)
PREPARATION_HINT = N_("The server you prepare versions on")
ABOUT_PREPARATION = N_(
    "Start it, connect to it and install your version. When it will stop is said at the foot of "
    "its card, where you can extend that."
)
TABS_HINT = N_("Publish says whom it touches")
ABOUT_TABS = N_(
    "Before you press a button there, you read who keeps working and who is disconnected. "
    "Activity keeps what was done, and by whom."
)
MENU_HINT = N_("All commands by name")
ABOUT_MENU = N_(
    "Ctrl+K finds every command, server and setting. Keys, the tour and what to do when something "
    "goes wrong are here, under Help."
)
REPORT_A_PROBLEM = N_("Report a problem")
WHAT_IS_STRUCK_OUT = N_(
    "Secrets, addresses and the names of people, servers and environments are struck out. Read it "
    "before you hand it on; nothing is sent from here."
)
THE_REPORT = N_("The report")
PUTTING_IT_TOGETHER = N_("Putting it together…")
COPY = N_("Copy")
COPY_THE_REPORT = N_("Copy the report")
SAVE_REPORT = N_("Save report…")
TEXT_FILE = N_("Text (*.txt)")
IT_WAS_COPIED = N_("It was copied.")
WRITTEN_TO_NAME = N_("It was written to {name}.")
GUIDE = N_("Guide")
CONTENTS = N_("Contents")
BACK = N_("Back")
