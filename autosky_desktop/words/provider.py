"""The sentences that a control plane says about a provider in the provider's place, where that gave
no words of its own. They are recorded as they were said.
"""

from collections.abc import Mapping

from autosky_desktop.words.language import N_, _

UNFORESEEN = N_("An error that nobody foresaw came instead of an answer. The log says more.")
NO_ANSWER = N_("No answer came in time.")
NOT_REACHED = N_("It could not be asked: {why}.")
CANNOT_BE = N_("The answer tells what cannot be: {what}.")
NOT_KEPT = N_("What it tells could not be written down. The log says more.")
TAKEN = N_("It tells of {id} as its own, which is in another environment ({environment}).")

IS_PAUSED = N_("The environment is paused.")
NOT_THERE = N_("This environment is not there any more.")

REMEDY_OF_BUSY = N_("It is asked again by itself, ever more slowly.")
REMEDIES: Mapping[str, str] = {
    "credentials": N_("Sign in again, or renew the credentials that its settings name."),
    "not-permitted": N_("Have the missing right granted; Check in its settings names each."),
    "quota": N_("Ask the provider for a higher quota, or remove what is no longer needed."),
    "no-capacity": N_("Try later, or choose another size or zone."),
    "no-space": N_("Free some space where its disks and images are kept."),
    "not-found": N_("Look in its settings for what was removed or renamed, and choose it again."),
    "held": N_("Remove it from the other control plane, or pause it there."),
    "no-agent": N_("Install and start the agent on that machine, or choose another way to it."),
}
"""The things that can be done about a refusal, by its kind, where the provider names none."""

NO_NAME = N_("The name and the label must be text that can be shown.")
NO_KIND = N_("An environment is either “scaling” or “micro”.")
NO_ZONE = N_("“{zone}” is no time zone that is known here.")
NO_TUNNEL = N_("Its provider cannot begin a tunnel to this machine.")
OTHER_PROVIDER = N_("Its provider stays what it is. Add another environment for another one.")
TAKEN_ID = N_("“{id}” cannot be its id: another has it, or it holds more than a-z, 0-9 and -.")
HAS_IT = N_("The environment “{environment}” already has {id}.")
ANOTHER_HAS_IT = N_("Another environment already has {id}.")

DEMO = N_("Demo")
DEMO_EXAMPLE = N_("Begins as a copy of")
DEMO_EXAMPLE_HELP = N_(
    "Its servers, instances and sessions are like those of this environment of the demo."
)
SIMULATED_ALL = N_("The simulated cloud does it.")

FIELD_MISSING = N_("“{label}” is needed.")
NO_PLAIN_FILE = N_("it is no plain file")
TOO_LARGE = N_("it is too large")
UNREADABLE = N_("“{label}” is too long, or holds what cannot be shown.")
CHOSEN_TWICE = N_("The machine {id} is chosen twice.")
UNKNOWN_PROVIDER = N_("This control plane knows no provider “{name}”.")
NOT_LOADED = N_("The provider “{name}” failed when it was loaded. The log says more.")
STILL_LOADING = N_("The provider “{name}” does not get done with loading. Try again later.")
OTHER_API = N_(
    "The provider “{name}” was made for another version of Autosky Desktop (its interface is "
    "{api}, here it is {ours})."
)
NO_PLUGIN = N_("The provider “{name}” is incomplete: it has no “{what}”.")
LIBRARY_MISSING = N_("The provider “{name}” lacks a library that is not installed here: {why}")
NOT_PACKAGED = N_(
    "The packaged program comes without what {name} needs. Install Autosky Desktop from its wheel "
    "instead, with the extra for it."
)
DID_NOT_COME_UP = N_("The new {name} did not come up in {minutes} minutes.")
NEW_ONE_DID_NOT_COME_UP = N_("A new instance did not come up in {minutes} minutes.")


def not_toml(file: str, why: str) -> str:
    return _("{file} cannot be read: {why}. The environments stay as they are.").format(
        file=file, why=why
    )


def no_file(file: str, why: str) -> str:
    said = _("{file} cannot be opened: {why}. The environments stay as they are.")
    return said.format(file=file, why=why)


def in_file(environment: str, sentence: str) -> str:
    """Say what is wrong with one environment of a file, or with all of it."""
    return f"{environment}: {sentence}" if environment else sentence
