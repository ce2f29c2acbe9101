"""Asking before servers are started, stopped or restarted: what it does, and to whom."""

import asyncio
from collections.abc import Callable, Sequence
from html import escape

from PySide6.QtWidgets import QWidget

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import AutoskyError, Several
from autosky_desktop.domain.server import Power, Server, ServerRole
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.question import Act, Ask, Consequence, Question
from autosky_desktop.ui.tasks import Nursery
from autosky_desktop.ui.words import counts
from autosky_desktop.ui.words.language import translate


class PowerQuestions:
    """One question for what is asked at once; it is sent when the person has agreed."""

    def __init__(self, window: QWidget, store: Store, intents: Intents, tasks: Nursery) -> None:
        self._window = window
        self._store = store
        self._intents = intents
        self._tasks = tasks

    def ask(self, environment: Environment, server: Server, power: Power) -> None:
        order = self._intents.power(server.id, power)

        async def act() -> None:
            await order.send()

        self._open(environment, lambda it: _words(it, server, power), act)

    def ask_all(
        self,
        environment: Environment,
        servers: Sequence[Server],
        power: Power,
        left_out: Sequence[str] = (),
    ) -> None:
        """Of several servers at once. `left_out` says of each that cannot be asked why.

        What one of them refuses keeps none of the others; trying again asks only those.
        """
        names = {server.id: server.name for server in servers}
        orders = {server.id: self._intents.power(server.id, power) for server in servers}

        async def act() -> None:
            answers = await asyncio.gather(
                *(order.send() for order in orders.values()), return_exceptions=True
            )
            failed: dict[str, Exception] = {}
            for key, answer in zip(tuple(orders), answers, strict=True):
                if isinstance(answer, AutoskyError):
                    failed[names[key]] = answer
                elif isinstance(answer, BaseException):
                    raise answer
                else:
                    del orders[key]
            if failed:
                raise Several(failed)

        self._open(environment, lambda it: _words_for_all(it, servers, power, left_out), act)

    def _open(
        self, environment: Environment, words: Callable[[Environment], Ask], act: Act
    ) -> None:
        """While it is open it says how many sessions there are by then."""
        question = Question(self._window, environment, words(environment), act, self._tasks)

        def follow(diff: Diff[Environment]) -> None:
            for it in diff.changed:
                if it.id == environment.id:
                    question.change(words(it))

        self._store.environments.watch(follow)
        question.finished.connect(lambda: self._store.environments.unwatch(follow))
        question.open()


def _words(environment: Environment, server: Server, power: Power) -> Ask:
    preparation = server.role == ServerRole.PREPARATION
    if power is Power.START:
        return _start(environment, server, preparation=preparation)
    if power is Power.STOP and preparation:
        return _stop_preparation(environment, server)
    return _interrupt(environment, server, power)


def _start(environment: Environment, server: Server, *, preparation: bool) -> Ask:
    goes_on = Consequence(
        "server",
        "ok",
        translate("power", "{server} starts. That takes a minute or two.").format(
            server=escape(server.name)
        ),
        translate("power", "From then on the provider charges for it."),
    )
    stops = Consequence(
        "clock",
        "warn",
        translate("power", "It switches itself off after {n} hours.").format(
            n=environment.run_hours
        ),
        translate("power", "The Servers tab shows when."),
    )
    return Ask(
        translate("power", "Start server"),
        translate("power", "Start {server}?").format(server=server.name),
        (goes_on, stops) if preparation else (goes_on,),
        translate("power", "Start server") if preparation else translate("power", "Start"),
        translate("power", "Starting…"),
        note=translate("power", "In {environment}").format(environment=environment.name),
    )


def _stop_preparation(environment: Environment, server: Server) -> Ask:
    off = Consequence(
        "server",
        "warn",
        translate("power", "{server} is switched off.").format(server=escape(server.name)),
        translate("power", "Whoever works on it loses the connection. Users are not affected."),
    )
    return Ask(
        translate("power", "Stop server"),
        translate("power", "Stop {server}?").format(server=server.name),
        (off,),
        translate("power", "Stop server"),
        translate("power", "Stopping…"),
        note=translate("power", "In {environment}").format(environment=environment.name),
    )


