"""The person, or the program, that a request comes from."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from autosky_desktop.domain.people import LOCAL, Role, widest

Audience = frozenset[str] | None
"""The ids of the environments that somebody may hear of; None: of all, also those to come."""
NOWHERE: Mapping[str, Role] = MappingProxyType({})


class Principal(Struct, frozen=True, kw_only=True):
    """A caller whose identity is certain, with what they may do.

    `id` is a person's, or LOCAL; `name` is for reading. `everywhere` is a role on all environments,
    also on those still to come, `roles` are those on single ones, by their ids. `session` is the
    sign-in or the API token by which the request came; None on a workstation.
    """

    id: str
    name: str
    everywhere: Role | None = None
    roles: Mapping[str, Role] = NOWHERE
    session: str | None = None

    def role_in(self, environment: str) -> Role | None:
        """Return the role in that environment; None: the principal may not know that it exists."""
        given = (self.everywhere, self.roles.get(environment))
        return widest([role for role in given if role is not None])

    def sees(self, environment: str) -> bool:
        return self.role_in(environment) is not None

    def may(self, role: Role, environment: str) -> bool:
        """Return whether the principal may do there what that role may."""
        own = self.role_in(environment)
        return own is not None and own.includes(role)

    @property
    def audience(self) -> Audience:
        """Return the environments that the principal may hear of."""
        return None if self.everywhere else frozenset(self.roles)

    @property
    def administers(self) -> bool:
        """Return whether the principal is an administrator: a manager everywhere."""
        return self.everywhere is Role.MANAGER


def local_operator(name: str) -> Principal:
    """Return the one person of a workstation, who may do everything."""
    return Principal(id=LOCAL, name=name, everywhere=Role.MANAGER)


def environments_file(name: str) -> Principal:
    """Return the file of environments as who adds, changes and removes what stands in it."""
    return Principal(id=f"file:{name}", name=name, everywhere=Role.MANAGER)
