"""The sentences about the machines of an environment: whoever changes them, what is asked of the
system on each, and how it is reached.
"""

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


NOT_NOW = N_("Nobody new can sign in here at the moment. Please try again in a few minutes.")
"""Shown by the machine itself to whoever tries."""
MESSAGE_TITLE = N_("Message from your administrator")

NOTHING = N_("nothing")
UNREADABLE = N_("The system on the machine gave an answer that cannot be read: {answer}.")
SCRIPT_FAILED = N_("The system on the machine could not do what was asked: {why}.")
NOTHING_KEEPS_OUT = N_("Nothing on the machine can keep new sessions out.")
ADD_ADMIT = N_(
    "Use PAM with pam_nologin on it, or put a program at /usr/lib/autosky/admit that takes yes or "
    "no."
)
LOCKED_OUT = N_(
    "Keeping new sessions out would also keep out the account by which the machine is reached."
)
USE_ROOT_OR_ADMIT = N_(
    "Sign in as root, or put a program at /usr/lib/autosky/admit on the machine that takes yes or "
    "no."
)
NO_DRAIN_MODE = N_("Windows on the machine did not keep new sessions out, or let them on again.")
ADD_SESSION_HOST = N_("Install the role Remote Desktop Session Host on it.")

TOO_LONG = N_("The machine did not answer in time.")
NOT_REACHED = N_("The machine could not be reached over SSH: {why}.")
NO_SSH = N_("The program ssh is not on the computer of the control plane.")
INSTALL_SSH = N_("Install OpenSSH's client there.")
OTHER_KEY = N_("The machine has another host key than before.")
FORGET_KEY = N_(
    "If the machine was set up anew, remove its line from the environment's file of known hosts."
)
UNKNOWN_KEY = N_("The host key of the machine, or of a host on the way to it, is not known.")
ACCEPT_KEY = N_(
    "Connect to it once with ssh on the computer of the control plane, and accept the key."
)
NOT_LET_IN = N_("The machine does not let the control plane sign in over SSH: {why}.")
AUTHORISE_KEY = N_(
    "Add the public key to the authorized keys of the account on the machine, or name another key "
    "or account."
)
BAD_CONFIGURATION = N_(
    "The configuration of ssh on the computer of the control plane is wrong: {why}."
)
MEND_CONFIGURATION = N_("Correct it there.")
NO_SUDO = N_("The account on the machine may not act as root: {why}.")
ALLOW_SUDO = N_("Let it use sudo without a password, or sign in as root.")
