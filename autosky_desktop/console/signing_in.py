"""The commands by which people sign in to the control plane of a team, and out of it."""

import asyncio
import platform
import sys
from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress
from typing import TypeVar
from uuid import uuid4

import click

from autosky_desktop.client.control_plane import connected
from autosky_desktop.client.sign_in import OwnSignInCalls, SignInCalls
from autosky_desktop.client.transport import Transport, open_http
from autosky_desktop.console.output import Output
from autosky_desktop.console.reach import PLANE, kept_sign_in, readable_planes, said, signed_in
from autosky_desktop.domain.environment import Me
from autosky_desktop.domain.errors import AnotherPlane, AutoskyError, NotUnderstood, Refused
from autosky_desktop.domain.joined_plane import HERE, JoinedPlane, is_same
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.secrets import KeychainFailed, KeychainState
from autosky_desktop.domain.sign_in import (
    LONGEST_DEVICE,
    LONGEST_EMAIL,
    LONGEST_SECRET,
    LONGEST_TYPED,
    CodeRequest,
    SignInAnswer,
    SignInRequest,
    SignInTokens,
)
from autosky_desktop.flows.signed_in import SignInEnded, keep
from autosky_desktop.system.connect.system_keychain import SystemKeychain
from autosky_desktop.system.joined_planes import JoinedPlanes
from autosky_desktop.words import console as words
from autosky_desktop.words import names
from autosky_desktop.words.language import _
from autosky_desktop.words.secrets import sentence

T = TypeVar("T")

KEEPING = (KeychainState.READY, KeychainState.LOCKED)
"""The states of a keychain that keeps something, if need be after a question."""

EMAIL = click.option("--email", default="", metavar="ADDRESS", help=words.SIGN_IN_EMAIL)


@click.command("sign-in", help=words.SIGN_IN)
@PLANE
@EMAIL
def sign_in(plane: str, email: str) -> int:
    with readable_planes() as planes:
        joined = _meant(planes, plane)
        if not people_sign_in(joined.address):
            raise click.ClickException(words.no_sign_in_at(joined.name))
        tokens = ask(joined.address, email)
        me = asyncio.run(_begin(planes, joined, tokens))
    Output(json=False).line(words.signed_in(names.plane(me.control_plane), me.operator))
    return 0


@click.command("sign-out", help=words.SIGN_OUT)
@PLANE
@click.option("--everywhere", is_flag=True, help=words.EVERYWHERE)
def sign_out(plane: str, everywhere: bool) -> int:
    with readable_planes() as planes:
        joined = _meant(planes, plane)
    if not joined.sign_in:
        raise SignInEnded(joined.name)
    asyncio.run(_end(joined, everywhere=everywhere))
    return 0


def people_sign_in(address: str) -> bool:
    """Return whether people sign in there. Raises AutoskyError where no control plane answers."""
    try:
        asyncio.run(_at_the_door(address, lambda door: door.ways()))
    except Refused:
        return False
    except NotUnderstood:
        raise click.ClickException(_(words.NO_PLANE_THERE).format(address=address)) from None
    return True


def ask(address: str, email: str) -> SignInTokens:
    """Sign somebody in who sits at this terminal. Raises click.ClickException, AutoskyError.

    Nothing is asked inside a loop: it would not hear that somebody interrupts.
    """
    _refuse_without_keychain()
    email = email or _typed(words.EMAIL_ASKED)
    if "@" not in email[1:-1]:
        raise click.UsageError(_(words.NO_EMAIL).format(text=email))
    request = SignInRequest(  # what is longer than anybody's is wrong when it is cut, too
        email=email[:LONGEST_EMAIL],
        password=_typed(words.PASSWORD_ASKED, unseen=True)[:LONGEST_TYPED],
        device=platform.node()[:LONGEST_DEVICE],
    )
    answer = asyncio.run(_at_the_door(address, lambda door: door.by_password(request)))
    while answer.tokens is None:  # the control plane counts the tries
        answer = _by_code(address, answer)
    return answer.tokens


async def give_up(address: str, tokens: SignInTokens) -> None:
    """End a sign-in that is not kept. One that cannot be ended runs out by itself."""
    with suppress(AutoskyError):
        async with connected(address, tokens.access_token) as there:
            await OwnSignInCalls(there.transport).end(tokens.session)


async def forget(entry: str) -> None:
    """Have the keychain forget a token; say so where it does not."""
    try:
        await SystemKeychain().delete(entry)
    except KeychainFailed as failed:
        Output(json=False).say(f"{_(words.TOKEN_STAYS)} {sentence(failed)}", "yellow")


def _by_code(address: str, before: SignInAnswer) -> SignInAnswer:
    request = CodeRequest(
        ticket=before.ticket or "", code=_typed(words.CODE_ASKED)[:LONGEST_SECRET]
    )
    try:
        return asyncio.run(_at_the_door(address, lambda door: door.by_code(request)))
    except Refused as refused:
        if refused.problem.code != Code.WRONG_CODE:
            raise
        Output(json=False).say(said(refused), "red")
        return before


async def _at_the_door(address: str, call: Callable[[SignInCalls], Awaitable[T]]) -> T:
    async with aclosing(Transport(open_http(address, ""))) as transport:
        return await call(SignInCalls(transport))


async def _begin(planes: JoinedPlanes, joined: JoinedPlane, tokens: SignInTokens) -> Me:
    """Keep the sign-in in the place of what was kept before. Raises AutoskyError."""
    keychain, entry = SystemKeychain(), joined.entry if joined.sign_in else uuid4().hex
    try:
        async with connected(joined.address, tokens.access_token) as there:
            me = await there.me()
        if me.control_plane_id != joined.id:
            raise AnotherPlane(f"{me.control_plane_id} instead of {joined.id}")
        await keep(keychain, entry, tokens)
        planes.sign_in(joined.name, entry)
    except AutoskyError:
        await give_up(joined.address, tokens)
        raise
    if joined.entry and joined.entry != entry:
        await forget(joined.entry)
    return me


async def _end(joined: JoinedPlane, *, everywhere: bool) -> None:
    """End the sign-in there, then forget it here: where the former fails, it can be asked again."""
    with suppress(SignInEnded):  # which is what was wanted
        async with (
            signed_in(kept_sign_in(joined)) as tokens,
            connected(joined.address, tokens) as there,
        ):
            own = OwnSignInCalls(there.transport)
            await (own.end_all() if everywhere else own.end(await tokens.session()))
    await SystemKeychain().delete(joined.entry)


def _meant(planes: JoinedPlanes, name: str) -> JoinedPlane:
    """Return the control plane of that name, or the used one. Raises click.UsageError."""
    joined = planes.find(name) if name else planes.used()
    if joined is not None:
        return joined
    if name and not is_same(name, HERE):
        raise click.UsageError(_(words.NO_SUCH_PLANE).format(name=name))
    raise click.UsageError(_(words.NOT_THIS_COMPUTER))


def _refuse_without_keychain() -> None:
    state = asyncio.run(SystemKeychain().state())
    if state not in KEEPING:
        why = sentence(KeychainFailed(state))
        raise click.ClickException(f"{why} {_(words.SIGN_IN_NOT_KEPT)}")


def _typed(question: str, *, unseen: bool = False) -> str:
    """Return what somebody types. Raises click.UsageError where nobody can be asked."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError(_(words.NO_TERMINAL))
    typed: str = click.prompt(_(question), hide_input=unseen, err=True)
    return typed
