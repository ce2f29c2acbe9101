"""The publishing history: who published what, with what result, and how long it took."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QWidget

from autosky_desktop.domain.publication import Publication
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.ui.widgets.table import RecordTable
from autosky_desktop.ui.widgets.table_model import Column, RecordTableModel
from autosky_desktop.ui.words import publishing, states
from autosky_desktop.ui.words.language import translate
from autosky_desktop.ui.words.times import moment

END = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MOST_ROWS = 50


class HistoryCard(Card):
    """Newest first; the running one is the first row."""

    details_asked = Signal(object)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(
            translate("HistoryCard", "Publishing history"),
            translate("HistoryCard", "All models, newest first"),
            parent=parent,
        )
        self._now = now
        self._model: RecordTableModel[Publication] = RecordTableModel(
            self._columns(), order=lambda run: run.requested_at, descending=True
        )
        self.table = RecordTable(self._model, most_rows=MOST_ROWS)
        self.table.setAccessibleName(self.tr("Publishing history"))
        self.table.info_requested.connect(self.details_asked)
        self.table.activated_record.connect(self.details_asked)
        self.table.menu_requested.connect(self._open_menu)
        self._empty = QLabel(self.tr("Nothing has been published from here yet."))
        self._empty.setContentsMargins(16, 12, 16, 12)
        set_style(self._empty, TextStyle.BODY, "text2")
        self.set_table(self.table)
        self.body.addWidget(self._empty)

    def apply(self, diff: Diff[Publication]) -> None:
        self._model.apply(diff)
        self._show_empty()

    def show_loaded(self, loaded: bool) -> None:
        self._loaded = loaded
        self._show_empty()

    _loaded = False

    def tick(self) -> None:
        """Repaint the duration of what is running."""
        if self._model.rowCount() and not self._model.record(0).ended:
            self.table.viewport().update()

    def _show_empty(self) -> None:
        rows = self._model.rowCount()
        self._empty.setVisible(self._loaded and rows == 0)
        self.table.setVisible(rows > 0)

    def _columns(self) -> tuple[Column[Publication], ...]:
        return (
            Column(
                self.tr("Date"),
                lambda run: moment(run.started_at or run.requested_at, now=self._now()),
                kind="date-info",
                weight=17,
                sort=lambda run: run.requested_at,
                accessible=lambda run: self.tr("Details of the publication of {date}").format(
                    date=moment(run.started_at or run.requested_at, now=self._now())
                ),
            ),
            Column(
                self.tr("Version"), publishing.version, weight=8,
                sort=lambda run: run.version,
            ),
            Column(self.tr("Publisher"), lambda run: run.publisher, weight=12, hide_below=720),
            Column(self.tr("Model"), publishing.kind_of, weight=13),
            Column(self.tr("Result"), kind="status", weight=17, status=states.publication_look),
            Column(
                self.tr("Duration"), lambda run: states.took(run, now=self._now()), weight=9,
                align=END, ticks=True,
            ),
            Column(
                self.tr("Note"), lambda run: run.note, kind="quiet", weight=20, hide_below=860
            ),
            Column(
                "",
                kind="menu",
                width=52,
                accessible=lambda run: self.tr("Actions for the publication of {date}").format(
                    date=moment(run.started_at or run.requested_at, now=self._now())
                ),
            ),
        )  # fmt: skip

    def _open_menu(self, run: Publication, place: QPoint) -> None:
        menu = Menu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        details = menu.add(self.tr("Details") + "\tEnter", "info")
        details.triggered.connect(lambda: self.details_asked.emit(run))
        menu.popup_inside(place, self.window())
