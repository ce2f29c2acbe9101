"""The details of one publication, live while it runs."""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.estimate import span_left
from autosky_desktop.domain.publication import Publication, StepState
from autosky_desktop.store.table import Diff, Table
from autosky_desktop.ui.icons import IconLabel
from autosky_desktop.ui.publish.steps import StepsTable
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.ticking import SECOND, Ticking
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.dialog import DETAILS, Dialog
from autosky_desktop.ui.widgets.field import Field
from autosky_desktop.ui.widgets.status import StatusPill
from autosky_desktop.ui.words import counts, publishing, states
from autosky_desktop.ui.words.language import translate
from autosky_desktop.ui.words.times import clock, duration_in_words, moment_in_full


def show_details(
    window: QWidget,
    publication: str,
    table: Table[Publication],
    environment: Environment,
    now: Callable[[], datetime],
) -> None:
    """Open the details of a publication that is in `table`."""
    if table.get(publication) is not None:
        Details(window, publication, table, environment, now).open()


class Details(Dialog):
    """Who, version, model, options, start, end, duration, note, and the six steps."""

    def __init__(
        self,
        window: QWidget,
        publication: str,
        table: Table[Publication],
        environment: Environment,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(
            window,
            "",
            window_title=translate("Details", "Publication details"),
            width=DETAILS,
            safe=translate("Details", "Close"),
        )
        self._publication = publication
        self._table = table
        self._environment = environment
        self._now = now
        self._pill = StatusPill()
        self._failure, self._touched = QLabel(), QLabel()
        set_style(self._failure, TextStyle.BODY, "bad")
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
        copy = Button(self.tr("Copy details"), icon="copy")
        copy.clicked.connect(self._copy)
        self.add_at_foot(copy)
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
        name = self.tr("Version {version}").format(version=run.version)
        self.set_title(name)
        self.setAccessibleName(self.tr("Details of version {version}").format(version=run.version))
        self.set_subtitle(
            self.tr("Published to {environment}").format(environment=self._environment.name)
        )
        self._pill.show_status(*states.publication_look(run))
        for field, (_label, value) in zip(self._fields, self._values(run), strict=True):
            field.show_value(value, missing="–")
        failed = [step for step in run.steps if StepState(step.state) is StepState.FAILED]
        self._failure.setVisible(bool(failed))
        if failed:
            self._failure.setText(publishing.failure(failed[0]))
        self._steps.show_run(run)
        self._touched.setText(self._sums(run))

    def _values(self, run: Publication) -> list[tuple[str, str | None]]:
        taken = None
        if run.started_at:
            taken = duration_in_words(
                ((run.ended_at or self._now()) - run.started_at).total_seconds()
            )
        return [
            (self.tr("Published by"), run.publisher),
            (self.tr("Model"), publishing.model(run.model)),
            (self.tr("Options"), publishing.options(run.options)),
            (self.tr("Start"), moment_in_full(run.started_at) if run.started_at else None),
            (self.tr("End"), self._end(run)),
            (self.tr("Total duration"), taken),
            (self.tr("Version"), str(run.version)),
            (self.tr("Note"), run.note or None),
        ]

    def _end(self, run: Publication) -> str | None:
        """When it ended, or when it will as the last ones went."""
        if run.ended_at:
            return moment_in_full(run.ended_at)
        now = self._now()
        before = [it for it in self._table if it.requested_at < run.requested_at]
        before.sort(key=lambda it: it.requested_at, reverse=True)
        rest = span_left(run, before, now=now)
        if rest is None:
            return None
        return self.tr("About {time}").format(time=clock(now + timedelta(seconds=rest.usual)))

    def _make_fields(self) -> list[Field]:
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        run = self._table.get(self._publication)
        assert run is not None
        fields = [Field(label) for label, _value in self._values(run)]
        for number, field in enumerate(fields[:-1]):
            grid.addWidget(field, number // 3, number % 3)
        grid.addWidget(fields[-1], 2, 1, 1, 2)
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

    def _sums(self, run: Publication) -> str:
        parts = [
            self.tr("{instances} replaced").format(
                instances=counts.instances(run.instances_replaced)
            ),
            self.tr("{sessions} ended").format(sessions=counts.sessions(run.sessions_ended)),
        ]
        if run.platform_version:
            parts.append(self.tr("platform version {v}").format(v=run.platform_version))
        return " · ".join(parts)

    def _copy(self) -> None:
        """Plain text, for a ticket or a message."""
        run = self._table.get(self._publication)
        if run is None:
            return
        lines = [f"{self._environment.name}"]
        lines += [f"{label}: {value or '–'}" for label, value in self._values(run)]
        lines.append(f"{self.tr('Result')}: {states.publication_look(run)[1]}")
        lines += [
            f"{number}. {states.step_name(step.name)}: "
            f"{publishing.step_time(step, (), now=self._now(), ended=run.ended)}"
            for number, step in enumerate(run.steps, start=1)
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))
