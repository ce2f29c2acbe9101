"""The commands about the people of a team's control plane: who there is, and what each may do."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from uuid import uuid4

import click
from msgspec.structs import asdict

from autosky_desktop.client.sign_in import SignInCalls
from autosky_desktop.client.transport import Transport, open_http
from autosky_desktop.console import lookups
from autosky_desktop.console.output import Output, agreed
from autosky_desktop.console.reach import Reached, reaching, said
from autosky_desktop.console.signing_in import give_up
from autosky_desktop.domain.errors import NotUnderstood, Refused
from autosky_desktop.domain.joined_plane import address_of
from autosky_desktop.domain.mail import is_address
from autosky_desktop.domain.people import (
    EVERYWHERE,
    HolderKind,
    MemberRemoval,
    MemberSetting,
    Membership,
    Person,
    PersonSettings,
    Role,
    widest,
)
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.sign_in import Invitation, InvitationRequest, InviteRequest
from autosky_desktop.domain.text import one_line
from autosky_desktop.domain.wire import Statement
from autosky_desktop.words import console
from autosky_desktop.words import people_console as words
from autosky_desktop.words.language import _
from autosky_desktop.words.people import role_name

NO_ROLE = "none"
ROLES = tuple(it.value for it in Role if it is not Role.UNKNOWN)

EMAIL = click.argument("email")


def group_name(text: str) -> str:
    """Return the name. Raises click.UsageError for one that looks like another group's, which may
    have other roles.
    """
    if not text or text != one_line(text):
        raise click.UsageError(_(words.NO_GROUP).format(text=one_line(text)))
    return text


def _group_names(_context: object, _option: object, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(group_name, names))


EVERYWHERE_TOO = click.option("--everywhere", is_flag=True, help=words.EVERYWHERE_TOO)


class ListedPerson(Person, frozen=True, kw_only=True):
    """A person with the role that they have everywhere, by themselves or by a group."""

    role: str | None


class InvitedPerson(Statement, frozen=True, kw_only=True):
    """A person and the invitation with which they choose a password."""

    person: Person
    invitation: Invitation | None


@click.group("user", help=words.ABOUT)
def user() -> None:
    """Hold the commands together."""


@user.command("list", help=words.LIST)
@click.option("--environment", default="", metavar="NAME", help=words.IN_ENVIRONMENT)
@reaching
async def listing(reached: Reached, environment: str) -> int:
    await _people_sign_in(reached)
    if environment:
        home = lookups.environment(reached, environment)
        _list_members((await reached.plane.people.members(home.id)).members, reached.output)
        return 0
    everywhere = (await reached.plane.people.members()).members
    reached.output.listing(
        [_listed(it, everywhere) for it in (await reached.plane.people.people()).persons],
        (words.NAME, words.EMAIL, words.ROLE_EVERYWHERE, words.GROUPS_HEAD, words.MAY_SIGN_IN),
        lambda it: (
            it.name,
            it.email,
            role_name(it.role) if it.role else "",
            ", ".join(it.groups),
            _(words.YES if it.active else words.NO),
        ),
    )
    return 0


def _list_members(members: Sequence[Membership], output: Output) -> None:
    output.listing(
        members,
        (words.NAME, words.EMAIL, words.ROLE_HEAD, words.GIVEN_HEAD),
        lambda it: (
            _(words.GROUP_NAMED).format(name=it.name) if it.kind == HolderKind.GROUP else it.name,
            it.email or "",
            role_name(it.role),
            _(words.IN_ALL if it.everywhere else words.IN_IT),
        ),
    )


def _listed(person: Person, everywhere: Sequence[Membership]) -> ListedPerson:
    holders = {(HolderKind.PERSON.value, person.id)}
    holders |= {(HolderKind.GROUP.value, it) for it in person.groups}
    held = [Role(it.role) for it in everywhere if (it.kind, it.holder) in holders]
    role = widest([it for it in held if it is not Role.UNKNOWN])
    return ListedPerson(**asdict(person), role=role.value if role else None)


@user.command("add", help=words.ADD)
@EMAIL
@click.option("--name", default="", help=words.PERSON_NAME)
@click.option("--role", type=click.Choice(ROLES), help=words.GIVEN)
@click.option("--environment", "environments", multiple=True, metavar="NAME", help=words.GIVEN_IN)
@EVERYWHERE_TOO
@click.option(
    "--group", "groups", multiple=True, callback=_group_names, metavar="NAME", help=words.GROUP
)
@click.option("--no-invitation", is_flag=True, help=words.NO_INVITATION)
@reaching
async def add(
    reached: Reached,
    email: str,
    name: str,
    role: str | None,
    environments: tuple[str, ...],
    groups: tuple[str, ...],
    *,
    everywhere: bool,
    no_invitation: bool,
) -> int:
    await _people_sign_in(reached)
    if not is_address(email):
        raise click.UsageError(_(words.NO_EMAIL).format(text=email))
    places = _places(reached, environments, everywhere=everywhere)
    if bool(role) != bool(places):
        raise click.UsageError(_(words.SAY_WHERE if role else words.SAY_WHICH))
    if await _find(reached, email):
        raise click.ClickException(_(words.THERE_ALREADY).format(email=email))
    wanted = PersonSettings(name=name or email, email=email, groups=list(groups))
    person = await reached.plane.people.add(wanted, key=str(uuid4()))
    _told(reached, words.added(person))
    if role:
        asked = MemberSetting(kind=HolderKind.PERSON.value, holder=person.email, role=role)
        for place, named in places.items():
            await reached.plane.people.give(asked, place)
            _told(reached, words.role(person.name, role, named))
    if no_invitation:
        if reached.output.json:
            reached.output.tell(InvitedPerson(person=person, invitation=None))
        return 0
    return await _invite(reached, person, without_code=False)


@user.command("invite", help=words.INVITE)
@EMAIL
@click.option("--without-code", is_flag=True, help=words.WITHOUT_CODE)
@reaching
async def invite(reached: Reached, email: str, *, without_code: bool) -> int:
    await _people_sign_in(reached)
    return await _invite(reached, await _person(reached, email), without_code=without_code)


async def _invite(reached: Reached, person: Person, *, without_code: bool) -> int:
    request = InviteRequest(without_code=without_code)
    made = await reached.plane.people.invite(person.id, request)
    if reached.output.json:
        reached.output.tell(InvitedPerson(person=person, invitation=made))
        return 0
    reached.output.say(words.invitation(person, made, reached.now()))
    reached.output.line(made.ticket)
    return 0


@user.command("role", help=words.ROLE)
@click.argument("who", metavar="EMAIL|GROUP")
@click.argument("role", type=click.Choice((*ROLES, NO_ROLE)))
@click.option("--environment", "environments", multiple=True, metavar="NAME", help=words.WHERE)
@EVERYWHERE_TOO
@click.option("--group", is_flag=True, help=words.OF_GROUP)
@reaching
async def change_role(
    reached: Reached,
    who: str,
    role: str,
    environments: tuple[str, ...],
    *,
    everywhere: bool,
    group: bool,
) -> int:
    await _people_sign_in(reached)
    places = _places(reached, environments, everywhere=everywhere)
    if not places:
        raise click.UsageError(_(words.SAY_WHERE))
    kind = (HolderKind.GROUP if group else HolderKind.PERSON).value
    who = group_name(who) if group else who
    for place, named in places.items():
        if role == NO_ROLE:
            held = await reached.plane.people.take(MemberRemoval(kind=kind, holder=who), place)
        else:
            asked = MemberSetting(kind=kind, holder=who, role=role)
            held = await reached.plane.people.give(asked, place)
        if reached.output.json:
            reached.output.tell(held)
        _told(reached, words.role(who, None if role == NO_ROLE else role, named))
    return 0


@user.command("groups", help=words.GROUPS)
@EMAIL
@click.option("--in", "into", multiple=True, callback=_group_names, metavar="NAME", help=words.INTO)
@click.option("--out", "out_of", multiple=True, metavar="NAME", help=words.OUT_OF)
@reaching
async def groups(
    reached: Reached, email: str, into: tuple[str, ...], out_of: tuple[str, ...]
) -> int:
    await _people_sign_in(reached)
    person = await _person(reached, email)
    for name in out_of:
        if name not in person.groups:
            raise click.UsageError(_(words.NOT_IN).format(name=person.name, group=name))
    if into or out_of:
        theirs = sorted({*person.groups, *into} - set(out_of))
        wanted = PersonSettings(
            name=person.name, email=person.email, active=person.active, groups=theirs
        )
        person = await reached.plane.people.change(person.id, wanted)
    if reached.output.json:
        reached.output.tell(person)
    _told(reached, words.groups(person))
    return 0


@user.command("remove", help=words.REMOVE)
@EMAIL
@click.option("--yes", is_flag=True, help=console.YES)
@reaching
async def remove(reached: Reached, email: str, *, yes: bool) -> int:
    await _people_sign_in(reached)
    person = await _person(reached, email)
    if not agreed(reached.output, None, words.removing(person), yes=yes):
        return 1
    await reached.plane.people.remove(person.id)
    if reached.output.json:
        reached.output.tell(person)
    _told(reached, words.removed(person))
    return 0


@user.command("accept", help=words.ACCEPT)
@click.argument("address")
def accept(address: str) -> int:
    """Take the invitation and the password. Nothing is asked inside a loop: it would not hear that
    somebody interrupts.
    """
    there = address_of(address)
    if there is None:
        raise click.UsageError(_(console.NO_ADDRESS).format(address=address))
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError(_(console.NO_TERMINAL))
    output = Output(json=False)
    ticket = click.prompt(_(words.INVITATION_ASKED), hide_input=True, err=True).strip()
    while True:
        password = click.prompt(
            _(words.PASSWORD_ASKED),
            hide_input=True,
            confirmation_prompt=_(words.PASSWORD_AGAIN),
            err=True,
        )
        try:
            asyncio.run(_accept(there, InvitationRequest(ticket=ticket, password=password)))
        except NotUnderstood:
            raise click.ClickException(_(console.NO_PLANE_THERE).format(address=there)) from None
        except Refused as refused:
            if refused.problem.code != Code.WEAK_PASSWORD:
                raise
            output.say(said(refused), "red")  # the invitation is still good
        else:
            output.line(_(words.CHOSEN).format(address=there))
            return 0


async def _accept(address: str, request: InvitationRequest) -> None:
    """Choose the password. The sign-in that comes of it is not kept, so it ends."""
    async with aclosing(Transport(open_http(address, ""))) as nobody:
        door = SignInCalls(nobody)
        await _answered(door.ways)
        tokens = (await door.by_invitation(request)).tokens
    if tokens is not None:
        await give_up(address, tokens)


async def _people_sign_in(reached: Reached) -> None:
    """Raise click.ClickException where people do not sign in."""
    await _answered(reached.plane.door.ways)


async def _answered(ways: Callable[[], Awaitable[object]]) -> None:
    try:
        await ways()
    except Refused as refused:
        if refused.problem.status != lookups.NOT_FOUND:
            raise
        raise click.ClickException(_(words.NOT_HERE)) from None


async def _person(reached: Reached, email: str) -> Person:
    found = await _find(reached, email)
    if found is None:
        raise click.UsageError(_(words.NOBODY).format(email=email))
    return found


async def _find(reached: Reached, email: str) -> Person | None:
    """Return the person of that email address, whatever the case of its letters."""
    wanted = email.casefold()
    everybody = (await reached.plane.people.people()).persons
    return next((it for it in everybody if it.email.casefold() == wanted), None)


def _places(reached: Reached, environments: Sequence[str], *, everywhere: bool) -> dict[str, str]:
    """Return the names of the environments by their ids. Raises click.UsageError."""
    homes = [lookups.environment(reached, it) for it in environments]
    places = {EVERYWHERE: EVERYWHERE} if everywhere else {}
    return places | {it.id: it.name for it in homes}


def _told(reached: Reached, sentence: str) -> None:
    """Say what was done, to a person."""
    if not reached.output.json:
        reached.output.line(sentence)
