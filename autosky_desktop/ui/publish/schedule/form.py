"""The form of a publication for later: when, in which zone, and any model with its options."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import asdict, replace
from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.domain.plan import (
    MODELS,
    EditRequest,
    Model,
    Plan,
    PreviewRequest,
    PublishRequest,
    Schedule,
)
from autosky_desktop.domain.publication import Preview, Publication
from autosky_desktop.ui.publish.form.form import PublishForm
from autosky_desktop.ui.publish.form.models import ModelFields, make_fields, small_print
from autosky_desktop.ui.publish.schedule.moment import MomentField
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.input.labelled import Labelled
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words import publishing, scheduling
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _


class ScheduleForm(PublishForm):
    """Asks for the moment as well.

    `editing`: the scheduled publication that is being changed; None: a new one.
    """

    icon = "calendar"

    def __init__(
        self, now: Callable[[], datetime], time_zone: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(Model.OPTIMIZED, now, time_zone, parent)
        self._say_what()

    def lay_out(self) -> None:
        self.at = MomentField(self.now)
        self._model, self._place = Select(), QVBoxLayout()
        for model in MODELS:
            self._model.addItem(publishing.model(model), model)
        self._made: dict[Model, ModelFields] = {}
        self._leave = Button(_(labels.CANCEL_THE_CHANGE), "link")
        self._leave.clicked.connect(self.reset)
        self._leave.hide()
        self.add_action(self._leave)
        row = WrappingRow(spacing=14)
        row.add(Labelled(_(labels.MODEL), self._model), share=1)
        row.add(self.particulars.note, share=1)
        self.body.addWidget(self.at)
        self.body.addWidget(small_print(scheduling.only_while_open()))
        self.body.addWidget(row)
        self.body.addLayout(self._place)
        self.put_away(self.particulars.note)
        self.fields.deleteLater()
        self._choose(Model.OPTIMIZED)
        self.at.changed.connect(self._moved)
        self._model.currentIndexChanged.connect(lambda: self._choose(self._chosen()))
        self._begin()

    def plan_of(self, told: Mapping[str, Any]) -> Plan:
        return replace(super().plan_of(told), model=self._chosen().value)

    @property
    def typed_zone(self) -> str:
        return self.at.time_zone

    def preview_request(self) -> PreviewRequest | None:
        if self.fields.problem() or self.at.moment is None:
            return None
        editing = self.editing.id if self.editing else None
        return PreviewRequest(plan=self.plan_to_look_at(), at=self.at.moment, editing=editing)

    def request(self, version: int) -> PublishRequest:
        request = super().request(version)
        at = self.at.moment
        if at is None:
            return request
        request = replace(request, schedule=Schedule(at=at, time_zone=self.at.time_zone))
        if self.editing:
            since = self.editing.changed_at or self.editing.requested_at
            return EditRequest(**asdict(request), unchanged_since=since)
        return request

    def problem(self) -> str:
        return self.at.problem() or super().problem()

    def edit(self, run: Publication) -> None:
        """Show a scheduled publication, to be changed."""
        self.reset()
        self.editing = run
        self.publish_again(run.plan.image_of)
        self._model.setCurrentIndex(MODELS.index(Model(run.plan.model)))
        self.put(run.plan)
        self.particulars.put_names(run.publisher, run.note)
        if run.scheduled_for:
            self.at.begin(run.scheduled_for, run.time_zone or self.time_zone)
        self.begin_here()
        self._say_what()

    def publish_again(self, version: int | None) -> None:
        super().publish_again(version)
        for fields in self._made.values():
            fields.set_again(version is not None)
        self._say_what()

    def reset(self) -> None:
        if self.editing:
            self.publish_again(None)
        self.editing = None
        self._model.setCurrentIndex(0)
        for fields in self._made.values():
            fields.reset()
        self._begin()
        super().reset()
        self._say_what()

    def state(self) -> tuple[object, ...]:
        return (*super().state(), *self.at.typed)

    def tick(self) -> None:
        """Renew the words of the moments, which change with the time."""
        super().tick()
        self.at.show_words()

    def act(self, preview: Preview) -> str:  # noqa: ARG002
        return self._words()

    @property
    def first(self) -> QWidget:
        return self.at.first

    def _say_what(self) -> None:
        self._leave.setVisible(self.editing is not None)
        again = _(labels.SCHEDULE_VERSION_N_AGAIN).format(n=self.again)
        self.set_title(
            _(labels.CHANGE_SCHEDULED_PUBLICATION)
            if self.editing
            else _(labels.SCHEDULE_A_PUBLICATION)
            if self.again is None
            else again
        )
        self.set_purpose("" if self.editing else _(labels.RUNS_ONCE))
        self.setAccessibleName(_(labels.SCHEDULE_A_PUBLICATION))
        self.button.setText(self._words())

    def _words(self) -> str:
        at = self.at.moment
        if at is None:
            return _(labels.SCHEDULE)
        when = scheduling.when(at, self.at.time_zone, self.now())
        text = _(labels.CHANGE_TO_WHEN) if self.editing else _(labels.SCHEDULE_FOR_WHEN)
        return text.format(when=when)

    def _moved(self) -> None:
        self.button.setText(self._words())
        self.changed.emit()

    def _begin(self) -> None:
        """Fill in this evening at ten, or the next whole hour when that is over."""
        now = scheduling.in_zone(self.now(), self.time_zone)
        evening = now.replace(hour=22, minute=0, second=0, microsecond=0)
        later = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
        self.at.begin(max(evening, later), self.time_zone)

    def _chosen(self) -> Model:
        return Model(self._model.currentData())  # Qt keeps no more of it than a str

    def _choose(self, model: Model) -> None:
        if model not in self._made:
            self._made[model] = make_fields(model, self.now, self.time_zone, brief=True)
            self._made[model].set_again(self.again is not None)
            self._place.addWidget(self._made[model])
            self.follow(self._made[model])
        self.fields = self._made[model]
        for fields in self._made.values():
            fields.setVisible(fields is self.fields)
        self.changed.emit()
