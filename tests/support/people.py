"""People who ask for things in the tests."""

from autosky_desktop.domain.people import Role
from autosky_desktop.server.people.principal import Principal


def manager(name: str) -> Principal:
    """Return somebody of that name who may do everything; the name is the id as well."""
    return Principal(id=name, name=name, everywhere=Role.MANAGER)


ANA, BEA, RUI = manager("ana"), manager("bea"), manager("rui")
