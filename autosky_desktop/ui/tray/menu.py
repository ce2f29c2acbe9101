"""The menu of the tray, made anew each time it is shown: it says how things are at that moment."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QRectF
from PySide6.QtGui import QAction, QIcon, QPainter
from PySide6.QtWidgets import QMenu

from autosky_desktop.domain.attention import attention
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.reminders import Watched
from autosky_desktop.domain.searching import plain
from autosky_desktop.domain.server import ON, Power, ServerState, possible
from autosky_desktop.store.store import Store
from autosky_desktop.system.settings import Recent
from autosky_desktop.ui.widgets.icons import drawn_icon, icon
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.ui.widgets.status import colors, paint_shape
from autosky_desktop.words import connecting_menu, counts, reminding, states
from autosky_desktop.words import tray as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.tray import environment_line, publication_line, scheduled_line

if TYPE_CHECKING:
    from autosky_desktop.actions.connect.connecting import OpenSession


MOST = 3
MOST_RECENT = 5
HOUR = timedelta(hours=1)
EDGE = 3 / 16
"""The share of the icon that stays free on each side of the shape."""


class Doing(Protocol):
    """The actions that the menu's lines lead to."""

    def extend(self, server: Watched) -> None: ...
    def extend_until(self, environment: str) -> None: ...
    def cancel_shutdown(self, environment: str) -> None: ...
    def set_shutdown(self, environment: str) -> None: ...
    def undo_cancelling(self, environment: str) -> None: ...
    def undoable(self, environment: str) -> datetime | None: ...
    def show_servers(self, environment: str) -> None: ...
    def publish(self, environment: str) -> None: ...
    def start(self, environment: str) -> None: ...
    def connect(self, environment: str, server: str = "", account: str = "") -> None: ...
    def pause(self, until: datetime | None) -> None: ...
    def open(self) -> None: ...
    def quit(self) -> None: ...


class Connected(Protocol):
    """The known connections: those that are open, and the last few."""

    @property
    def recent(self) -> Sequence[Recent]: ...
    def sessions(self, server: str = "") -> "Sequence[OpenSession]": ...


