"""The sentences of the console's commands. What programs read stays as it is: JSON, ids, and the
names of options.
"""

import shlex
from collections.abc import Iterator
from datetime import datetime

from autosky_desktop.domain.publication import Publication
from autosky_desktop.words import publishing, running, states
from autosky_desktop.words.language import N_, _
from autosky_desktop.words.scheduling import when_named

ABOUT = N_("Servers and publications of scaling environments, from a terminal.")
EXITS = N_(
    "Ends with 0 when it is done, 1 when it was refused or failed, 2 when the command is wrong, "
    "3 when the publication failed, 4 when it was cancelled, 5 when it waits for you, and 130 when "
    "you interrupt."
)

URL = N_("the control plane to speak to; else the one of this computer, started if need be")
PLANE = N_("the control plane of that name; `autosky plane list` has them")
TOKEN_FILE = N_("the token that it wants, readable by nobody else; else asked for")
DATA = N_("the data folder of this computer's control plane")
JSON = N_("write JSON, for programs to read")
YES = N_("do not ask before acting")
WAIT = N_("wait until it is done")
FOLLOW = N_("wait until it has ended, and go on waiting while it waits for a person")

DESKTOP = N_("Open the window.")
SERVE = N_("Run a control plane.")
MIGRATE = N_("Bring the database of a control plane up to date.")
ENVIRONMENT = N_("Add, check and change environments.")
PROVIDER = N_("Print the rights that environments in AWS need: provider policy aws.")
OPENAPI = N_("Print the contract of the API.")
PLANES = N_("Join the control planes of teams, and choose which one commands speak to.")
PLANE_ADD = N_("Join a control plane: a name of your choice, and its address.")
PLANE_LIST = N_("List the control planes, and which one commands speak to by themselves.")
PLANE_USE = N_("Have commands speak to that one by themselves; `this-computer` is the one here.")
PLANE_RENAME = N_("Give a control plane another name.")
PLANE_REMOVE = N_("Forget a control plane and its token. Nothing changes there.")
SIGN_IN = N_("Sign in to the control plane of a team.")
SIGN_IN_EMAIL = N_("the email address to sign in with; else asked for")
SIGN_OUT = N_("Sign out of the control plane of a team.")
EVERYWHERE = N_("end the sign-ins of all your other computers too")
TOKENS = N_("Make tokens with which programs sign in as you, list them, and revoke them.")
TOKEN_CREATE = N_("Make a token for a program. It is shown once.")
TOKEN_LIST = N_("List your tokens, without what a program sends.")
TOKEN_REVOKE = N_("Revoke a token: its id.")
TOKEN_DAYS = N_("how many days it is good for")
TOKEN_ROLE = N_("the most that it may do, and never more than you")
TOKEN_ADDRESS = N_(
    "an address or a network that it is accepted from, as 10.0.0.0/8; may be given several times, "
    "else from anywhere"
)
TOKEN_ENVIRONMENT = N_(
    "an environment that it is for; may be given several times, else all that you see"
)
COMPLETION = N_("Print what makes a shell complete these commands.")

ENVIRONMENTS = N_("List the environments.")
SERVERS = N_("List the servers of an environment.")
START = N_("Start a server.")
STOP = N_("Stop a server.")
RESTART = N_("Restart a server.")
HOURS = N_("how long a preparation server runs; else as its environment has it")
SHUTDOWN = N_("Show, move or cancel the scheduled shutdown of a preparation server.")
UNTIL = N_("run until then: 22:00, 2026-12-01 02:00, or how much longer, as in 90m or 2h")
CANCEL_SHUTDOWN = N_("let it run until somebody stops it")
SKIP_SHUTDOWN = N_("leave the next stop of the daily schedule out")
INSTANCES = N_("List the instances of an environment.")
SESSIONS = N_("List who is signed in, or end sessions.")
END = N_("an account whose sessions end at once; may be given several times")

PUBLISH = N_("Publish the next version of an environment.")
MODEL = N_("the publishing model")
BLOCK = N_("whether nobody new can sign in to the old instances meanwhile (optimized)")
TERMINATE = N_("end all sessions at once (optimized)")
STOP_PREPARATION = N_("stop the preparation server while its image is made (optimized)")
MINUTES = N_("how long users have to reconnect")
MESSAGE = N_("what users are told; {minutes}, {version} and {time} are filled in")
WARN_AGAIN = N_("tell it again after so many minutes")
DEADLINE = N_("when those left are asked to reconnect (keep-users-connected)")
HOLD = N_("how many instances, or what share (25%), are replaced before it waits")
BAKE = N_("how long it waits there, as in 30m; else until somebody says go on")
SWITCH = N_("when instances are replaced; all else is prepared before")
AGAIN = N_("an earlier version to publish again")
GO_ON_AFTER_FAILURE = N_("leave instances that fail on the old version, and go on")
EMAIL = N_("who is told how it ended; may be given several times")
NOTE = N_("what changed")
PUBLISHER = N_("who publishes; else whoever is signed in")
AT = N_("when it begins: 22:00, 2026-12-01 22:00, or with its distance from UTC at the end")
TIME_ZONE = N_("the zone of the times; else the environment's")
VERSION = N_("the version that you expect; another one is refused")
PREVIEW = N_("show what it would touch, and publish nothing")

