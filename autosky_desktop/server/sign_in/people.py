"""Looks up the people who sign in."""

from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.people import Person
from autosky_desktop.server.people import queries as people


async def active_person(connection: AsyncConnection, identity: str) -> Person | None:
    """Return that person, unless they were shut out or removed."""
    return _unless_shut_out(await people.find(connection, identity))


async def person_of_email(connection: AsyncConnection, email: str) -> Person | None:
    """Return who has that e-mail, unless they were shut out or removed."""
    return _unless_shut_out(await people.by_email(connection, email))


def _unless_shut_out(found: Person | None) -> Person | None:
    return found if found is not None and found.active else None
