"""Asking before servers are started, stopped or restarted."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import AutoskyError, Several
from autosky_desktop.domain.server import Power, Server, ServerRole, ServerState
from autosky_desktop.store.store import EnvironmentDetails, Store
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.words.connecting_menu import connected
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.power import why_not

if TYPE_CHECKING:
    from autosky_desktop.actions.connect.connecting import SessionsOn
    from autosky_desktop.ui.question import Question
    from autosky_desktop.ui.widgets.input.labelled import Labelled
    from autosky_desktop.words.question import Ask


LEADS_TO = {
    Power.START: (ServerState.STARTING, ServerState.RUNNING),
    Power.STOP: (ServerState.STOPPING, ServerState.STOPPED),
    Power.RESTART: (ServerState.RESTARTING, ServerState.RUNNING),
}


class PowerQuestions:
    """Asks one question for what is asked at once, and sends it when the person has agreed."""

    def __init__(
        self,
        window: QWidget,
        store: Store,
        intents: Intents,
        sessions: "SessionsOn",
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        self._window = window
        self._store = store
        self._intents = intents
        self._sessions = sessions
        self._tasks, self._now = tasks, now

    def ask(self, environment: Environment, servers: Sequence[Server], power: Power) -> None:
        """Ask it of one server or of several.

        What one of them refuses keeps none of the others; trying again asks only those.
        """
        from autosky_desktop.ui.question import Question  # not for the first paint
        from autosky_desktop.words import power as power_words

        details = self._store.details(environment.id)
        orders = _Orders(self._intents, details, self._store, servers, power)
        hours: int | None = None

        def words() -> "Ask":
            """Word it by what is known now: states and sessions may change while it is open."""
            current = self._store.environments.get(environment.id) or environment
            known = orders.left()
            asked = power_words.words(
                current, known, power, hours, live=self._store.connection.live
            )
            asked = replace(asked, done=orders.are_done())
            open_ = {
                it.name: connected(one.request for one in self._sessions(it.id)) for it in known
            }
            return asked if power is Power.START else power_words.closing(asked, open_)

        question = Question(
            self._window, environment, words(), orders.send, self._tasks, self._now, orders.look
        )
        self._follow(question, details, words)
        if power is Power.START and [it.role for it in servers] == [ServerRole.PREPARATION]:

            def chosen(wanted: int | None) -> None:
                nonlocal hours
                hours = wanted
                orders.begin(wanted)
                question.chosen(words())

            question.add_choice(_hours(environment, chosen))
        question.open()

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


class _Orders:
    """Keeps the requests of one question, each until it was accepted."""

    def __init__(
        self,
        intents: Intents,
        details: EnvironmentDetails,
        store: Store,
        servers: Sequence[Server],
        power: Power,
    ) -> None:
        self._intents, self._details, self._store = intents, details, store
        self._servers, self._power = servers, power
        self._able: list[Server] = []
        self._sent: dict[str, Server] = {}
        self.begin()

    def begin(self, hours: int | None = None) -> None:
        """Make the requests anew; `hours` as in PowerRequest."""
        self._orders = {
            it.id: self._intents.power(it.id, self._power, hours) for it in self._servers
        }

    def left(self) -> list[Server]:
        """Return the servers that have not accepted, as they are known now."""
        return [self._now(it) for it in self._servers if it.id in self._orders]

    async def look(self) -> None:
        """Have all the servers that can do it read first, if need be.

        One that cannot by what is read then is asked all the same, and says why.
        """
        line = self._store.connection
        self._able = [it for it in self.left() if not why_not(it, self._power, live=line.live)]
        await asyncio.gather(*(self._orders[it.id].look() for it in self._able))

    async def send(self) -> None:
        """Send all at once; what was accepted is not sent again. Raises AutoskyError."""
        self._sent.update({it.id: self._now(it) for it in self._able})
        await _send({it.id: it.name for it in self._able}, self._orders)

    def are_done(self) -> bool:
        """Return whether all the servers whose requests were sent, and not accepted, have moved
        since as they were asked to.
        """
        sent = [it for it in self.left() if it.id in self._sent]
        return bool(sent) and all(self._has_moved(it) for it in sent)

    def _has_moved(self, server: Server) -> bool:
        moved = server.since != self._sent[server.id].since
        return moved and ServerState(server.status) in LEADS_TO[self._power]

    def _now(self, server: Server) -> Server:
        return self._details.servers.get(server.id) or server


def _hours(environment: Environment, chosen: Callable[[int | None], None]) -> "Labelled":
    """Return the choice of how long it is to run.

    None: as usual in the environment, which is chosen at first.
    """
    from autosky_desktop.ui.widgets.input.labelled import Labelled
    from autosky_desktop.ui.widgets.input.select import Select
    from autosky_desktop.words import power as power_words

    select, usual = Select(), environment.run_hours
    offered = sorted({*range(1, environment.longest_extension_hours + 1), usual})
    for hours in offered:
        select.addItem(power_words.run_time(hours, usual=hours == usual), hours)
    select.setCurrentIndex(offered.index(usual))
    select.currentIndexChanged.connect(
        lambda at: chosen(None if offered[at] == usual else offered[at])
    )
    return Labelled(_(labels.RUN_FOR), select)


async def _send(names: Mapping[str, str], orders: dict[str, Order[Server]]) -> None:
    """Send all orders at once; what was accepted is taken out of `orders`. Raises AutoskyError."""
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
