"""The labels and sentences that only the window says, of the list of environments."""

from autosky_desktop.words.language import N_

FAVOURITES = N_("Favourites")
LAST_USED = N_("Last used")
ALL_OTHERS = N_("All others")
ENVIRONMENTS = N_("Environments")
AUTOSKY_DESKTOP = N_("Autosky Desktop")
FIND_AN_ENVIRONMENT = N_("Find an environment")
REMOVE_FROM_FAVOURITES = N_("Remove from favourites")
ADD_TO_FAVOURITES = N_("Add to favourites")
OPEN = N_("Open")
COPY_LINK = N_("Copy link")
ACCOUNT_AT_PLANE = N_("Account {account} at {plane}")
CLEAR = N_("Clear")
NO_ENVIRONMENT_MATCHES_TEXT = N_("No environment matches '{text}'.")
