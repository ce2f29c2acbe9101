"""The sentences of `autosky user`. What programs read stays as it is: JSON, and the words of roles
that are typed.
"""

from datetime import datetime

from autosky_desktop.domain.people import EVERYWHERE, Person
from autosky_desktop.domain.sign_in import Invitation
from autosky_desktop.words.language import N_, _
from autosky_desktop.words.people import role_name
from autosky_desktop.words.question import Ask, Consequence
from autosky_desktop.words.times import moment

ABOUT = N_("See to the people of a team's control plane, and to what each may do.")
LIST = N_("List the people, or who has a role in an environment.")
ADD = N_("Add a person, and print the invitation with which they choose a password.")
INVITE = N_("Print a new invitation for somebody who has lost theirs or forgotten the password.")
ROLE = N_("Give somebody a role in environments or everywhere, or take it (none).")
GROUPS = N_("Show the groups of a person, or change them.")
REMOVE = N_("Remove a person and all their roles. What they did stays in the record.")
ACCEPT = N_("Choose a password, with an invitation to the control plane at that address.")

PERSON_NAME = N_("what they are called; else their email address")
GIVEN = N_("the role that they get: viewer, operator or manager")
GIVEN_IN = N_("an environment in which they get it; may be given several times")
WHERE = N_("an environment in which it is given or taken; may be given several times")
IN_ENVIRONMENT = N_("only who has a role in that environment, with it")
EVERYWHERE_TOO = N_("in all environments, those to come too; a manager everywhere administers")
GROUP = N_("a group that they are in; may be given several times")
OF_GROUP = N_("it is the role of everybody in the group of that name")
INTO, OUT_OF = N_("put them into that group"), N_("take them out of that group")
NO_INVITATION = N_("print no invitation, for somebody who signs in with OpenID Connect")
WITHOUT_CODE = N_("forget their one-time codes, for somebody who has lost their authenticator too")

NAME, EMAIL, ROLE_HEAD = N_("Name"), N_("Email"), N_("Role")
ROLE_EVERYWHERE, GROUPS_HEAD, MAY_SIGN_IN = N_("Role everywhere"), N_("Groups"), N_("May sign in")
GIVEN_HEAD, IN_ALL, IN_IT = N_("Given"), N_("everywhere"), N_("in this environment")
YES, NO = N_("Yes"), N_("No")
GROUP_NAMED = N_("Group {name}")

NOT_HERE = N_(
    "People do not sign in to this control plane. `autosky serve --sign-in` runs one for a team."
)
NOBODY = N_("Nobody here has the email address {email}. `autosky user list` lists everybody.")
THERE_ALREADY = N_(
    "Somebody here has the email address {email} already. `autosky user role` changes what they "
    "may do."
)
NO_EMAIL = N_("“{text}” is no email address.")
NO_GROUP = N_("“{text}” is no name of a group: it has one line, and no blank around it.")
SAY_WHERE = N_("Say where: with --environment, or with --everywhere.")
SAY_WHICH = N_("Say with --role which role they get there.")
NOT_IN = N_("{name} is not in the group {group}.")
INVITATION_ASKED, PASSWORD_ASKED = N_("Invitation"), N_("New password")
PASSWORD_AGAIN = N_("The same again")
CHOSEN = N_("The password is chosen. `autosky plane add NAME {address}` signs in with it.")


def added(person: Person) -> str:
    return _("{name} was added.").format(name=person.name)


def removed(person: Person) -> str:
    return _("{name} was removed.").format(name=person.name)


def role(who: str, given: str | None, environment: str) -> str:
    """Tell which role somebody has now in the environment of that name, or in all of them."""
    if environment == EVERYWHERE:
        text = (
            _("{who} has the role of {role} in all environments now.")
            if given
            else _("{who} no longer has a role in all environments.")
        )
    elif given:
        text = _("{who} has the role of {role} in {environment} now.")
    else:
        text = _("{who} no longer has a role of their own in {environment}.")
    return text.format(who=who, role=role_name(given), environment=environment)


def invitation(person: Person, made: Invitation, now: datetime) -> str:
    """Tell an invitation, with what to do with it."""
    return _(
        "This invitation for {name} is good until {when}, for one use, and is shown only now. Give "
        "it to them alone: `autosky user accept ADDRESS`, with this control plane's address, asks "
        "for it."
    ).format(name=person.name, when=moment(made.until, now=now, inside=True))


def groups(person: Person) -> str:
    if not person.groups:
        return _("{name} is in no group.").format(name=person.name)
    return _("{name} is in: {groups}.").format(name=person.name, groups=", ".join(person.groups))


def removing(person: Person) -> Ask:
    return Ask(
        window_title="",
        question=_("Remove {name} ({email})?").format(name=person.name, email=person.email),
        consequences=[
            Consequence("", "warn", _("They can no longer sign in, and lose all their roles.")),
            Consequence("", "", _("What they did stays in the record, as theirs.")),
        ],
        button="",
        doing="",
    )
