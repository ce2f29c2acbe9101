"""A moment to come: date, time and zone, in words and in UTC before anything is asked.

A time that a change of the clocks skips or doubles is named, and the person says which is meant.
"""

from collections.abc import Callable
from datetime import datetime, time

from PySide6.QtCore import QDate, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.domain.local_time import Fit, Moment, Resolved, resolved
from autosky_desktop.ui.publish.schedule.zones import ZoneSelect
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.theme.style import wear
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.ui.widgets.input.date_field import DateField
from autosky_desktop.ui.widgets.input.labelled import Labelled
from autosky_desktop.ui.widgets.input.time_field import TimeField
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words import scheduling as words
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _


class MomentField(QWidget):
    """Asks for a moment. `moment` is None while there is none; `problem` then says why."""

    changed = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._chosen: Moment | None = None
        self._found: Resolved | None = None
        self._day, self._time, self._zone = DateField(), TimeField(), ZoneSelect()
        self._box, self._words = QFrame(), QLabel()
        self._choices = [Button("", small=True) for _number in range(2)]
        self._lay_out()
        self._day.dateChanged.connect(self._changed)
        self._time.changed.connect(self._changed)
        self._zone.currentIndexChanged.connect(self._changed)
        for number, button in enumerate(self._choices):
            button.clicked.connect(lambda _on=False, it=number: self._choose(it))

    def begin(self, at: datetime, time_zone: str) -> None:
        """Show that moment in that zone."""
        local = words.in_zone(at, time_zone)
        with QSignalBlocker(self._day), QSignalBlocker(self._time), QSignalBlocker(self._zone):
            self._zone.offer(time_zone)
            self._day.setDate(QDate(local.year, local.month, local.day))
            self._time.show_clock(time(local.hour, local.minute))
        self._changed()
        for number, shown in enumerate(self._found.moments if self._found else ()):
            if shown.at == at and self._chosen is None:
                self._choose(number)  # it is known which one of an hour that comes twice

    @property
    def time_zone(self) -> str:
        return self._zone.zone

    @property
    def moment(self) -> datetime | None:
        """The moment in UTC; None while there is none to come."""
        if self._chosen is None or self._chosen.at <= self._now():
            return None
        return self._chosen.at

    @property
    def typed(self) -> tuple[object, ...]:
        """The day, time and zone that stand in its fields."""
        return self._day.day, self._time.clock, self.time_zone

    def problem(self) -> str:
        """Say why there is no moment; empty when there is one."""
        clock, day, found = self._time.clock, self._day.day, self._found
        if clock is None or found is None:
            return words.no_time()
        if self._chosen is None and found.fit is Fit.SKIPPED:
            return words.skipped(day, clock, self.time_zone)
        if self._chosen is None:
            return words.twice(day, clock, self.time_zone)
        if self.moment:
            return ""
        today = words.in_zone(self._now(), self.time_zone).date()
        return words.day_over(day) if day < today else words.over(clock)

    def show_words(self) -> None:
        """Say the moment in words, which change as time goes by."""
        text, at = self.problem(), self.moment
        wear(self._box, "kind", "notice" if at else "warning")
        if at:
            first, second = words.in_words(at, self.time_zone, self._now())
            self._words.setText(f"<b>{first}</b> {second}")
            when, _utc = words.in_words(at, self.time_zone, self._now(), inside=True)
            runs = _(labels.RUNS_WHEN).format(when=when)
            self._words.setAccessibleName(f"{runs} {second}")
        else:
            self._words.setText(text)
            self._words.setAccessibleName(text)

    @property
    def first(self) -> QWidget:
        return self._day

    def _changed(self) -> None:
        day, clock = self._day.day, self._time.clock
        found = None if clock is None else resolved(day, clock, self.time_zone)
        self._found = found
        self._chosen = found.moments[0] if found and found.fit is Fit.ONCE else None
        if found:
            self._zone.show_offset(found.moments[0].offset)
        offered = found.moments if found and found.fit is not Fit.ONCE else ()
        for number, button in enumerate(self._choices):
            button.setVisible(number < len(offered))
            if number < len(offered):
                button.setText(self._choice(number, offered[number]))
        self.show_words()
        self.changed.emit()

    def _choice(self, number: int, moment: Moment) -> str:
        if self._found and self._found.fit is Fit.SKIPPED:
            return words.instead(moment, self.time_zone)
        return words.one_of_two(number, moment)

    def _choose(self, number: int) -> None:
        if self._found:
            self._chosen = self._found.moments[number]
            self.show_words()
            self.changed.emit()

    def _lay_out(self) -> None:
        self._box.setProperty("kind", "notice")
        set_style(self._words, TextStyle.BODY)
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setWordWrap(True)
        inside = QHBoxLayout(self._box)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.setSpacing(10)
        inside.addWidget(IconLabel("clock", "text"), 0, Qt.AlignmentFlag.AlignTop)
        inside.addWidget(self._words, 1)
        for button in self._choices:
            button.hide()
            inside.addWidget(button)
        row = WrappingRow()
        row.add(Labelled(_(labels.DATE), self._day))
        row.add(Labelled(_(labels.TIME), self._time))
        row.add(Labelled(_(labels.TIME_ZONE), self._zone), share=1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(row)
        column.addWidget(self._box)
