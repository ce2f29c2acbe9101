"""Publications that wait for their time: when, what, by whom, and what can be done about them."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from autosky_desktop.domain.publication import Publication
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.publish.runs import is_scheduled
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.ticking import MINUTE
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.ui.widgets.table import RecordTable
from autosky_desktop.ui.widgets.table_model import Column, RecordTableModel
from autosky_desktop.ui.words import publishing, scheduling
from autosky_desktop.ui.words.language import translate


class ScheduledCard(Card):
    """Each row's acts are in its menu, and as buttons at the foot for the row that is chosen."""

    move_asked = Signal(object)
    edit_asked = Signal(object)
    cancel_asked = Signal(object)

    def __init__(
        self, environment: str, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(translate("ScheduledCard", "Scheduled publications"), "", parent=parent)
        self._name, self._now = environment, now
        self._known: dict[str, Publication] = {}
        self._reason = ""
        self._model: RecordTableModel[Publication] = RecordTableModel(
            self._columns(), order=lambda run: run.scheduled_for or run.requested_at
        )
        self.table = RecordTable(self._model)
        self.table.setAccessibleName(self.tr("Scheduled publications"))
        self.table.menu_requested.connect(self._open_menu)
        self.table.activated_record.connect(self.move_asked)
        self.table.selectionModel().currentRowChanged.connect(lambda: self._show_foot())
        self._empty = QLabel(self.tr("Nothing is scheduled for {name}.").format(name=environment))
        self._empty.setContentsMargins(16, 12, 16, 12)
        set_style(self._empty, TextStyle.BODY, "text2")
        self.set_table(self.table)
        self.body.addWidget(self._empty)
        self._foot = self._make_foot()
        self.body.addWidget(self._foot)
        self._show_empty()

    def apply(self, diff: Diff[Publication]) -> None:
        """Of all publications: those that wait come, and go when they start."""
        wait = {it.id: it for it in (*diff.changed, *diff.added) if is_scheduled(it)}
        over = [it.id for it in diff.changed if not is_scheduled(it)]
        gone = tuple(it for it in (*diff.removed, *over) if it in self._known)
        added = tuple(it for key, it in wait.items() if key not in self._known)
        changed = tuple(it for key, it in wait.items() if key in self._known)
        for key in gone:
            del self._known[key]
        self._known.update(wait)
        self._model.apply(Diff(removed=gone, changed=changed, added=added))
        self._show_empty()

    def allow(self, reason: str) -> None:
        """Free what changes something, or say why it is off."""
        self._reason = reason
        self._show_foot()

    def tick(self) -> int | None:
        """How long until they start."""
        self.table.viewport().update()
        return MINUTE if self._known else None

    def _show_empty(self) -> None:
        rows = self._model.rowCount()
        self._empty.setVisible(rows == 0)
        self.table.setVisible(rows > 0)
        waiting = self.tr("{n} waiting for {name}").format(n=rows, name=self._name)
        self.set_purpose(waiting if rows else "")
        self.table.set_rounded_foot(False)
        if rows and self.table.current_record() is None:
            self.table.selectRow(0)
        self._show_foot()

    def _show_foot(self) -> None:
        run = self.table.current_record()
        self._foot.setVisible(run is not None)
        if run is None:
            return
        when = self._when(run)
        for button, name in (
            (self._move, self.tr("Move publication of {when}")),
            (self._edit, self.tr("Edit publication of {when}")),
            (self._cancel, self.tr("Cancel publication of {when}")),
        ):
            button.setAccessibleName(name.format(when=when))
            button.setEnabled(not self._reason)
            button.setAccessibleDescription(self._reason)
        self._chosen.setText(self.tr("Publication of {when}:").format(when=when))

    def _when(self, run: Publication) -> str:
        at = run.scheduled_for or run.requested_at
        return scheduling.when(at, run.time_zone or "UTC", self._now())

    def _columns(self) -> tuple[Column[Publication], ...]:
        return (
            Column(self.tr("When"), self._row_when, kind="name", weight=30),
            Column(
                self.tr("Time zone"), lambda run: run.time_zone or "UTC", weight=18,
                hide_below=720,
            ),
            Column(self.tr("Model"), lambda run: publishing.model(run.model), weight=18),
            Column(self.tr("Options"), publishing.what_is_chosen, kind="quiet", weight=26),
            Column(self.tr("Scheduled by"), lambda run: run.publisher, weight=14),
            Column(
                "",
                kind="menu",
                width=52,
                accessible=lambda run: self.tr("Actions for the publication of {date}").format(
                    date=self._when(run)
                ),
            ),
        )  # fmt: skip

    def _row_when(self, run: Publication) -> str:
        when, now = self._when(run), self._now()
        ahead = scheduling.ahead(run.scheduled_for or run.requested_at, now)
        return f"{when[:1].upper()}{when[1:]}, {ahead}"

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        self._chosen = QLabel()
        set_style(self._chosen, TextStyle.SMALL, "text2")
        self._move = Button(self.tr("Move…"), small=True)
        self._edit = Button(self.tr("Edit"), small=True)
        self._cancel = Button(self.tr("Cancel…"), small=True)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self._chosen, 1)
        for button, signal in (
            (self._move, self.move_asked),
            (self._edit, self.edit_asked),
            (self._cancel, self.cancel_asked),
        ):
            row.addWidget(button)
            button.clicked.connect(lambda _on=False, it=signal: self._act(it))
        return foot

    def _act(self, signal: Signal) -> None:
        if (run := self.table.current_record()) is not None:
            signal.emit(run)  # type: ignore[attr-defined]

    def _open_menu(self, run: Publication, place: QPoint) -> None:
        menu = Menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for text, icon, signal in (
            (self.tr("Move…"), "clock-plus", self.move_asked),
            (self.tr("Edit"), "gear", self.edit_asked),
            (self.tr("Cancel…"), "clock-x", self.cancel_asked),
        ):
            line = menu.add(text, icon, reason=self._reason)
            line.triggered.connect(lambda _on=False, it=signal: it.emit(run))
        menu.popup_inside(place, self.window())