def _interrupt(environment: Environment, server: Server, power: Power) -> Ask:
    """Stop or restart a support server: the application is cut off from it."""
    stop = power is Power.STOP
    sessions = environment.sessions
    if stop:
        text = translate("power", "{environment} cannot use what {server} holds while it is off.")
    else:
        text = translate(
            "power", "{environment} cannot use what {server} holds until it runs again."
        )
    holds = translate("power", "It holds: {type}.")
    consequences = [
        _people(sessions),
        Consequence(
            "database",
            "warn",
            text.format(environment=escape(environment.name), server=escape(server.name)),
            holds.format(type=escape(server.type)) if server.type else "",
        ),
    ]
    question = translate("power", "Stop {server}?") if stop else translate(
        "power", "Restart {server}?"
    )  # fmt: skip
    return Ask(
        translate("power", "Stop server") if stop else translate("power", "Restart server"),
        question.format(server=server.name),
        consequences,
        translate("power", "Stop server") if stop else translate("power", "Restart"),
        translate("power", "Stopping…") if stop else translate("power", "Restarting…"),
        hurts=bool(sessions),
    )


def _people(sessions: int | None, *, of_several: bool = False) -> Consequence:
    if sessions is None:
        return Consequence(
            "users", "warn", translate("power", "The number of open sessions is not reported.")
        )
    if sessions == 0:
        return Consequence("users", "ok", translate("power", "No session is open."))
    one, many = (
        (
            translate("power", "<b>{sessions}</b> is cut off from them."),
            translate("power", "<b>{sessions}</b> are cut off from them."),
        )
        if of_several
        else (
            translate("power", "<b>{sessions}</b> is cut off from it."),
            translate("power", "<b>{sessions}</b> are cut off from it."),
        )
    )
    text = one if sessions == 1 else many
    return Consequence(
        "users",
        "bad",
        text.format(sessions=counts.sessions(sessions)),
        translate("power", "Users get no warning. What they have not saved may be lost."),
    )


def _words_for_all(
    environment: Environment, servers: Sequence[Server], power: Power, left_out: Sequence[str]
) -> Ask:
    number = counts.servers(len(servers))
    title, question, button, doing = {
        Power.START: (
            translate("power", "Start servers"),
            translate("power", "Start {servers}?"),
            translate("power", "Start {servers}"),
            translate("power", "Starting…"),
        ),
        Power.STOP: (
            translate("power", "Stop servers"),
            translate("power", "Stop {servers}?"),
            translate("power", "Stop {servers}"),
            translate("power", "Stopping…"),
        ),
        Power.RESTART: (
            translate("power", "Restart servers"),
            translate("power", "Restart {servers}?"),
            translate("power", "Restart {servers}"),
            translate("power", "Restarting…"),
        ),
    }[power]
    cuts = power is not Power.START
    consequences = [_people(environment.sessions, of_several=True)] if cuts else []
    consequences.append(_all_of_them(environment, servers, power))
    if left_out:
        consequences.append(_left_out(left_out))
    return Ask(
        title,
        question.format(servers=number),
        consequences,
        button.format(servers=number),
        doing,
        note=translate("power", "In {environment}").format(environment=environment.name),
        hurts=cuts and bool(environment.sessions),
    )


def _all_of_them(environment: Environment, servers: Sequence[Server], power: Power) -> Consequence:
    text = {
        Power.START: translate("power", "They start. That takes a minute or two."),
        Power.STOP: translate(
            "power", "{environment} cannot use what they hold while they are off."
        ),
        Power.RESTART: translate(
            "power", "{environment} cannot use what they hold until they run again."
        ),
    }[power]
    names = ", ".join(escape(server.name) for server in servers)
    tone = "ok" if power is Power.START else "warn"
    text = text.format(environment=escape(environment.name))
    return Consequence("database", tone, text, f"<b>{names}</b>")


def _left_out(reasons: Sequence[str]) -> Consequence:
    return Consequence(
        "info",
        "text2",
        translate("power", "Not among them:"),
        "<br>".join(map(escape, reasons)),
    )
