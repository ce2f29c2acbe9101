"""The commands about the control planes of teams: join one, choose one, rename it, forget it."""

import asyncio
from pathlib import Path
from uuid import uuid4

import click

from autosky_desktop.client.control_plane import connected
from autosky_desktop.console import signing_in
from autosky_desktop.console.output import Output
from autosky_desktop.console.reach import TOKEN_FILE, readable_planes
from autosky_desktop.domain.environment import Me
from autosky_desktop.domain.errors import AutoskyError, CannotWrite, NotUnderstood
from autosky_desktop.domain.joined_plane import HERE, JoinedPlane, address_of, is_name, is_same
from autosky_desktop.domain.secrets import KeychainFailed
from autosky_desktop.domain.sign_in import SignInTokens
from autosky_desktop.flows.signed_in import keep
from autosky_desktop.server.process import command_line
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.system_keychain import SystemKeychain
from autosky_desktop.system.joined_planes import JoinedPlanes
from autosky_desktop.words import console as words
from autosky_desktop.words import names
from autosky_desktop.words.language import _
from autosky_desktop.words.secrets import sentence

NAME = click.argument("name")


@click.group("plane", help=words.PLANES)
def plane() -> None:
    """Hold the commands together."""


@plane.command("add", help=words.PLANE_ADD)
@NAME
@click.argument("address")
@TOKEN_FILE
@signing_in.EMAIL
def add(name: str, address: str, token_file: Path | None, email: str) -> int:
    """Ask the control plane who it is, then keep what is needed to speak to it again: a token that
    was given, else a sign-in where people sign in.
    """
    kept = address_of(address)
    if kept is None:
        raise click.UsageError(_(words.NO_ADDRESS).format(address=address))
    with readable_planes() as planes:
        _is_free(planes, name)
        if token_file is None and signing_in.people_sign_in(kept):
            tokens = signing_in.ask(kept, email)
            asyncio.run(_join_signed_in(planes, name, kept, tokens))
        else:
            asyncio.run(_join(planes, name, kept, command_line.token(token_file)))
    return 0


@plane.command("list", help=words.PLANE_LIST)
@click.option("--json", is_flag=True, help=words.JSON)
def listing(json: bool) -> int:
    with readable_planes() as planes:
        every = planes.all()
    used = any(it.used for it in every)
    here = JoinedPlane(name=HERE, address="", id="", used=not used)
    Output(json=json).listing(
        [here, *every],
        (words.NAME, words.ADDRESS, words.USED),
        lambda it: (it.name, it.address, _(words.YES_USED) if it.used else ""),
    )
    return 0


@plane.command("use", help=words.PLANE_USE)
@NAME
def use(name: str) -> int:
    with readable_planes() as planes:
        if not is_same(name, HERE):
            _known(planes, name)
        planes.use(name)
    return 0


@plane.command("rename", help=words.PLANE_RENAME)
@NAME
@click.argument("to")
def rename(name: str, to: str) -> int:
    with readable_planes() as planes:
        known = _known(planes, name)
        if not is_same(known.name, to):  # letters may be made large or small
            _is_free(planes, to)
        planes.rename(name, to)
    return 0


@plane.command("remove", help=words.PLANE_REMOVE)
@NAME
def remove(name: str) -> int:
    with readable_planes() as planes:
        known = _known(planes, name)
        planes.remove(name)
    if known.entry:
        asyncio.run(signing_in.forget(known.entry))
    return 0


async def _join(planes: JoinedPlanes, name: str, address: str, token: str) -> None:
    """Join the control plane. Nothing is kept of one that does not answer, or not to that token."""
    me = await _who_answers(address, token)
    output, entry = Output(json=False), uuid4().hex
    keychain = SystemKeychain()
    try:
        await keychain.put(entry, Secret(token))
    except KeychainFailed as failed:
        entry = ""
        output.say(f"{sentence(failed)} {_(words.TOKEN_NOT_KEPT)}", "yellow")
    try:
        planes.add(JoinedPlane(name=name, address=address, id=me.control_plane_id, entry=entry))
    except CannotWrite:
        if entry:
            await keychain.delete(entry)
        raise
    output.line(words.joined(name, names.plane(me.control_plane), me.operator))


async def _join_signed_in(
    planes: JoinedPlanes, name: str, address: str, tokens: SignInTokens
) -> None:
    """Join the control plane. Where the sign-in cannot be kept, it is ended."""
    entry, keychain = uuid4().hex, SystemKeychain()
    try:
        me = await _who_answers(address, tokens.access_token)
        await keep(keychain, entry, tokens)
        identity = me.control_plane_id
        planes.add(JoinedPlane(name=name, address=address, id=identity, entry=entry, sign_in=True))
    except AutoskyError:
        await signing_in.give_up(address, tokens)
        await signing_in.forget(entry)
        raise
    Output(json=False).line(words.joined(name, names.plane(me.control_plane), me.operator))


async def _who_answers(address: str, token: str) -> Me:
    try:
        async with connected(address, token) as there:
            return await there.me()
    except NotUnderstood:
        raise click.ClickException(_(words.NO_PLANE_THERE).format(address=address)) from None


def _known(planes: JoinedPlanes, name: str) -> JoinedPlane:
    if found := planes.find(name):
        return found
    raise click.UsageError(_(words.NO_SUCH_PLANE).format(name=name))


def _is_free(planes: JoinedPlanes, name: str) -> None:
    if not is_name(name):
        raise click.UsageError(_(words.NO_NAME).format(name=name))
    if planes.find(name):
        raise click.UsageError(_(words.NAME_IS_TAKEN).format(name=name))
