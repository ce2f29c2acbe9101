"""Asking before servers are started, stopped or restarted."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import AutoskyError, Several
from autosky_desktop.domain.server import Power, Server, ServerRole, ServerState
from autosky_desktop.store.store import EnvironmentDetails, Store
from autosky_desktop.ui.servers.menu import why_not
from autosky_desktop.ui.tasks import Nursery
from autosky_desktop.ui.words.connecting_menu import connected
from autosky_desktop.ui.words.language import translate

if TYPE_CHECKING:
    from autosky_desktop.actions.connecting import OpenSession
    from autosky_desktop.ui.question import Ask, Question
    from autosky_desktop.ui.widgets.labelled import Labelled


LEADS_TO = {
    Power.START: (ServerState.STARTING, ServerState.RUNNING),
    Power.STOP: (ServerState.STOPPING, ServerState.STOPPED),
    Power.RESTART: (ServerState.RESTARTING, ServerState.RUNNING),
}


class PowerQuestions:
    """One question for what is asked at once; it is sent when the person has agreed.

    `sessions` are the open connections to the server of that id.
    """

    def __init__(self, window: QWidget, store: Store, intents: Intents, tasks: Nursery) -> None:
        self._window = window
        self._store = store
        self._intents = intents
        self._tasks = tasks
        self.sessions: Callable[[str], Sequence[OpenSession]] = lambda _server: ()

    def ask(self, environment: Environment, servers: Sequence[Server], power: Power) -> None:
        """Of one server or of several.

        What one of them refuses keeps none of the others; trying again asks only those.
        """
        from autosky_desktop.ui.question import Question  # not for the first paint
        from autosky_desktop.ui.servers import power_words

        orders = {server.id: self._intents.power(server.id, power) for server in servers}
        hours: int | None = None
        details = self._store.details(environment.id)
        sent: dict[str, Server] = {}

        def is_done() -> bool:
            """Of those whose answer did not come."""
            left = [it for it in orders if it in sent]
            return bool(left) and all(
                _has_moved(sent[it], details.servers.get(it), power) for it in left
            )

        def words() -> "Ask":
            """By what is known now: states and sessions may change while it is open."""
            current = self._store.environments.get(environment.id) or environment
            known = [details.servers.get(it.id) or it for it in servers if it.id in orders]
            asked = power_words.words(current, known, power, self._store.connection, hours)
            asked = replace(asked, done=is_done())
            open_ = {it.name: connected(self.sessions(it.id)) for it in known}
            return asked if power is Power.START else power_words.closing(asked, open_)

        async def act() -> None:
            able = [it for it in servers if it.id in orders and self._can(details, it, power)]
            sent.update({it.id: details.servers.get(it.id) or it for it in able})
            await _send({it.id: it.name for it in able}, orders)

        question = Question(self._window, environment, words(), act, self._tasks)
        self._follow(question, details, words)
        if power is Power.START and [it.role for it in servers] == [ServerRole.PREPARATION]:
            [server] = servers

            def chosen(wanted: int | None) -> None:
                nonlocal hours
                hours = wanted
                orders[server.id] = self._intents.power(server.id, power, wanted)
                question.chosen(words())

            question.add_choice(_hours(environment, chosen))
        question.open()

    def _can(self, details: EnvironmentDetails, server: Server, power: Power) -> bool:
        known = details.servers.get(server.id) or server
        return not why_not(known, power, self._store.connection)

    def _follow(
        self, question: "Question", details: EnvironmentDetails, words: "Callable[[], Ask]"
    ) -> None:
        def follow(_diff: object = None) -> None:
            question.change(words())

        self._store.environments.watch(follow)
        details.servers.watch(follow)
        self._store.watch(follow)

        def leave() -> None:
            self._store.environments.unwatch(follow)
            details.servers.unwatch(follow)
            self._store.unwatch(follow)

        question.finished.connect(leave)


def _has_moved(before: Server, now: Server | None, power: Power) -> bool:
    """Whether it did, since it was asked to, what that asks for."""
    if now is None or now.since == before.since:
        return False
    return ServerState(now.status) in LEADS_TO[power]


def _hours(environment: Environment, chosen: Callable[[int | None], None]) -> "Labelled":
    """How long it is to run; None: as usual in the environment, which is chosen at first."""
    from autosky_desktop.ui.servers import power_words
    from autosky_desktop.ui.widgets.labelled import Labelled
    from autosky_desktop.ui.widgets.select import Select

    select, usual = Select(), environment.run_hours
    offered = sorted({*range(1, environment.longest_extension_hours + 1), usual})
    for hours in offered:
        select.addItem(power_words.run_time(hours, usual=hours == usual), hours)
    select.setCurrentIndex(offered.index(usual))
    select.currentIndexChanged.connect(
        lambda at: chosen(None if offered[at] == usual else offered[at])
    )
    return Labelled(translate("power", "Run for"), select)


async def _send(names: Mapping[str, str], orders: dict[str, Order[Server]]) -> None:
    """All at once; what was accepted is taken out of `orders`. Raises AutoskyError."""
    answers = await asyncio.gather(*(orders[key].send() for key in names), return_exceptions=True)
    failed: dict[str, AutoskyError] = {}
    for key, answer in zip(names, answers, strict=True):
        if isinstance(answer, AutoskyError):
            failed[names[key]] = answer
        elif isinstance(answer, BaseException):
            raise answer
        else:
            del orders[key]
    if len(names) > 1 and failed:
        raise Several(failed)
    for cause in failed.values():
        raise cause
