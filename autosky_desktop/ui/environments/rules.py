"""The third step of adding an environment: its name, its times and its limits."""

from collections.abc import Mapping
from datetime import time

from PySide6.QtWidgets import QLineEdit, QWidget

from autosky_desktop.actions.environments import NO_TIME, EnvironmentDraft
from autosky_desktop.domain.environment import MICRO, SCALING, Label
from autosky_desktop.ui.environments.pages import StepPage
from autosky_desktop.ui.publish.schedule.zones import ZoneSelect
from autosky_desktop.ui.widgets.input.check_box import Option
from autosky_desktop.ui.widgets.input.labelled import Labelled
from autosky_desktop.ui.widgets.input.number import Number
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.ui.widgets.input.time_field import TimeField
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words import states
from autosky_desktop.words.labels import environments as labels
from autosky_desktop.words.language import _, pgettext
from autosky_desktop.words.times import zone

DAY = 24
USUAL_STOP = time(19)
USUAL_RECONNECTIONS, MOST_RECONNECTIONS = 4, 1000


class RulesPage(StepPage):
    """The page with what all environments have, wherever their machines are."""

    def __init__(self, draft: EnvironmentDraft) -> None:
        super().__init__(draft)
        self._name = Labelled(_(labels.NAME), self._make_name())
        self._label = Labelled(_(labels.LABEL), self._make_label(), hint=_(labels.LABEL_HINT))
        self._zone = Labelled(_(labels.TIME_ZONE), self._make_zone())
        self._add(self._name, share=3)
        self._add(self._label, self._zone)
        self._add_kind()
        self._add(
            self._hours("run_hours", _(labels.RUN_HOURS)),
            self._hours("longest_extension_hours", _(labels.LONGEST_EXTENSION)),
        )
        self._add_daily_stop()
        self._add_limit()

    def tell(self, problems: Mapping[str, str]) -> None:
        self._name.tell(problems.get("name", ""))
        self._stop.tell(problems.get("daily_stop", ""))
        if "name" in problems:
            self._name.field.setFocus()
        elif "daily_stop" in problems:
            self._stop.field.setFocus()

    def _add(self, *fields: QWidget, share: int = 1) -> None:
        row = WrappingRow(spacing=14)
        for field in fields:
            row.add(field, share=share)
        self.column.addWidget(row)

    def _change(self, **more: object) -> None:
        self.draft.change(**more)
        self.edited.emit()

    def _make_name(self) -> QLineEdit:
        name = QLineEdit(self.draft.settings.name)
        name.setMaxLength(200)

        def typed(text: str) -> None:
            self._name.tell("")
            self._change(name=text.strip())

        name.textEdited.connect(typed)
        return name

    def _make_label(self) -> Select:
        select, now = Select(), self.draft.settings.label
        usual = [(it.value, states.label(it)) for it in (Label.PRODUCTION, Label.STAGING)]
        usual.append(("test", pgettext("label", labels.TEST)))
        if now not in dict(usual):
            usual.append((now, states.label(now) or _(labels.NONE)))
        for word, name in usual:
            select.addItem(name, word)
        select.setCurrentIndex(select.findData(now))
        select.activated.connect(lambda: self._change(label=select.currentData()))
        return select

    def _make_zone(self) -> ZoneSelect:
        select = ZoneSelect()
        if self.draft.before is None and not self.draft.touched:
            self.draft.begin_in(zone())
        select.offer(self.draft.settings.time_zone)
        select.activated.connect(lambda: self._change(time_zone=select.zone))
        return select

    def _add_kind(self) -> None:
        box = Option(
            _(labels.PUBLISHES_VERSIONS),
            _(labels.WHAT_MICRO_IS),
            checked=self.draft.settings.kind == SCALING,
        )
        box.toggled.connect(lambda on: self._change(kind=SCALING if on else MICRO))
        self.column.addWidget(box)

    def _hours(self, name: str, title: str) -> Labelled:
        number = Number(1, DAY)
        number.name(title)
        number.setValue(getattr(self.draft.settings, name))
        number.valueChanged.connect(lambda hours: self._change(**{name: hours}))
        return Labelled(title, number)

    def _add_daily_stop(self) -> None:
        now = self.draft.settings.daily_stop
        box = Option(_(labels.STOP_EVERY_DAY), _(labels.IN_ITS_TIME_ZONE), checked=now is not None)
        field = TimeField()
        field.setAccessibleName(_(labels.DAILY_STOP_AT))
        field.show_clock(time.fromisoformat(now) if now else USUAL_STOP)
        self._stop = Labelled(_(labels.DAILY_STOP_AT), field)
        self._stop.setVisible(now is not None)

        def change() -> None:
            self._stop.setVisible(box.checked())
            self._stop.tell("")
            stop = f"{field.clock:%H:%M}" if field.clock else NO_TIME
            self._change(daily_stop=stop if box.checked() else None)

        box.toggled.connect(change)
        field.changed.connect(change)
        self.column.addWidget(box)
        self.column.addWidget(self._stop)

    def _add_limit(self) -> None:
        now = self.draft.settings.monthly_reconnections
        box = Option(_(labels.LIMIT_RECONNECTIONS), checked=now is not None)
        number = Number(0, MOST_RECONNECTIONS)
        number.name(_(labels.A_MONTH))
        number.setValue(USUAL_RECONNECTIONS if now is None else now)
        row = Labelled(_(labels.A_MONTH), number)
        row.setVisible(now is not None)

        def change() -> None:
            row.setVisible(box.checked())
            self._change(monthly_reconnections=number.value() if box.checked() else None)

        box.toggled.connect(change)
        number.valueChanged.connect(change)
        self.column.addWidget(box)
        self.column.addWidget(row)
