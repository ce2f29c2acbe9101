"""The people of a control plane: what each may do, in which environments."""

from autosky_desktop.domain.wire import Word


class Role(Word):
    """The role of a person in an environment. Each may do all that the one before it may.

    A viewer sees it. An operator also starts and stops servers, moves shutdowns, ends sessions,
    connects, publishes and schedules. A manager also changes its settings and its members, and what
    others have scheduled.
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


def widest(roles: "list[Role]") -> Role | None:
    """Return the role that includes all the others, or None when there is none."""
    return max(roles, key=_GROWING.index, default=None)
