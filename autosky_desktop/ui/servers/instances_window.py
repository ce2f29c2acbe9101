"""Every instance, who is on it, and a way to end sessions."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from html import escape

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QWidget

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.addresses import by_number
from autosky_desktop.domain.environment import Environment, Instance
from autosky_desktop.domain.session import Session
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.question import Ask, Consequence, Question
from autosky_desktop.ui.servers.accounts import Accounts
from autosky_desktop.ui.tasks import Nursery
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.announce import announce
from autosky_desktop.ui.widgets.dialog import Dialog
from autosky_desktop.ui.widgets.table import RecordTable
from autosky_desktop.ui.widgets.table_model import END, Column, RecordTableModel
from autosky_desktop.ui.words import counts, states
from autosky_desktop.ui.words import sessions as words
from autosky_desktop.ui.words.language import translate

WIDTH = 820
LEAST_ROWS, MOST_ROWS = 4, 24
BESIDE, ROW = 400, 32
"""Pixels of this window that are no rows of the two lists, and of each row."""
NAMED = 8
"""Accounts that a question names; the others are counted."""


class InstancesWindow(Dialog):
    """Live while it is open: it stops watching the store when it closes."""

    def __init__(
        self,
        parent: QWidget,
        environment: Environment,
        store: Store,
        intents: Intents,
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(parent, translate("InstancesWindow", "Instances"), width=WIDTH)
        self._environment, self._store = environment, store
        self._intents, self._tasks = intents, tasks
        self.set_subtitle(environment.name)
        self.tag.show_label(environment.label, states.label(environment.label))
        self._details = store.details(environment.id)
        self._counted: object = None
        self._model: RecordTableModel[Instance] = RecordTableModel(
            _columns(), order=lambda it: it.name
        )
        instances, accounts = _rows(parent.window().height(), len(self._details.instances))
        self.table = RecordTable(self._model, compact=True, most_rows=instances)
        self.table.setAccessibleName(self.tr("Instances"))
        self._empty = QLabel(self.tr("No instance is running. They start when users sign in."))
        set_style(self._empty, TextStyle.BODY, "text2")
        self.table.clicked.connect(lambda _index: self._look_into())
        self.table.activated_record.connect(lambda _instance: self._look_into())
        self.accounts = Accounts(environment.id, intents, tasks, now, rows=accounts)
        self.accounts.end_asked.connect(self._ask)
        for widget in (self.table, self._empty, self.accounts):
            self.body.addWidget(widget)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.accounts.look_for)
        self._details.instances.watch(self._changed)
        store.watch(self._refresh)
        self._refresh()
        self.finished.connect(self._leave)

    def _leave(self) -> None:
        self._details.instances.unwatch(self._changed)
        self._store.unwatch(self._refresh)
        self.accounts.stop_reading()
        self.deleteLater()

    def _changed(self, diff: Diff[Instance]) -> None:
        self._model.apply(diff)
        instances = list(self._details.instances)
        self._empty.setVisible(not instances)
        self.table.setVisible(bool(instances))
        self.accounts.show_instances(instances)
        counted = {it.id: it.sessions for it in instances}
        if counted != self._counted:
            self._counted = counted
            self.accounts.read_soon()

    def _look_into(self) -> None:
        """Show who is on the instance that was chosen."""
        if instance := self.table.current_record():
            self.accounts.show_only(instance.name)

    def _refresh(self) -> None:
        self.accounts.show_line(self._store.connection)

    def _ask(self, chosen: Sequence[Session]) -> None:
        environment = self._store.environments.get(self._environment.id) or self._environment
        order = self._intents.end_sessions(environment.id, [it.id for it in chosen])
        accounts = {it.id: it.account for it in chosen}

        async def act() -> None:
            text = words.result(await order.send(), accounts)
            self.set_note(text)
            announce(self, text)
            self.accounts.read()

        def asked() -> Ask:
            """Of those who are still there."""
            left = [it for it in chosen if self.accounts.sessions.get(it.id)]
            reason = "" if left else self.tr("Everyone you chose has signed out by now.")
            if not self._store.connection.live:
                reason = self.tr("No connection to the control plane")
            return replace(_words(environment, left or chosen), reason=reason)

        question = Question(self, environment, asked(), act, self._tasks)

        def follow(_diff: object = None) -> None:
            question.change(asked())

        self.accounts.sessions.watch(follow)
        self._store.watch(follow)
        question.finished.connect(lambda: self.accounts.sessions.unwatch(follow))
        question.finished.connect(lambda: self._store.unwatch(follow))
        question.open()


def _rows(height: int, instances: int) -> tuple[int, int]:
    """How many rows the lists of instances and of accounts show in a window so high.

    Neither gets less than the least, and the instances at most two thirds.
    """
    room = max(2 * LEAST_ROWS, min(MOST_ROWS, (height - scaled(BESIDE)) // scaled(ROW)))
    upper = min(max(LEAST_ROWS, instances), room * 2 // 3, room - LEAST_ROWS)
    return upper, room - upper


def _columns() -> tuple[Column[Instance], ...]:
    none, unsaid = (
        translate("InstancesWindow", "None"),
        translate("InstancesWindow", "Not reported"),
    )
    return (
        Column(translate("InstancesWindow", "Instance"), lambda it: it.name, kind="name",
               weight=20, sort=lambda it: it.name),
        Column(translate("InstancesWindow", "Public IP"), lambda it: it.public_ip,
               kind="address", weight=24, missing=none, sort=lambda it: by_number(it.public_ip)),
        Column(translate("InstancesWindow", "Private IP"), lambda it: it.private_ip,
               kind="address", weight=24, missing=none, sort=lambda it: by_number(it.private_ip)),
        Column(translate("InstancesWindow", "Sessions"), _sessions, weight=14, align=END,
               missing=unsaid, sort=lambda it: it.sessions),
        Column(translate("InstancesWindow", "Version"), lambda it: str(it.version), weight=12,
               align=END, sort=lambda it: it.version),
        Column(translate("InstancesWindow", "Status"), kind="status", weight=24,
               status=states.instance_look, sort=lambda it: states.instance_state(it.status)),
    )  # fmt: skip


def _sessions(instance: Instance) -> str | None:
    return None if instance.sessions is None else str(instance.sessions)


def _words(environment: Environment, chosen: Sequence[Session]) -> Ask:
    named = ", ".join(escape(it.account) for it in chosen[:NAMED])
    if rest := len(chosen) - NAMED if len(chosen) > NAMED else 0:
        named = translate("sessions", "{accounts} and {n} more").format(accounts=named, n=rest)
    one, many = (
        translate("sessions", "<b>{sessions}</b> ends at once: {accounts}."),
        translate("sessions", "<b>{sessions}</b> end at once: {accounts}."),
    )
    number = len(chosen)
    ends = Consequence(
        "users",
        "bad",
        (one if number == 1 else many).format(sessions=counts.sessions(number), accounts=named),
        translate("sessions", "Users get no warning. Unsaved work in them is lost."),
    )
    stays = Consequence(
        "layers",
        "ok",
        translate("sessions", "The instances keep running; users can sign in again."),
    )
    return Ask(
        translate("sessions", "End sessions"),
        words.question(chosen, environment.name),
        (ends, stays),
        words.end(number),
        translate("sessions", "Ending…"),
        hurts=True,
    )
