"""The sentences about the machines of an environment and whoever changes them."""

from autosky_desktop.words.language import N_, ngettext

HELD = N_("Another control plane, {name}, is in charge of this environment.")
CLOSE_THERE = N_("Use it there, or close it there and try again two minutes later.")
NOT_HERE = N_("This control plane does not know the environment {id} there.")
NO_SUCH_INSTANCE = N_("There is no instance {id} any more.")
NOBODY_CAN_ASK = N_("How to ask a machine of this system is not known.")
NAME_ITS_SYSTEM = N_("Only Windows and Linux can be asked who is signed in.")
NO_ANSWER_FROM = N_("{machine} did not answer in time.")
FROM_MACHINE = N_("{machine}: {detail}")
NOT_TOLD = N_("{machine} does not tell whether anybody is signed in there.")
END_OR_WAIT = N_("Wait until it answers, or publish with a model that disconnects people.")


def in_use(machine: str, sessions: int) -> str:
    """Return that somebody is on an instance that was to go."""
    return ngettext(
        "{n} session is open on {machine}.", "{n} sessions are open on {machine}.", sessions
    ).format(n=sessions, machine=machine)
