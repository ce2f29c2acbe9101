"""The accounts on the instances of an environment: read when somebody looks, and ended."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.searching import plain
from autosky_desktop.domain.session import MOST_AT_ONCE, Session, SessionList
from autosky_desktop.store.store import LineStatus
from autosky_desktop.store.table import Table
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets import keys
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import PADDING, Card
from autosky_desktop.ui.widgets.focus import focus_kept
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.input.search_field import SearchField
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.ui.widgets.table.model import Column
from autosky_desktop.ui.widgets.table.search import SearchedTableModel, search
from autosky_desktop.ui.widgets.table.table import RecordTable
from autosky_desktop.words import sessions as words
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _

FINDER = 180

PAUSE_MS = 2000
"""Between two readings that nobody but a change of numbers asked for."""


class Accounts(Card):
    """Lists the accounts that are signed in, and asks to end the sessions of some.

    `end_asked` carries the sessions that shall end. `only` is the id of the instance of which the
    accounts are shown; empty: of all.
    """

    end_asked = Signal(object)

    def __init__(
        self,
        environment: str,
        intents: Intents,
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(_(labels.ACCOUNTS), icon="users")
        self.only = ""
        self._found_all: SessionList | None = None
        self._environment = environment
        self._intents, self._tasks, self._now = intents, tasks, now
        self._names: dict[str, str] = {}
        self._found = ""
        self._line = LineStatus()
        self._reading: asyncio.Task[None] | None = None
        self._again = False
        self._changed = False
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._read_changed)
        self.sessions: Table[Session] = Table()
        self._model: SearchedTableModel[Session] = SearchedTableModel(
            self._columns(),
            order=lambda it: (plain(it.account), it.since),
            searched=lambda it: f"{it.account}\n{self._instance(it)}",
        )
        self.sessions.watch(self._model.apply)
        self.table = self._make_table()
        self.finder = self._make_finder()
        self._nobody = QLabel()
        self._nobody.setTextFormat(Qt.TextFormat.PlainText)
        set_style(self._nobody, TextStyle.BODY, "text2")
        self._nobody.hide()
        self._said, self._result = QLabel(), QLabel()
        for label in (self._said, self._result):
            label.setWordWrap(True)
        set_style(self._said, TextStyle.SMALL, "text2")
        set_style(self._result, TextStyle.SMALL, "ok")
        self._result.hide()
        self._everybody = Button(_(labels.SHOW_ALL), "link")
        self._everybody.setAccessibleName(_(labels.SHOW_ACCOUNTS_OF_ALL_INSTANCES))
        self._everybody.clicked.connect(lambda: self.show_only(None))
        self._everybody.hide()
        self.end = Button(_(labels.END_SESSION), small=True)
        self.end.clicked.connect(self._ask_chosen)
        self._error = ErrorBox()
        self._error.again.connect(self.read)
        self._arrange()
        self._allow()

    def read(self) -> None:
        """Read the accounts again; what is asked meanwhile is read once more afterwards."""
        if self._reading:
            self._again = True
        else:
            self._changed = False
            self._pause.start()
            self._reading = self._tasks.spawn(self._read(), name="read sessions")

    def read_soon(self) -> None:
        """Read the changed accounts now, or once the pause since the last reading is over."""
        if self._pause.isActive():
            self._changed = True
        else:
            self.read()

    def _read_changed(self) -> None:
        if self._changed:
            self.read()

    def stop_reading(self) -> None:
        """Stop reading, as nobody looks any more."""
        self._pause.stop()
        self.tell("")
        self._again = False
        if self._reading:
            self._reading.cancel()
            self._reading = None

    def show_instances(self, instances: Sequence[Instance]) -> None:
        self._names = {it.id: it.name for it in instances}
        self.table.viewport().update()
        if self.only and self.only not in self._names:
            self.show_only(None)

    def show_line(self, line: LineStatus) -> None:
        """Show whether the line is up, and read what could not be read while it was down."""
        back = line.live and not self._line.live
        self._line = line
        self._allow()
        if back and self._error.text():
            self.read()

    async def _read(self) -> None:
        try:
            self._show(await self._intents.sessions(self._environment))
        except AutoskyError as error:
            self._found = _(labels.ACCOUNTS_COULD_NOT_BE_READ)
            self._allow()
            self._error.tell(sentence(error), take_focus=False)
        except asyncio.CancelledError:
            return
        self._reading = None
        if self._again:
            self._again = False
            self.read()

    def _show(self, found: SessionList) -> None:
        self._error.clear()
        self._found_all = found
        self._show_those()

    def _show_those(self) -> None:
        """Show the accounts of the instance that was chosen."""
        if found := self._found_all:
            those = [it for it in found.sessions if self.only in ("", it.instance)]
            with focus_kept(self, self.table):
                self.sessions.replace(those)
                self._found = words.read(found, len(those))
                self._show_found()

    def _allow(self) -> None:
        number = len(self.table.selectionModel().selectedRows())
        reason = self._why_not(number)
        self.end.setText(words.end(max(1, number)) + "…")
        self.end.setEnabled(not reason)
        self.end.setToolTip(tip(reason))
        self.end.setAccessibleDescription(reason)
        hint = reason if self._model.rowCount() and not number else ""
        self._said.setText(f"{self._found} {hint}".strip() or _(labels.READING_THE_ACCOUNTS))

    def _why_not(self, number: int) -> str:
        if not self._line.live:
            return _(labels.NO_CONNECTION_TO_CONTROL_PLANE)
        if number > MOST_AT_ONCE:
            return _(labels.AT_MOST_N_AT_ONCE).format(n=MOST_AT_ONCE)
        return "" if number else _(labels.SELECT_ACCOUNTS)

    def _ask_chosen(self) -> None:
        if chosen := self.table.selected_records():
            self.end_asked.emit(chosen)

    def _open_menu(self, _session: Session, place: QPoint) -> None:
        menu = Menu(self.table)
        menu.aboutToHide.connect(menu.deleteLater)
        number = len(self.table.selected_records())
        action = menu.add(words.end(number) + "…", "x-circle", reason=self._why_not(number))
        action.triggered.connect(self._ask_chosen)
        menu.popup_inside(place, self.window())

    def _make_table(self) -> RecordTable[Session]:
        table = RecordTable(self._model, compact=True, several=True)
        table.setAccessibleName(_(labels.ACCOUNTS))
        table.menu_requested.connect(self._open_menu)
        table.activated_record.connect(lambda _session: self._ask_chosen())
        table.selectionModel().selectionChanged.connect(lambda *_changes: self._allow())
        table.hide()
        return table

    def _columns(self) -> tuple[Column[Session], ...]:
        return (
            Column(_(labels.ACCOUNT), lambda it: it.account, kind="name", weight=46,
                   sort=lambda it: plain(it.account)),
            Column(_(labels.INSTANCE), self._instance, weight=30, sort=self._instance),
            Column(_(labels.SINCE), lambda it: words.since(it, self._now()), weight=30,
                   sort=lambda it: it.since),
        )  # fmt: skip

    def _instance(self, session: Session) -> str:
        return self._names.get(session.instance, session.instance)

    def _make_finder(self) -> SearchField:
        finder = SearchField(keys.FIND_HERE)
        finder.setProperty("small", True)
        finder.setPlaceholderText(_(labels.FIND_AN_ACCOUNT))
        finder.setAccessibleName(_(labels.FIND_AN_ACCOUNT))
        finder.setToolTip(
            _(labels.BY_ACCOUNT_OR_INSTANCE_KEYS).format(keys=keys.written(keys.FIND_HERE))
        )
        finder.setMinimumWidth(scaled(FINDER))
        finder.textChanged.connect(self._search)
        finder.left.connect(self.table.setFocus)
        finder.hide()
        return finder

    def show_only(self, instance: Instance | None) -> None:
        """Show the accounts on that instance, or everybody; the title says so."""
        self.only = instance.id if instance else ""
        title = _(labels.ACCOUNTS_ON_INSTANCE) if instance else _(labels.ACCOUNTS)
        self.set_title(title.format(instance=instance.name if instance else ""))
        self._everybody.setVisible(instance is not None)
        self._show_those()

    def tell(self, text: str) -> None:
        """Say what came of ending sessions, until nobody looks any more."""
        self._result.setText(text)
        self._result.setVisible(bool(text))

    def look_for(self) -> None:
        """Put the keyboard into the field that finds an account."""
        self.finder.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.finder.selectAll()

    def _search(self, text: str) -> None:
        search(self.table, self._model, text)
        self._show_found()

    def _show_found(self) -> None:
        found, some = self._model.rowCount() > 0, self._model.total > 0
        looked_for = self.finder.text().strip()
        self.table.setVisible(found)
        anybody = self._found_all is not None and bool(self._found_all.sessions)
        self._nobody.setVisible(anybody and not found)
        nobody = _(labels.NO_ACCOUNT_MATCHES_TEXT).format(text=looked_for)
        self._nobody.setText(nobody if some else _(labels.NOBODY_IS_ON_IT))
        self.finder.setVisible(some)
        self.end.setVisible(some)
        self._allow()

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.finder, 1)
        tools.addWidget(self.end)
        above = QVBoxLayout()
        above.setContentsMargins(PADDING, 0, PADDING, 12)
        above.setSpacing(8)
        above.addLayout(tools)
        above.addWidget(self._said)
        above.addWidget(self._result)
        above.addWidget(self._error)
        above.addWidget(self._nobody)
        self.add_action(self._everybody)
        self.set_table(self.table)
        self.body.insertLayout(0, above)
        self.body.addStretch(1)
        self.end.hide()
