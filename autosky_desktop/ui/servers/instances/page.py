"""The page with every instance, who is on it, and a way to end sessions."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.searching import plain
from autosky_desktop.domain.session import Session
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.question import Question
from autosky_desktop.ui.servers.instances.accounts import Accounts
from autosky_desktop.ui.servers.instances.loads import InstanceLoads
from autosky_desktop.ui.servers.instances.rows import columns
from autosky_desktop.ui.servers.menu import instance_menu
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import PADDING, Card, around_page
from autosky_desktop.ui.widgets.focus import focus_kept
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.ui.widgets.refreshing import watch_while_alive
from autosky_desktop.ui.widgets.scrolled import scroll_into_view
from autosky_desktop.ui.widgets.table.model import RecordTableModel
from autosky_desktop.ui.widgets.table.table import RecordTable
from autosky_desktop.words import counts
from autosky_desktop.words import sessions as end_sessions
from autosky_desktop.words import sessions as words
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.question import Ask

if TYPE_CHECKING:
    from autosky_desktop.actions.connect.connecting import SessionsOn

INSTANCES, ACCOUNTS = 71, 29
"""Parts of the width, where both stand beside one another."""
IN_SIGHT = 180
"""Pixels of the accounts that are scrolled to, where they stand under the instances."""


class InstancesPage(QWidget):
    """Shows every instance and who is on it, live while it is looked at.

    `back_asked`: the person wants to go back to the servers; `connect_asked`: to connect to that
    instance. The page scrolls, so that neither list
    has to. Choosing an instance shows who is on it; choosing it again, or Escape, everybody.
    """

    back_asked = Signal()
    connect_asked = Signal(object)

    def __init__(
        self,
        environment: str,
        store: Store,
        intents: Intents,
        sessions: "SessionsOn",
        tasks: Nursery,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._environment, self._store = environment, store
        self._intents, self._tasks, self._now = intents, tasks, now
        self._sessions = sessions
        self._details = store.details(environment)
        self._counted: object = None
        self._loads = InstanceLoads(environment, intents, tasks, self._show_loads, self)
        self._model: RecordTableModel[Instance] = RecordTableModel(
            columns(self._loads.of), order=lambda it: plain(it.name)
        )
        self.table = RecordTable(self._model, compact=True)
        self.table.setAccessibleName(_(labels.INSTANCES))
        self.table.clicked.connect(self._clicked)
        self.table.menu_requested.connect(self._open_menu)
        self.table.activated_record.connect(lambda _instance: self._look_into())
        self._none = QLabel()
        self._none.setContentsMargins(PADDING, 0, PADDING, PADDING)
        self._none.setWordWrap(True)
        set_style(self._none, TextStyle.BODY, "text2")
        self.accounts = Accounts(environment, intents, tasks, now)
        self.accounts.end_asked.connect(self._ask)
        self._lay_out()
        watch_while_alive(self, self._details.instances, self._changed)
        watch_while_alive(self, store, self._refresh)
        self._refresh()

    def set_narrow(self, narrow: bool) -> None:
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._both.setDirection(down if narrow else right)
        self._column.setContentsMargins(around_page(narrow=narrow))

    def begin(self) -> None:
        """Give the keyboard to the list of instances."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def look_for(self) -> None:
        """Put the keyboard into the field that finds an account."""
        self.accounts.look_for()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._count()
        self.accounts.read()
        self._loads.begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.accounts.stop_reading()
        self._loads.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.accounts.only:
            self.accounts.show_only(None)
        else:
            self.back_asked.emit()

    def _lay_out(self) -> None:
        back = Button(_(labels.SERVERS), "link", icon="chevron-left")
        back.setProperty("flush", "left")
        back.setAccessibleName(_(labels.BACK_TO_SERVERS))
        back.clicked.connect(self.back_asked)
        top = QHBoxLayout()
        top.addWidget(back)
        top.addStretch(1)
        self._card = Card(_(labels.INSTANCES), icon="layers")
        self._card.setAccessibleName(_(labels.ALL_INSTANCES))
        self._card.set_table(self.table)
        self._card.body.addWidget(self._none)
        self._card.body.addStretch(1)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(14)
        self._both.addWidget(self._card, INSTANCES, Qt.AlignmentFlag.AlignTop)
        self._both.addWidget(self.accounts, ACCOUNTS, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(10)
        self._column.addLayout(top)
        self._column.addLayout(self._both)
        self._column.addStretch(1)

    def _changed(self, diff: Diff[Instance]) -> None:
        instances = list(self._details.instances)
        with focus_kept(self._card, self.table):
            self._model.apply(diff)
            self._none.setVisible(not instances)
            self.table.setVisible(bool(instances))
        self._card.set_purpose(counts.instances(len(instances)) if instances else "")
        self.accounts.show_instances(instances)
        if self.isVisible() and self._count():
            self.accounts.read_soon()

    def _count(self) -> bool:
        """Return whether there are other sessions than when somebody looked last."""
        before = self._counted
        self._counted = {it.id: it.sessions for it in self._details.instances}
        return before != self._counted

    def _show_loads(self) -> None:
        last = self._model.index(self._model.rowCount() - 1, self._model.columnCount() - 1)
        self._model.dataChanged.emit(self._model.index(0, 0), last)

    def connect_to_instance(self, instance: Instance) -> None:
        self.connect_asked.emit(instance)

    def _open_menu(self, instance: Instance, place: QPoint) -> None:
        menu = instance_menu(
            self, self, instance, self._store.connection, self._sessions(instance.id), self._now()
        )
        menu.popup_inside(place, self.window())

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() != len(self._model.columns) - 1:  # in that one its menu opens
            self._look_into()

    def _look_into(self) -> None:
        """Show who is on the instance that was chosen, or everybody again."""
        chosen = self.table.current_record()
        again = chosen is not None and chosen.id == self.accounts.only
        self.accounts.show_only(None if again else chosen)
        if chosen and not again:
            head = QRect(0, 0, self.accounts.width(), scaled(IN_SIGHT))
            scroll_into_view(self.accounts, head)

    def _refresh(self) -> None:
        environment = self._store.environments.get(self._environment)
        self._none.setText(words.no_instance(environment))
        self.accounts.show_line(self._store.connection)

    def _ask(self, chosen: Sequence[Session]) -> None:
        environment = self._store.environments.get(self._environment)
        if environment is None:
            return
        order = self._intents.end_sessions(environment.id, [it.id for it in chosen])
        accounts = {it.id: it.account for it in chosen}

        async def act() -> None:
            text = words.result(await order.send(), accounts)
            self.accounts.tell(text)
            announce(self, text)
            self.accounts.read()

        def asked() -> Ask:
            """Return the question about those who are still there."""
            left = [it for it in chosen if self.accounts.sessions.get(it.id)]
            reason = "" if left else _(labels.EVERYONE_HAS_SIGNED_OUT)
            if not self._store.connection.live:
                reason = _(labels.NO_CONNECTION_TO_CONTROL_PLANE)
            return replace(
                end_sessions.ask(environment, left or chosen), reason=reason, done=not left
            )

        question = Question(self, environment, asked(), act, self._tasks, self._now)

        def follow(_diff: object = None) -> None:
            question.change(asked())

        self.accounts.sessions.watch(follow)
        self._store.watch(follow)
        question.finished.connect(lambda: self.accounts.sessions.unwatch(follow))
        question.finished.connect(lambda: self._store.unwatch(follow))
        question.open()