class TrayMenu(Menu):
    """The menu behind the tray icon. `nearest` is the shutdown that comes first, `quiet` until when
    reminders are paused.

    `recent` are the environments last opened (ids), newest first.
    """

    def __init__(
        self,
        store: Store,
        doing: Doing,
        nearest: Callable[[], Watched | None],
        quiet: Callable[[], datetime | None],
        recent: Callable[[], Sequence[str]],
        connections: Connected,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self.setProperty("region", "tray")
        self._store = store
        self._doing = doing
        self._nearest = nearest
        self._quiet = quiet
        self._recent = recent
        self._connections = connections
        self._now = now
        self.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        self.clear()
        now = self._now()
        if server := self._nearest():
            self._add_shutdown(server, now)
        self._add_environments(now)
        self._add_publications()
        self._add_connections()
        self._add_pause(now)
        self.addSeparator()
        self._line(self, _(labels.OPEN_AUTOSKY_DESKTOP), "cloud", self._doing.open)
        self._line(self, _(labels.QUIT), "", self._doing.quit)

    def _add_shutdown(self, server: Watched, now: datetime) -> None:
        text = _(labels.SERVER_STOPS_AT).format(
            server=server.name,
            time=reminding.at(server.at, now),
            left=reminding.left(server.at, now),
        )
        environment, doing = server.environment, self._doing
        self._line(self, text, "server", lambda: doing.show_servers(environment))
        if self._store.connection.live and not server.held:
            later = _(labels.EXTEND_1_H_TO_TIME).format(time=reminding.at(server.at + HOUR, now))
            until, cancel = _(labels.EXTEND_UNTIL), _(labels.CANCEL_SHUTDOWN)
            self._line(self, later, "clock-plus", lambda: doing.extend(server))
            self._line(self, until, "clock", lambda: doing.extend_until(environment))
            self._line(self, cancel, "clock-x", lambda: doing.cancel_shutdown(environment))
        self.addSeparator()

    def _add_environments(self, now: datetime) -> None:
        by_need = sorted(
            self._store.environments,
            key=lambda it: (-attention(it, now), it.publishing is None, plain(it.name)),
        )
        for environment in by_need[:MOST]:
            self._add_environment(self, environment)
        if len(by_need) > MOST:
            everyone = self.addMenu(counts.all_environments(len(by_need)).replace("&", "&&"))
            everyone.aboutToShow.connect(lambda: self._fill_all(everyone))
            self._fill_all(everyone)
            self._add_recent(now)
        if by_need:
            self.addSeparator()

    def _add_recent(self, now: datetime) -> None:
        known = [self._store.environments.get(key) for key in self._recent()]
        if there := [it for it in known if it][:MOST_RECENT]:
            below = self.addMenu(_(labels.LAST_USED))
            for it in there:
                line = self._line(below, environment_line(it, now), "", self._showing(it.id))
                line.setIcon(shape_of(it, now))

    def _fill_all(self, menu: QMenu) -> None:
        """List all environments by name. None has a sub-menu of servers: it would be a thousand."""
        menu.clear()
        for environment in sorted(self._store.environments, key=lambda it: plain(it.name)):
            now, show = self._now(), self._showing(environment.id)
            line = self._line(menu, environment_line(environment, now), "", show)
            line.setIcon(shape_of(environment, now))

    def _add_environment(self, menu: QMenu, environment: Environment) -> None:
        now = self._now()
        text = environment_line(environment, now).replace("&", "&&")
        below = menu.addMenu(shape_of(environment, now), text)
        key, doing = environment.id, self._doing
        self._line(below, _(labels.SHOW_SERVERS), "server", lambda: doing.show_servers(key))
        if environment.sessions is not None:
            text = f"{counts.instances(environment.instances)}, "
            text += counts.sessions(environment.sessions)
            self._line(below, text, "layers", lambda: doing.show_servers(key))
        below.addSeparator()
        if environment.is_scaling:
            publish = _(labels.PUBLISH_NEW_VERSION)
            self._line(below, publish, "upload", lambda: doing.publish(key))
        if environment.preparation:
            live = self._store.connection.live
            connect = self._line(below, _(labels.CONNECT_AS), "monitor", lambda: doing.connect(key))
            connect.setEnabled(live)
            start = _(labels.START_PREPARATION_SERVER)
            line = self._line(below, start, "play", lambda: doing.start(key))
            may = Power.START in possible(environment.preparation.status)
            line.setEnabled(may and live)
            self._add_another_shutdown(below, environment, live=live)

    def _add_another_shutdown(self, menu: QMenu, environment: Environment, *, live: bool) -> None:
        """Add lines for a server that runs without a shutdown, or whose last one was cancelled."""
        server, key, doing = environment.preparation, environment.id, self._doing
        if server is None or ServerState(server.status) not in ON:
            return
        if at := doing.undoable(key):
            text = _(labels.RESTORE_SHUTDOWN_AT_TIME)
            when = reminding.at(at, self._now())
            undo = self._line(
                menu, text.format(time=when), "undo", lambda: doing.undo_cancelling(key)
            )
            undo.setEnabled(live)
        if server.shutdown:
            return
        setting = _(labels.SET_SHUTDOWN_TIME)
        line = self._line(menu, setting, "clock", lambda: doing.set_shutdown(key))
        line.setEnabled(live)

    def _add_publications(self) -> None:
        running = [it for it in self._store.environments if it.publishing]
        for environment in running[:MOST]:
            key = environment.id
            known = key in self._store.opened
            runs = list(self._store.details(key).publications) if known else []
            text = publication_line(environment, runs, self._now())
            self._line(self, text, "upload", partial(self._doing.publish, key))
        planned = next_scheduled(self._store.environments)[:MOST]
        for environment in planned:
            text = scheduled_line(environment, self._now())
            self._line(self, text, "calendar", partial(self._doing.publish, environment.id))
        if running or planned:
            self.addSeparator()

    def _add_connections(self) -> None:
        """Add the connections that are open, then those that were open before."""
        known = self._connections.sessions()
        for session in known:
            show = self._showing(session.request.environment)
            text = connecting_menu.is_open(session.request, session.since, self._now())
            self._line(self, text, "monitor", show)
        if recent := self._connections.recent:
            below = self.addMenu(icon("monitor"), _(labels.RECENT_CONNECTIONS))
            for it in recent:
                text = _(labels.SERVER_AS_ACCOUNT).format(server=it.name, account=it.account)
                work = partial(self._doing.connect, it.environment, it.server, it.account)
                line = self._line(below, text, "", work)
                line.setEnabled(self._store.connection.live)
        if known or recent:
            self.addSeparator()

    def _add_pause(self, now: datetime) -> None:
        until, pause = self._quiet(), self._doing.pause
        if until and until > now:
            text = _(labels.REMINDERS_ARE_PAUSED_UNTIL_TIME).format(time=reminding.at(until, now))
            below = self.addMenu(icon("bell"), text)
            self._line(below, _(labels.REMIND_ME_AGAIN), "", lambda: pause(None))
            return
        below = self.addMenu(icon("bell"), _(labels.PAUSE_REMINDERS))
        self._line(below, _(labels.FOR_1_H), "", lambda: pause(self._now() + HOUR))
        self._line(below, _(labels.FOR_TODAY), "", lambda: pause(_midnight(self._now())))

    def _showing(self, environment: str) -> Callable[[], None]:
        return lambda: self._doing.show_servers(environment)

    def _line(self, menu: QMenu, text: str, sign: str, work: Callable[[], None]) -> QAction:
        action = menu.addAction(text.replace("&", "&&"))
        if sign:
            action.setIcon(icon(sign))
        action.triggered.connect(lambda: work())
        return action


def _midnight(now: datetime) -> datetime:
    """Return the end of this day, where this computer is."""
    tomorrow = now.astimezone() + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)


def shape_of(environment: Environment, now: datetime) -> QIcon:
    """Draw the shape and colour that the environment has in the list of the window."""
    kind = states.environment_look(environment, now=now)[0]

    def draw(painter: QPainter, square: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = square.width() * EDGE
        inner = square.adjusted(edge, edge, -edge, -edge)
        paint_shape(painter, inner, kind, colors(kind)[2])

    return drawn_icon(draw)


def next_scheduled(environments: Iterable[Environment]) -> list[Environment]:
    """Return the environments with a scheduled publication, the soonest first."""
    planned = [(it.next_publication, it.id, it) for it in environments if it.next_publication]
    return [it for _at, _id, it in sorted(planned, key=lambda one: one[:2])]
