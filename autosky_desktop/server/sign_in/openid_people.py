"""Says who somebody is here that a provider of identities sent, and keeps their groups.

A person is known by what the provider calls them (`sub`), which stays when they marry or move. Who
was added here by their e-mail is joined to it at their first sign-in, if the provider vouches for
that e-mail.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.mail import compared, is_address
from autosky_desktop.domain.people import LONGEST_EMAIL
from autosky_desktop.domain.text import one_line
from autosky_desktop.server.db.schema import person, person_group
from autosky_desktop.server.sign_in.openid_settings import OpenIdSettings

LONGEST_SUBJECT = 255

Claims = Mapping[str, Any]


async def person_of_claims(
    connection: AsyncConnection, settings: OpenIdSettings, claims: Claims, now: datetime
) -> str | None:
    """Return the id of the person, or None where nobody let them in."""
    subject, groups = str(claims["sub"]), _groups(settings, claims)
    if len(subject) > LONGEST_SUBJECT:
        return None
    identity = await _known(connection, subject, _email(claims))
    if identity is None and groups:
        identity = await _added(connection, subject, claims, now)
    if identity is None:
        return None
    active = select(person.c.id).where(
        person.c.id == identity, person.c.active, person.c.removed_at.is_(None)
    )
    if await connection.scalar(active) is None:
        return None
    await _keep_groups(connection, identity, set(settings.groups.values()), groups)
    return identity


async def _known(connection: AsyncConnection, subject: str, email: str | None) -> str | None:
    """Return who is known by this name of the provider's, or joins it now."""
    known: str | None = await connection.scalar(
        select(person.c.id).where(person.c.subject == subject)
    )
    if known is not None or email is None:
        return known
    joins: str | None = await connection.scalar(
        select(person.c.id).where(
            person.c.email == email, person.c.subject.is_(None), person.c.removed_at.is_(None)
        )
    )
    if joins is not None:
        await connection.execute(update(person).where(person.c.id == joins).values(subject=subject))
    return joins


async def _added(
    connection: AsyncConnection, subject: str, claims: Claims, now: datetime
) -> str | None:
    """Add the person, unless somebody else has or had their e-mail."""
    email = _email(claims)
    if email is None:
        return None
    name = claims.get("name")
    row = {
        "id": uuid4().hex,
        "name": one_line(name) if isinstance(name, str) and name.strip() else email,
        "email": email,
        "active": True,
        "created_at": now,
        "subject": subject,
    }
    try:
        async with connection.begin_nested():
            await connection.execute(insert(person).values(row))
    except IntegrityError:
        return None
    return str(row["id"])


def _email(claims: Claims) -> str | None:
    """Return the e-mail that the provider vouches for."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        return None
    return compared(email) if is_address(email) and len(email) <= LONGEST_EMAIL else None


def _groups(settings: OpenIdSettings, claims: Claims) -> set[str]:
    told = claims.get(settings.groups_claim)
    named = told if isinstance(told, list) else [told]
    return {settings.groups[it] for it in named if isinstance(it, str) and it in settings.groups}


async def _keep_groups(
    connection: AsyncConnection, identity: str, all_theirs: set[str], groups: set[str]
) -> None:
    """Have the person be in these groups, of those that the provider decides on."""
    mine = person_group.c.person == identity
    await connection.execute(delete(person_group).where(mine, person_group.c.name.in_(all_theirs)))
    if groups:
        rows = [{"person": identity, "name": name} for name in sorted(groups)]
        await connection.execute(insert(person_group), rows)
