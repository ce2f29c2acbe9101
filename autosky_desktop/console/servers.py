"""The commands about environments and their servers."""

from collections.abc import Sequence
from datetime import datetime

import click
from msgspec.structs import replace

from autosky_desktop.console import lookups, moments
from autosky_desktop.console.output import agreed
from autosky_desktop.console.reach import Reached, reaching
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.extending import later
from autosky_desktop.domain.server import (
    LONGEST_EXTENSION_HOURS,
    SETTLES,
    Power,
    ScheduledShutdown,
    Server,
    ServerState,
    ShutdownMove,
    ShutdownRequest,
    possible,
)
from autosky_desktop.domain.session import Session
from autosky_desktop.words import console as words
from autosky_desktop.words import power as power_words
from autosky_desktop.words import sessions as session_words
from autosky_desktop.words import shutdown as shutdown_words
from autosky_desktop.words import states
from autosky_desktop.words.language import _
from autosky_desktop.words.times import zone


@click.command("environments", help=words.ENVIRONMENTS)
@reaching
async def environments(reached: Reached) -> int:
    now = reached.now()
    reached.output.listing(
        list(reached.store.environments),
        (words.ID, words.NAME, words.LABEL, words.VERSION_HEAD, words.USERS, words.STATE),
        lambda it: (
            it.id,
            it.name,
            states.label(it.label),
            _number(it.current_version),
            _number(it.sessions),
            states.environment_look(it, now=now),
        ),
    )
    if not reached.output.json:
        for it in reached.store.environments:
            if it.unreachable is not None and not it.paused:
                reached.output.say(" ".join(states.halted(it)), "yellow")
    return 0


@click.command("servers", help=words.SERVERS)
@click.argument("environment")
@reaching
async def servers(reached: Reached, environment: str) -> int:
    home, now = lookups.environment(reached, environment), reached.now()
    reached.output.listing(
        list((await reached.details(home)).servers),
        (words.ID, words.NAME, words.STATE, words.PUBLIC, words.PRIVATE, words.STOPS),
        lambda it: (
            it.id,
            it.name,
            states.server_look(it, now=now),
            it.public_ip or "",
            it.private_ip or "",
            shutdown_words.at(it.shutdown.at, now) if it.shutdown else "",
        ),
    )
    return 0


@click.command("instances", help=words.INSTANCES)
@click.argument("environment")
@reaching
async def instances(reached: Reached, environment: str) -> int:
    home = lookups.environment(reached, environment)
    reached.output.listing(
        list((await reached.details(home)).instances),
        (words.ID, words.NAME, words.VERSION_HEAD, words.USERS, words.STATE),
        lambda it: (
            it.id, it.name, str(it.version), _number(it.sessions), states.instance_look(it)
        ),
    )  # fmt: skip
    return 0


@click.command("start", help=words.START)
@click.argument("server")
@click.option("--hours", type=click.IntRange(1, LONGEST_EXTENSION_HOURS), help=words.HOURS)
@click.option("--wait", is_flag=True, help=words.WAIT)
@reaching
async def start(reached: Reached, server: str, hours: int | None, *, wait: bool) -> int:
    return await _power(reached, server, Power.START, hours=hours, wait=wait, yes=True)


def _switching(power: Power, about: str) -> click.Command:
    """Return the command that stops or restarts a server."""

    @click.command(power.value, help=about)
    @click.argument("server")
    @click.option("--wait", is_flag=True, help=words.WAIT)
    @click.option("--yes", is_flag=True, help=words.YES)
    @reaching
    async def switch(reached: Reached, server: str, *, wait: bool, yes: bool) -> int:
        return await _power(reached, server, power, wait=wait, yes=yes)

    return switch


stop = _switching(Power.STOP, words.STOP)
restart = _switching(Power.RESTART, words.RESTART)


async def _power(
    reached: Reached,
    name: str,
    power: Power,
    *,
    wait: bool,
    yes: bool,
    hours: int | None = None,
) -> int:
    home, server = await lookups.server(reached, name)
    ask = power_words.words(home, [server], power, hours, live=True)
    if ask.reason:
        ask = replace(ask, reason=f"{server.name}: {ask.reason}.")
    if not agreed(reached.output, home, ask, yes=yes):
        return 1
    now = await reached.intents.power(server.id, power, hours).send()
    if wait:
        now = await _settled(reached, home, now)
    if reached.output.json:
        reached.output.tell(now)
    else:
        state = states.state_word(now.status)
        reached.output.line(_(words.ASKED).format(server=now.name, state=state))
    return 0 if not wait or ServerState(now.status) is SETTLES[_on_the_way(power)] else 1


def _on_the_way(power: Power) -> ServerState:
    return {
        Power.START: ServerState.STARTING,
        Power.STOP: ServerState.STOPPING,
        Power.RESTART: ServerState.RESTARTING,
    }[power]