PUBLICATION = N_("Show a publication: its id, or an environment for the one that runs.")
GO_ON = N_("Let a publication go on that waits for you.")
GO_BACK = N_("Return to the previous version from a hold.")
CANCEL = N_("Stop a publication that runs, or call off a scheduled one.")
RETRY = N_("Try a publication that failed again, from its step.")
MOVE = N_("Move a scheduled publication.")
SCHEDULE = N_("List the scheduled publications of an environment.")
HISTORY = N_("List what was published, the newest first.")
ACTIVITY = N_("List what was asked for and what happened, the newest first.")
LIMIT = N_("at most so many lines")
SEARCH = N_("only with this text in it")

NAME, ID, STATE = N_("Name"), N_("Id"), N_("Status")
LABEL, USERS, VERSION_HEAD = N_("Label"), N_("Sessions"), N_("Version")
PUBLIC, PRIVATE, STOPS = N_("Public IP"), N_("Private IP"), N_("Stops")
ACCOUNT, INSTANCE, SINCE = N_("Account"), N_("Instance"), N_("Since")
DATE, MODEL_HEAD, BY, TOOK, NOTE_HEAD = (
    N_("Date"), N_("Model"), N_("By"), N_("Duration"), N_("Note"),
)  # fmt: skip
ADDRESS, USED, YES_USED = N_("Address"), N_("Used by commands"), N_("Yes")
DESCRIPTION, ROLE, GOOD_UNTIL = N_("Description"), N_("Role"), N_("Good until")
ADDRESSES, TOKEN_ENVIRONMENTS = N_("Addresses"), N_("Environments")
ANY_ADDRESS, ALL_ENVIRONMENTS = N_("Any"), N_("All")
WHAT, SUBJECT, RESULT, TIME = N_("What"), N_("Server or version"), N_("Result"), N_("Time")

MISSING = N_("Something is missing: `autosky --help` lists the commands.")
NOTHING_DONE = N_("Nothing was done.")
INTERRUPTED = N_("Interrupted.")
NOT_BY_THIS_COMPUTER = N_("This computer could not do that: {detail}.")
GOES_ON = N_("The publication goes on without this command.")
PAUSES = N_(
    "The control plane of this computer ends with this command: the publication pauses, and goes "
    "on when Autosky Desktop or a command starts it again."
)
STAYS = N_(
    "No desktop runs on this computer, so its control plane ends with this command: it stays until "
    "the publication has ended."
)
SCHEDULED_HERE = N_(
    "No desktop runs on this computer. Open it before the time comes, or the publication is missed."
)
LINE_LOST = N_("The connection is lost. Trying again…")
LINE_BACK = N_("The connection is back.")
SAY_YES = N_("Nobody can be asked here. Add --yes to act without a question.")
GO_AHEAD = N_("Go ahead?")
NO_SUCH_ENVIRONMENT = N_("There is no environment “{name}”. `autosky environments` lists them.")
NO_SUCH_SERVER = N_("There is no server “{name}”. `autosky servers` lists them.")
NO_SUCH_PUBLICATION = N_("There is no publication “{name}”. `autosky history` lists them.")
NONE_RUNS = N_("Nothing is being published to {environment}.")
NO_SHUTDOWN = N_("No shutdown is scheduled.")
NO_PREPARATION = N_("{environment} has no preparation server.")
SEVERAL = N_("“{name}” could be any of: {found}. Give the id.")
NO_MOMENT = N_("“{text}” is no time. Write 22:00, or 2026-12-01 22:00.")
NO_DURATION = N_("“{text}” is no length of time. Write 90m or 2h.")
PASSED = N_("{text} has passed.")
SKIPPED = N_("{text} does not exist in {zone}, because the clocks go forward then.")
TWICE = N_(
    "{text} occurs twice in {zone}, because the clocks go back. Write which one is meant: "
    "{first} or {second}."
)
NO_ZONE = N_("“{zone}” is no time zone that is known here.")
NO_HOLD = N_("“{text}” is no number of instances and no share. Write 1, or 25%.")
ONE_OF_THEM = N_("Give one of {options}.")
BELONGS_TO = N_("{option} belongs to {model}.")
UNKNOWN_FIELD = N_("Nothing is known to fill in for {fields}.")
NEEDS_MESSAGE = N_("Say with --message what users are told.")
NOBODY_SIGNED_IN = N_("{account} is not signed in.")
NOT_SCHEDULED = N_("The publication waits for no time that could be moved.")
BEGUN = N_("The publication of version {version} has begun. Its id is {id}.")
PLANNED = N_("The publication is scheduled for {when}. Its id is {id}.")
ASKED = N_("{server}: {state}.")
UNTIL_THEN = N_("{server} runs until {when}.")
NO_STOP = N_("{server} runs until somebody stops it.")
NOT_REACHED = N_("{server} is {state} and did not get there.")
NO_SUCH_PLANE = N_("There is no control plane “{name}”. `autosky plane list` lists them.")
NAME_IS_TAKEN = N_("There is a control plane “{name}” already.")
NO_NAME = N_("“{name}” cannot be its name. Write one of up to 60 letters, and not this-computer.")
NO_ADDRESS = N_(
    "“{address}” is no address of a control plane. It begins with https://, and has no account, "
    "password or question mark in it."
)
NO_PLANE_THERE = N_("There is no control plane at {address}. Check the address.")
ANOTHER_ANSWERS = N_(
    "Another control plane answers there than the one you joined, so nothing was done. If that is "
    "right, remove it and add it again."
)
TOKEN_IS_GONE = N_(
    "The keychain no longer has the token. Give --token-file, or remove the control plane and add "
    "it again."
)
EMAIL_ASKED = N_("Email address")
PASSWORD_ASKED = N_("Password")
CODE_ASKED = N_("One-time code or recovery code")
NO_TERMINAL = N_(
    "There is no terminal to ask for the password. A program uses an API token, with --token-file."
)
SIGN_IN_NOT_KEPT = N_(
    "A sign-in is kept in the keychain and nowhere else, so nobody was signed in. Without one, use "
    "an API token with --token-file."
)
NOT_THIS_COMPUTER = N_(
    "Nobody signs in to the control plane of this computer. Name another one with --plane."
)
NO_EMAIL = N_("“{text}” is no email address.")
NO_NETWORK = N_("“{text}” is no address and no network. Write 10.0.0.1 or 10.0.0.0/8.")
NO_TOKENS_THERE = N_(
    "Tokens are made where people sign in. This control plane has one token for all."
)
TOKENS_BY_PEOPLE = N_("A token is made and revoked by somebody who signed in, not by a token.")
NO_SUCH_TOKEN = N_("There is no token {id} of yours. `autosky token list` lists them.")
TOKEN_NOT_KEPT = N_("The token is not kept, so commands ask for it or take --token-file.")
TOKEN_STAYS = N_("Its token is still in the keychain.")


