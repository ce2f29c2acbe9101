"""The people of a control plane: what each may do, in which environments."""

from typing import Annotated

from msgspec import Meta

from autosky_desktop.domain.wire import Instant, Intent, Statement, Word

LONGEST_NAME = 200
LONGEST_EMAIL = 254
MOST_GROUPS = 100
EVERYWHERE = "*"
"""What stands in the place of an environment's id for a role in all of them."""


class Role(Word):
    """The role of a person in an environment. Each may do all that the one before it may.

    A viewer sees it. An operator also starts and stops servers, moves shutdowns, ends sessions,
    connects, publishes and schedules. A manager also changes its settings and its members, and what
    others have scheduled; by which credentials its cloud is reached, only one of all environments.
    """

    VIEWER = "viewer"
    OPERATOR = "operator"
    MANAGER = "manager"
    UNKNOWN = "unknown"

    def includes(self, other: "Role") -> bool:
        """Return whether whoever has this role may do what the other one may."""
        return self is not Role.UNKNOWN and _GROWING.index(self) >= _GROWING.index(other)


_GROWING = (Role.VIEWER, Role.OPERATOR, Role.MANAGER)

LOCAL = "local"
"""The id of the one person of a workstation's control plane, who is not asked to sign in."""


def widest(roles: list[Role]) -> Role | None:
    """Return the role that includes all the others, or None when there is none."""
    return max(roles, key=_GROWING.index, default=None)


class HolderKind(Word):
    """A kind of who holds a role: one person, or everybody in a group."""

    PERSON = "person"
    GROUP = "group"
    UNKNOWN = "unknown"


Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
Email = Annotated[str, Meta(min_length=3, max_length=LONGEST_EMAIL)]
GivenRole = Annotated[str, Meta(pattern="^(viewer|operator|manager)$")]
GivenHolder = Annotated[str, Meta(pattern="^(person|group)$")]


class Person(Statement, frozen=True, kw_only=True):
    """Somebody who may sign in, unless they are not `active`; `groups` are the names of theirs."""

    id: str
    name: str
    email: str
    active: bool = True
    groups: list[str] = []
    created_at: Instant


class PersonList(Statement, frozen=True, kw_only=True):
    """All people that the control plane knows, by name."""

    persons: list[Person]


class PersonSettings(Intent, frozen=True, kw_only=True):
    """Settings of a person, whole. Nobody else has that email address."""

    name: Name
    email: Email
    active: bool = True
    groups: Annotated[list[Name], Meta(max_length=MOST_GROUPS)] = []


class Membership(Statement, frozen=True, kw_only=True):
    """One who holds a role: `holder` is the id of a person, or the name of a group, as `kind` says;
    `name` is for reading. `everywhere`: it is a role in all environments.
    """

    kind: str
    holder: str
    name: str
    role: str
    email: str | None = None
    everywhere: bool = False


class MemberList(Statement, frozen=True, kw_only=True):
    """Everybody who has a role in an environment, the widest roles first."""

    members: list[Membership]


class MemberSetting(Intent, frozen=True, kw_only=True):
    """Give a person, by their email address, or a group, by its name, this role in the place of the
    one they had.
    """

    kind: GivenHolder
    holder: Name
    role: GivenRole


class MemberRemoval(Intent, frozen=True, kw_only=True):
    """Take the role from a person, by their email address, or from a group, by its name."""

    kind: GivenHolder
    holder: Name