async def _settled(reached: Reached, home: Environment, asked: Server) -> Server:
    """Return the server once it is no longer on its way, as far as was told since it was asked."""
    known = (await reached.details(home)).servers

    def found() -> Server | None:
        now = known.get(asked.id)
        if now is None or now.since < asked.since:
            return None
        return None if ServerState(now.status) in SETTLES else now

    return await reached.until(found)


@click.command("shutdown", help=words.SHUTDOWN)
@click.argument("server", metavar="SERVER|ENVIRONMENT")
@click.option("--until", metavar="TIME", help=words.UNTIL)
@click.option("--cancel", is_flag=True, help=words.CANCEL_SHUTDOWN)
@click.option("--skip", is_flag=True, help=words.SKIP_SHUTDOWN)
@reaching
async def shutdown(
    reached: Reached, server: str, until: str | None, *, cancel: bool, skip: bool
) -> int:
    if sum((until is not None, cancel, skip)) > 1:
        raise click.UsageError(_(words.ONE_OF_THEM).format(options="--until, --cancel, --skip"))
    home, found = await lookups.preparation(reached, server)
    now = reached.now()
    request = _move(found, until, now, cancel=cancel, skip=skip)
    if request is None:
        return _show_shutdown(reached, home, found)
    if request.move in (ShutdownMove.SKIP, ShutdownMove.CANCEL) and found.shutdown is None:
        reached.output.say(_(words.NO_SHUTDOWN))
        return 1
    moved = await reached.intents.move_shutdown(found.id, request).send()
    if differs := shutdown_words.differs(moved, request, now):
        reached.output.say(differs, "yellow")
    return _show_shutdown(reached, home, moved)


def _move(
    server: Server, until: str | None, now: datetime, *, cancel: bool, skip: bool
) -> ShutdownRequest | None:
    stands = server.shutdown.at if server.shutdown else None
    if cancel or skip:
        move = ShutdownMove.CANCEL if cancel else ShutdownMove.SKIP
        return ShutdownRequest(move=move, expected=stands)
    if until is None:
        return None
    if more := moments.length(until):
        to = later(server.shutdown or ScheduledShutdown(at=now), more, now=now)
    else:
        to = moments.moment(until, zone(), now)
    move = ShutdownMove.EXTEND if server.shutdown else ShutdownMove.SET
    return ShutdownRequest(move=move, expected=stands, to=to)


def _show_shutdown(reached: Reached, home: Environment, server: Server) -> int:
    now, planned = reached.now(), server.shutdown
    if reached.output.json:
        reached.output.tell(planned)
        return 0
    if planned is None:
        off = Power.START in possible(server.status)
        text = words.NO_SHUTDOWN if off else words.NO_STOP
        reached.output.line(_(text).format(server=server.name))
        return 0
    when = shutdown_words.at(planned.at, now)
    reached.output.line(_(words.UNTIL_THEN).format(server=server.name, when=when))
    if why := shutdown_words.why(planned, home, now):
        reached.output.line(why)
    return 0


@click.command("sessions", help=words.SESSIONS)
@click.argument("environment")
@click.option("--end", "accounts", multiple=True, metavar="ACCOUNT", help=words.END)
@click.option("--yes", is_flag=True, help=words.YES)
@reaching
async def sessions(
    reached: Reached, environment: str, accounts: tuple[str, ...], *, yes: bool
) -> int:
    home = lookups.environment(reached, environment)
    found = await reached.plane.sessions(home.id)
    if accounts:
        return await _end(reached, home, found.sessions, accounts, yes=yes)
    names = {it.id: it.name for it in (await reached.details(home)).instances}
    now = reached.now()
    reached.output.listing(
        found.sessions,
        (words.ACCOUNT, words.INSTANCE, words.SINCE),
        lambda it: (
            it.account, names.get(it.instance, it.instance), session_words.since(it, now)
        ),
    )  # fmt: skip
    return 0


async def _end(
    reached: Reached,
    home: Environment,
    every: Sequence[Session],
    accounts: Sequence[str],
    *,
    yes: bool,
) -> int:
    wanted = {it.casefold() for it in accounts}
    chosen = [it for it in every if it.account.casefold() in wanted]
    missing = wanted - {it.account.casefold() for it in chosen}
    for account in accounts:
        if account.casefold() in missing:
            reached.output.say(_(words.NOBODY_SIGNED_IN).format(account=account), "yellow")
    if not chosen:
        return 1
    if not agreed(reached.output, home, session_words.ask(home, chosen), yes=yes):
        return 1
    came = await reached.intents.end_sessions(home.id, [it.id for it in chosen]).send()
    if reached.output.json:
        reached.output.tell(came)
    else:
        names = {it.id: it.account for it in chosen}
        reached.output.line(session_words.result(came, names))
    return 1 if missing else 0


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