def unreadable_planes(aside: str) -> str:
    """Say that nothing is known of the control planes that were joined. `aside`: where the damaged
    file is now.
    """
    told = _("The list of the control planes cannot be read, so nothing was done.")
    kept = _("It is kept as {file}. Add the control planes again.").format(file=aside)
    return f"{told} {kept}" if aside else told


def joined(name: str, plane: str, account: str) -> str:
    return _("Joined {plane} as {account}. Commands speak to it with --plane {name}.").format(
        plane=plane, account=account, name=shlex.quote(name)
    )


def signed_in(plane: str, account: str) -> str:
    return _("Signed in to {plane} as {account}.").format(plane=plane, account=account)


def not_signed_in(name: str) -> str:
    text = _("You are not signed in to {name}. Sign in with: {command}")
    return text.format(name=name, command=f"autosky sign-in --plane {shlex.quote(name)}")


def no_sign_in_at(name: str) -> str:
    return _("People do not sign in to {name}: it is used with a token.").format(name=name)


def no_description(longest: int) -> str:
    return _("Say in up to {n} letters what the token is for.").format(n=longest)


def token_made(identity: str, until: str) -> str:
    text = _("This token is not shown again. Its id is {id}, and it is good until {when}.")
    return text.format(id=identity, when=until)


def not_by_this_computer(detail: str) -> str:
    return _(NOT_BY_THIS_COMPUTER).format(detail=detail)


def type_the_name(name: str) -> str:
    return _("This ends sessions in production. Type “{name}” to go ahead").format(name=name)


def begun(version: int, identity: str) -> str:
    return _(BEGUN).format(version=version, id=identity)


def planned(at: datetime, time_zone: str, now: datetime, identity: str) -> str:
    return _(PLANNED).format(when=when_named(at, time_zone, now), id=identity)


def switches(version: int, at: datetime, time_zone: str, now: datetime) -> str:
    text = _("Version {version} replaces instances {when}.")
    return text.format(version=version, when=when_named(at, time_zone, now))


def called_off(run: Publication) -> str:
    text = _("The publication of version {version} was called off.")
    return text.format(version=run.version)


def step_line(number: int, steps: int, name: str, state: str, retries: int) -> str:
    """Tell how a step is, in a line of its own: 3 of 6, Image creation: Running."""
    text = _("{n} of {steps}, {name}: {state}")
    if retries:
        text = _("{n} of {steps}, {name}: {state} (tried again)")
    return text.format(n=number, steps=steps, name=name, state=state)


def told(run: Publication, now: datetime) -> Iterator[str]:
    """Tell a publication in lines: what it is, how it is, its steps and why it failed."""
    yield _("Version {version}: {state}").format(
        version=publishing.version(run), state=states.publication_look(run)[1]
    )
    yield running.story(run, now)
    for number, step in enumerate(run.steps, start=1):
        state = publishing.step_state(step, ended=run.ended)
        yield step_line(number, len(run.steps), states.step_name(step.name), state, run.retries)
    for line in (running.waiting(run, now), running.what_failed(run), run.note):
        if line:
            yield line
