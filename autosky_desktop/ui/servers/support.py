"""The support servers of an environment: five columns, a menu of each row, and of several."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from autosky_desktop.domain.searching import by_number, plain
from autosky_desktop.domain.server import SETTLES, Power, Server, ServerState
from autosky_desktop.store.store import LineStatus
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.servers.menu import menu_of_several, power_menu
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets import keys
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.focus import focus_kept
from autosky_desktop.ui.widgets.input.search_field import SearchField
from autosky_desktop.ui.widgets.refreshing import SECOND
from autosky_desktop.ui.widgets.scrolled import scroll_into_view
from autosky_desktop.ui.widgets.table.fade import update_column
from autosky_desktop.ui.widgets.table.model import Column
from autosky_desktop.ui.widgets.table.search import SearchedTableModel, search
from autosky_desktop.ui.widgets.table.table import RecordTable
from autosky_desktop.words import counts, states
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.times import clock_or_moment

if TYPE_CHECKING:
    from autosky_desktop.actions.connect.connecting import SessionsOn


STATUS = 3
"""Its column."""

MANY = 8
"""Servers from which on the field to find one is there without being asked for."""


WIDTH = 196


class FindServer(SearchField):
    """Finds a server by what is typed; hidden until it is asked for, or always there once there is
    much to look through.

    Esc clears it, and then gives the focus back to the table.
    """

    def __init__(self, table: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(keys.FIND_HERE, parent)
        self._table = table
        self._always = False
        self.setProperty("small", True)
        self.setPlaceholderText(_(labels.FIND_A_SERVER))
        self.setAccessibleName(_(labels.FIND_A_SERVER))
        tip = _(labels.BY_NAME_OR_ADDRESS)
        self.setToolTip(tip.format(keys=keys.written(keys.FIND_HERE)))
        self.setFixedWidth(scaled(WIDTH))
        self.returnPressed.connect(self._enter)
        self.left.connect(self._enter)
        self.hide()

    def offer(self, always: bool) -> None:
        self._always = always
        if always:
            self.show()

    def begin(self) -> None:
        """Show the field, and put the keyboard into it."""
        self.show()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def begin_anew(self) -> None:
        """Empty the field, so that all servers are shown again, and put the keyboard into it."""
        self.clear()
        self.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.text():
            self._enter()
            self.setVisible(self._always)
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)


class SupportCard(Card):
    """Lists the support servers.

    `power_asked` carries the servers and what is asked of them, the others one server. `support`
    False: they support no others, as all servers of an environment that is not scaling.
    """

    power_asked = Signal(object, object)
    connect_asked = Signal(object)
    link_asked = Signal(object)

    def __init__(
        self, sessions: "SessionsOn", now: Callable[[], datetime], *, support: bool = True
    ) -> None:
        title, purpose = (
            _(labels.SUPPORT_SERVERS),
            _(labels.WHAT_THEY_HOST),
        )
        if not support:
            title = _(labels.SERVERS)
            purpose = _(labels.CHANGES_REACH_USERS)
        super().__init__(title, purpose, icon="database")
        self._none = _(labels.NO_SUPPORT_SERVERS)
        if not support:
            self._none = _(labels.THIS_ENVIRONMENT_HAS_NO_SERVERS)
        self._sessions, self._now = sessions, now
        self._line = LineStatus()
        self._model: SearchedTableModel[Server] = SearchedTableModel(
            self._columns(), order=lambda it: plain(it.name), searched=_searched
        )
        self.table = RecordTable(self._model, several=True)
        self.table.setAccessibleName(title)
        self.table.menu_requested.connect(self._open_menu)
        self.table.activated_record.connect(lambda _server: self.table.open_menu())
        self.table.doubleClicked.connect(self._double_clicked)
        self.table.selectionModel().selectionChanged.connect(self._say_count)
        self._count, self._empty, self._nothing = QLabel(), QLabel(), QWidget()
        set_style(self._count, TextStyle.SMALL, "text2")
        self._clear = Button(_(labels.CLEAR), "link")
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        set_style(self._empty, TextStyle.BODY, "text2")
        self._several = Button("", "link")
        self._several.clicked.connect(self._offer_several)
        self.finder = FindServer(self.table)
        self.finder.textChanged.connect(self._search)
        for widget in (self.finder, self._several, self._count):
            self.add_action(widget)
        self.set_table(self.table)
        nothing = QHBoxLayout()
        nothing.setContentsMargins(16, 12, 16, 12)
        nothing.setSpacing(12)
        nothing.addWidget(self._empty)
        nothing.addWidget(self._clear)
        nothing.addStretch(1)
        self._nothing.setLayout(nothing)
        self._clear.clicked.connect(self.finder.begin_anew)
        self.body.addWidget(self._nothing)
        self._say_count()

    def apply(self, diff: Diff[Server]) -> None:
        before = self._model.rowCount(), self._model.total
        with focus_kept(self, self.table):
            self._model.apply(diff)
            if before != (self._model.rowCount(), self._model.total):
                self.finder.offer(self._model.total >= MANY)
                self._say_count()
                self._say_empty()

    def show_line(self, line: LineStatus, *, loaded: bool) -> None:
        self._line, self._loaded = line, loaded
        self._say_count()
        self._say_empty()
        self.table.viewport().update()

    _loaded = False

    def show_server(self, identity: str) -> None:
        """Choose the row of that server, and have it in view."""
        if self._model.row_of(identity) is None:
            self.finder.clear()
        self.table.select_records([identity], identity)
        self.table.setFocus()
        scroll_into_view(self.table, self.table.visualRect(self.table.currentIndex()))

    def tick(self) -> int | None:
        """Repaint the time so far of what is in between."""
        servers = (self._model.record(row) for row in range(self._model.rowCount()))
        if not any(ServerState(server.status) in SETTLES for server in servers):
            return None
        update_column(self.table, STATUS)
        return SECOND

    def _search(self, text: str) -> None:
        search(self.table, self._model, text)
        self._say_count()
        self._say_empty()

    def _say_count(self) -> None:
        """Say how many there are, and how many of them are shown or chosen."""
        shown, total = self._model.rowCount(), self._model.total
        chosen = len(self.table.selectionModel().selectedRows())
        self._count.setText(counts.servers_shown(shown, total))
        self._count.setVisible(self._loaded and chosen < 2)
        self._several.setVisible(chosen > 1)
        self._several.setText(_(labels.N_SELECTED_ACTIONS).format(n=chosen))
        name = counts.actions_for_servers(chosen)
        self._several.setAccessibleName(name)

    def _say_empty(self) -> None:
        nothing = self._loaded and self._model.rowCount() == 0
        text = self._none
        if self._model.total:
            text = _(labels.NO_SERVER_MATCHES_TEXT).format(text=self.finder.text().strip())
        self._empty.setText(text)
        self._clear.setVisible(self._model.total > 0)
        self._nothing.setVisible(nothing)
        self.table.setVisible(not nothing)

    def _columns(self) -> tuple[Column[Server], ...]:
        return (
            Column(
                _(labels.NAME),
                lambda it: it.name,
                kind="name",
                weight=132,
                sort=lambda it: plain(it.name),
            ),
            self._address(_(labels.PUBLIC_IP), lambda it: it.public_ip, weight=149),
            self._address(_(labels.PRIVATE_IP), lambda it: it.private_ip, weight=148),
            Column(
                _(labels.STATUS),
                kind="status",
                weight=141,
                status=self._look,
                sort=lambda it: states.state_word(it.status),
            ),
            Column(
                _(labels.TYPE),
                lambda it: states.server_type(it.type),
                weight=120,
                sort=lambda it: states.server_type(it.type),
            ),
            Column(
                "",
                kind="menu",
                width=40,
                accessible=lambda it: _(labels.ACTIONS_FOR_SERVER).format(server=it.name),
            ),
        )

    def _address(
        self, title: str, text: Callable[[Server], str | None], *, weight: int
    ) -> Column[Server]:
        return Column(
            title,
            text,
            kind="address",
            weight=weight,
            missing=_(labels.NONE),
            sort=lambda it: by_number(text(it)),
        )

    def _look(self, server: Server) -> states.Look:
        if self._line.live or self._line.since is None:
            return states.server_look(server, now=self._now())
        return states.server_was(server.status, clock_or_moment(self._line.since, now=self._now()))

    def _open_menu(self, server: Server, place: QPoint) -> None:
        chosen = self.table.selected_records()
        if len(chosen) > 1 and server in chosen:
            self._open_for(chosen, place)
            return
        menu = power_menu(self, self, server, self._line, self._sessions(server.id), self._now())
        menu.popup_inside(place, self.window())

    def connect_to(self, server: Server) -> None:
        self.connect_asked.emit(server)

    def ask_power(self, server: Server, power: Power) -> None:
        self.power_asked.emit([server], power)

    def copy_link(self, server: Server) -> None:
        self.link_asked.emit(server)

    def _double_clicked(self, index: QModelIndex) -> None:
        """Ask to connect: nothing starts by a double click alone, as the window asks first."""
        if self._line.live and index.column() != len(self._model.columns) - 1:
            self.connect_asked.emit(self._model.record(index.row()))

    def _offer_several(self) -> None:
        button = self._several
        place = button.mapToGlobal(button.rect().bottomLeft())
        self._open_for(self.table.selected_records(), place)

    def _open_for(self, servers: Sequence[Server], place: QPoint) -> None:
        ask = partial(self.power_asked.emit, servers)
        menu_of_several(self, servers, self._line, ask).popup_inside(place, self.window())


def _searched(server: Server) -> str:
    parts = (
        server.name,
        server.public_ip,
        server.private_ip,
        states.server_type(server.type),
        states.state_word(server.status),
    )
    return "\n".join(part for part in parts if part)
