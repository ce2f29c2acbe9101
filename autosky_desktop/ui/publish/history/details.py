"""The details of one publication, live while it runs."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.links import Link
from autosky_desktop.domain.publication import Publication, PublicationState
from autosky_desktop.store.table import Diff, Table
from autosky_desktop.ui.publish.history.again import version_of
from autosky_desktop.ui.publish.history.detail_values import copy_details, sums, values
from autosky_desktop.ui.publish.history.steps import StepsTable
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.theme.style import wear
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.dialog import DETAILS, Dialog
from autosky_desktop.ui.widgets.field import Field
from autosky_desktop.ui.widgets.hints import copy_link, tip
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.ui.widgets.open_log import LogButton
from autosky_desktop.ui.widgets.refreshing import SECOND, Ticking
from autosky_desktop.ui.widgets.status import StatusPill
from autosky_desktop.words import publishing, states
from autosky_desktop.words import running as words
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

__all__ = ["copy_details", "show_details"]


class PublishesAgain(Protocol):
    """Somebody who can publish a version again, and knows why not."""

    def why_not(self, run: Publication) -> str: ...

    def ask(self, run: Publication) -> None: ...


def show_details(
    window: QWidget,
    link: Link,
    table: Table[Publication],
    environment: Environment,
    now: Callable[[], datetime],
    *,
    again: PublishesAgain | None = None,
) -> Dialog | None:
    """Open the details of the publication in `table` that the link leads to, if it is there."""
    if table.get(link.id) is None:
        return None
    details = Details(window, link, table, environment, now, again)
    details.open()
    return details


class Details(Dialog):
    """Shows publisher, version, model, options, start, end, duration, note, and the six steps."""

    def __init__(
        self,
        window: QWidget,
        link: Link,
        table: Table[Publication],
        environment: Environment,
        now: Callable[[], datetime],
        again: PublishesAgain | None,
    ) -> None:
        super().__init__(
            window,
            "",
            window_title=_(labels.PUBLICATION_DETAILS),
            width=DETAILS,
            safe=_(labels.CLOSE),
        )
        self._link, self._publication = link, link.id
        self._table = table
        self._environment = environment
        self._now = now
        self._again = again
        self._pill = StatusPill()
        self._failure, self._touched = QLabel(), QLabel()
        set_style(self._failure, TextStyle.BODY)
        set_style(self._touched, TextStyle.BODY, "text2")
        for label in (self._failure, self._touched):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.add_beside_title(self._pill)
        self.tag.show_label(environment.label, states.label(environment.label))
        self._fields = self._make_fields()
        self._steps = StepsTable(now)
        for widget in (self._failure, self._steps):
            self.body.addWidget(widget)
        self.body.addLayout(self._make_sums())
        self._make_buttons()
        self._ticking = Ticking(self, self._tick)
        table.watch(self._changed)
        self.finished.connect(self._close)

    def _close(self) -> None:
        self._table.unwatch(self._changed)
        self.deleteLater()

    def _changed(self, _diff: Diff[Publication]) -> None:
        self._ticking.now()
        self._tick()

    def _tick(self) -> int | None:
        run = self._table.get(self._publication)
        if run is None:
            return None
        self._show(run)
        return None if run.ended else SECOND

    def _show(self, run: Publication) -> None:
        version = publishing.version(run)
        self.set_title(_(labels.VERSION_NUMBER).format(version=version))
        self.setAccessibleName(_(labels.DETAILS_OF_VERSION).format(version=version))
        there = _(labels.PUBLISHED_TO_ENVIRONMENT)
        if PublicationState(run.state) is not PublicationState.SUCCEEDED:
            there = _(labels.PUBLICATION_TO_ENVIRONMENT)
        self.set_subtitle(there.format(environment=self._environment.name))
        self._pill.show_status(*states.publication_look(run))
        shown = values(run, self._before(run), self._now())
        for field, (_label, value) in zip(self._fields, shown, strict=True):
            field.show_value(value, missing="–")
        self._fields[-1].setVisible(bool(run.note))
        failure = words.what_failed(run)
        self._failure.setVisible(bool(failure))
        self._failure.setText(failure)
        wear(self._failure, "tone", "" if words.left_apart(run) else "bad")
        self._log.show_for(failure)
        self._steps.show_run(run)
        self._touched.setText(sums(run))
        self._show_again(run)

    def _show_again(self, run: Publication) -> None:
        self._publish.setVisible(self._again is not None and run.ended)
        if self._again is None:
            return
        earlier = version_of(run)
        self._publish.setText(_(labels.PUBLISH_VERSION_N_AGAIN).format(n=earlier))
        reason = self._again.why_not(run)
        self._publish.setEnabled(not reason)
        self._publish.setToolTip(tip(reason))
        self._publish.setAccessibleDescription(reason)
        self.set_note(reason if run.ended else "")

    def _before(self, run: Publication) -> list[Publication]:
        earlier = [it for it in self._table if it.requested_at < run.requested_at]
        return sorted(earlier, key=lambda it: it.requested_at, reverse=True)

    def _make_fields(self) -> list[Field]:
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        run = self._table.get(self._publication)
        assert run is not None
        fields = [Field(label) for label, _value in values(run, (), self._now())]
        *short, options, note = fields
        for number, field in enumerate(short):
            grid.addWidget(field, number // 3, number % 3)
        for row, field in enumerate((options, note), start=len(short) // 3):
            grid.addWidget(field, row, 0, 1, 3)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)
        return fields

    def _make_sums(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconLabel("layers", "text2"))
        row.addWidget(self._touched, 1)
        return row

    def _make_buttons(self) -> None:
        link = Button(_(labels.COPY_LINK), "quiet")
        link.clicked.connect(lambda: copy_link(self, self._link))
        self.add_at_foot(link)
        self._log = LogButton(self)
        self.add_at_foot(self._log)
        copy = Button(_(labels.COPY_DETAILS), icon="copy")
        copy.clicked.connect(self._copy)
        self.add_at_foot(copy)
        self._publish = Button("", icon="undo")
        self._publish.clicked.connect(self._ask_again)
        self._publish.hide()
        self.add_before_safe(self._publish)

    def _ask_again(self) -> None:
        run = self._table.get(self._publication)
        if run and self._again:
            self.accept()
            self._again.ask(run)

    def _copy(self) -> None:
        if run := self._table.get(self._publication):
            copy_details(run, self._environment, self._now())
