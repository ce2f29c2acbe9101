"""The support servers of an environment: five columns and the menu of each row."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QLabel, QWidget

from autosky_desktop.domain.server import SETTLES, Power, Server, ServerState
from autosky_desktop.store.connection import Connection
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.servers.menu import power_menu
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.ticking import SECOND
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.table import RecordTable
from autosky_desktop.ui.widgets.table_model import Column, RecordTableModel
from autosky_desktop.ui.words import counts, states
from autosky_desktop.ui.words.language import translate
from autosky_desktop.ui.words.times import clock


class SupportCard(Card):
    """`power_asked` carries the server and what is asked of it."""

    power_asked = Signal(object, object)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(
            translate("SupportCard", "Support servers"),
            translate("SupportCard", "Host the database and other services of the application"),
            icon="database",
            parent=parent,
        )
        self._now = now
        self._line = Connection()
        self._model: RecordTableModel[Server] = RecordTableModel(
            self._columns(), order=lambda server: server.name
        )
        self.table = RecordTable(self._model)
        self.table.setAccessibleName(self.tr("Support servers"))
        self.table.menu_requested.connect(self._open_menu)
        self.table.activated_record.connect(lambda _server: self.table.open_menu())
        self._count = QLabel()
        set_style(self._count, TextStyle.SMALL, "text2")
        self._empty = QLabel(self.tr("This environment has no support servers."))
        self._empty.setContentsMargins(16, 12, 16, 12)
        set_style(self._empty, TextStyle.BODY, "text2")
        self.add_action(self._count)
        self.set_table(self.table)
        self.body.addWidget(self._empty)

    def apply(self, diff: Diff[Server]) -> None:
        self._model.apply(diff)
        self._count.setText(counts.servers(self._model.rowCount()))

    def show_line(self, line: Connection, *, loaded: bool) -> None:
        self._line = line
        nothing = loaded and self._model.rowCount() == 0
        self._empty.setVisible(nothing)
        self.table.setVisible(not nothing)
        self._count.setVisible(loaded)
        self.table.viewport().update()

    def tick(self) -> int | None:
        """Repaint the time so far of what is in between."""
        servers = (self._model.record(row) for row in range(self._model.rowCount()))
        if not any(ServerState(server.status) in SETTLES for server in servers):
            return None
        self.table.viewport().update()
        return SECOND

    def _columns(self) -> tuple[Column[Server], ...]:
        return (
            Column(
                self.tr("Name"),
                lambda it: it.name,
                kind="name",
                weight=134,
                sort=lambda it: it.name,
            ),
            self._address(self.tr("Public IP"), lambda it: it.public_ip, weight=138),
            self._address(self.tr("Private IP"), lambda it: it.private_ip, weight=130),
            Column(self.tr("Status"), kind="status", weight=155, status=self._look),
            Column(self.tr("Type"), lambda it: it.type, weight=119),
            Column(
                "",
                kind="menu",
                width=52,
                accessible=lambda it: self.tr("Actions for {server}").format(server=it.name),
            ),
        )

    def _address(
        self, title: str, text: Callable[[Server], str | None], *, weight: int
    ) -> Column[Server]:
        return Column(title, text, kind="address", weight=weight, missing=self.tr("None"))

    def _look(self, server: Server) -> states.Look:
        look = states.server_look(server, now=self._now())
        if self._line.live or self._line.since is None:
            return look
        return states.was(look, clock(self._line.since))

    def _open_menu(self, server: Server, place: QPoint) -> None:
        menu = power_menu(self, server, self._line, (Power.START, Power.STOP, Power.RESTART))
        menu.chosen.connect(lambda power: self.power_asked.emit(server, power))
        menu.popup_inside(place, self.window())
