"""Asking before a server is started, stopped or restarted: what it does, and to whom."""

from html import escape

from PySide6.QtWidgets import QWidget

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.server import Power, Server, ServerRole
from autosky_desktop.ui.question import Ask, Consequence, Question
from autosky_desktop.ui.tasks import Nursery
from autosky_desktop.ui.words import counts
from autosky_desktop.ui.words.language import translate


class PowerQuestions:
    """One question for each order; it is sent when the person has agreed."""

    def __init__(self, window: QWidget, intents: Intents, tasks: Nursery) -> None:
        self._window = window
        self._intents = intents
        self._tasks = tasks

    def ask(self, environment: Environment, server: Server, power: Power) -> None:
        order = self._intents.power(server.id, power)

        async def act() -> None:
            await order.send()

        words = _words(environment, server, power)
        Question(self._window, environment, words, act, self._tasks).open()


def _words(environment: Environment, server: Server, power: Power) -> Ask:
    preparation = server.role == ServerRole.PREPARATION
    if power is Power.START:
        return _start(environment, server, preparation=preparation)
    if power is Power.STOP and preparation:
        return _stop_preparation(server)
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


def _stop_preparation(server: Server) -> Ask:
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


def _people(sessions: int | None) -> Consequence:
    if sessions is None:
        return Consequence(
            "users", "warn", translate("power", "The number of open sessions is not reported.")
        )
    if sessions == 0:
        return Consequence("users", "ok", translate("power", "No session is open."))
    text = translate("power", "<b>{sessions}</b> are cut off from it.")
    if sessions == 1:
        text = translate("power", "<b>{sessions}</b> is cut off from it.")
    return Consequence(
        "users",
        "bad",
        text.format(sessions=counts.sessions(sessions)),
        translate("power", "Users get no warning. What they have not saved may be lost."),
    )
