"""The sentences that a control plane says about a provider in the provider's place, where that gave
no words of its own. They are recorded as they were said.
"""

from autosky_desktop.words.language import N_

UNFORESEEN = N_("An error that nobody foresaw came instead of an answer. The log says more.")
NO_ANSWER = N_("No answer came in time.")
NOT_REACHED = N_("It could not be asked: {why}.")
CANNOT_BE = N_("The answer tells what cannot be: {what}.")
NOT_KEPT = N_("What it tells could not be written down. The log says more.")
TAKEN = N_("It tells of {id} as its own, which is in another environment ({environment}).")

FIELD_MISSING = N_("“{label}” is needed.")
UNKNOWN_PROVIDER = N_("This control plane knows no provider “{name}”.")
NOT_LOADED = N_("The provider “{name}” failed when it was loaded. The log says more.")
OTHER_API = N_(
    "The provider “{name}” was made for another version of Autosky Desktop (its interface is "
    "{api}, here it is {ours})."
)
NO_PLUGIN = N_("The provider “{name}” is incomplete: it has no “{what}”.")
LIBRARY_MISSING = N_("The provider “{name}” lacks a library that is not installed here: {why}")
