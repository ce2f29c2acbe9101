"""The filters of the record: which kind of entry, by whom, on which day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QDate, QObject, QSignalBlocker, Signal

from autosky_desktop.domain.activity import Activity, ActivityKind
from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.widgets.input.date_field import DateField
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.words import activity as words
from autosky_desktop.words.labels import activity as labels
from autosky_desktop.words.language import _

SCHEDULE = ""
"""The value that stands for the schedule instead of a person, also in the request."""
OTHER = -1
"""The value that stands for another day instead of the number of days ago."""

LEAST, MOST = 92, 176
"""The least and the greatest width of a filter: a long name gives way."""


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """The chosen filters; a field that is None lets everything through. `by` SCHEDULE: nobody asked
    for it.
    """

    kind: str | None = None
    by: str | None = None
    day: date | None = None

    def __bool__(self) -> bool:
        return self != ActivityFilter()

    def wanted(self) -> dict[str, str]:
        """Return the filters as the control plane is asked for them."""
        asked = {"kind": self.kind, "by": self.by}
        if self.day:
            asked["since"] = midnight(self.day).isoformat()
            asked["until"] = midnight(self.day + timedelta(days=1)).isoformat()
        return {name: value for name, value in asked.items() if value is not None}

    def matches(self, entry: Activity) -> bool:
        by = SCHEDULE if entry.by is None else entry.by
        day = entry.at.astimezone().date()
        pairs = ((self.kind, entry.kind), (self.by, by), (self.day, day))
        return all(asked is None or asked == is_so for asked, is_so in pairs)


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins on this computer."""
    return datetime.combine(day, time.min).astimezone()


class FilterBar(QObject):
    """The `fields` in which the filters are chosen, for a card to place. `changed` tells that
    another part is wanted from now on.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kind = self._select(_(labels.FILTER_ACTIVITY_BY_KIND))
        self._by = self._select(_(labels.FILTER_ACTIVITY_BY_PERSON))
        self._day = self._select(_(labels.FILTER_ACTIVITY_BY_DAY))
        self._other = self._make_other_day()
        self._people: tuple[str, ...] = ()
        self._fill()
        self._day.setMinimumWidth(self._day.sizeHint().width())  # the others have longer lines
        self.fields = (self._kind, self._by, self._day, self._other)
        self._day.currentIndexChanged.connect(self._day_chosen)
        for select in (self._kind, self._by, self._day):
            select.currentIndexChanged.connect(self.changed)

    def filter(self, today: date) -> ActivityFilter:
        ago = self._day.currentData()
        day = today - timedelta(days=ago) if ago is not None else None
        if ago == OTHER:
            day = self._other.day
        return ActivityFilter(self._kind.currentData(), self._by.currentData(), day)

    def offer(self, people: list[str]) -> None:
        """Add people who have asked for something to the choice; who is chosen stays chosen."""
        for person in people:
            if person not in self._people:
                self._people += (person,)
                self._by.addItem(person, person)

    def clear(self) -> None:
        with QSignalBlocker(self):
            for select in (self._kind, self._by, self._day):
                select.setCurrentIndex(0)
        self.changed.emit()

    def _fill(self) -> None:
        self._kind.addItem(_(labels.EVERYTHING), None)
        for kind in words.KINDS:
            self._kind.addItem(words.kind(kind), str(ActivityKind(kind)))
        self._by.addItem(_(labels.EVERYBODY), None)
        self._by.addItem(_(labels.BY_SCHEDULE), SCHEDULE)
        self._day.addItem(_(labels.ANY_DAY), None)
        self._day.addItem(_(labels.TODAY), 0)
        self._day.addItem(_(labels.YESTERDAY), 1)
        self._day.addItem(_(labels.ANOTHER_DAY), OTHER)

    def _day_chosen(self) -> None:
        other = self._day.currentData() == OTHER
        self._other.setVisible(other)
        if other:
            self._other.setFocus()

    def _select(self, name: str) -> Select:
        select = Select(small=True)
        select.name_without_label(name)
        select.setSizeAdjustPolicy(Select.SizeAdjustPolicy.AdjustToContents)
        select.setMinimumWidth(scaled(LEAST))
        select.setMaximumWidth(scaled(MOST))
        return select

    def _make_other_day(self) -> DateField:
        day = DateField(small=True)
        day.setKeyboardTracking(False)
        day.setAccessibleName(_(labels.DAY))
        day.hide()
        day.dateChanged.connect(self.changed)
        return day

    def begin_with(self, today: date) -> None:
        """Set the day that Another day stands for at first; no day after today can be chosen."""
        with QSignalBlocker(self._other):
            self._other.setMaximumDate(QDate(today.year, today.month, today.day))
            self._other.setDate(QDate(today.year, today.month, today.day).addDays(-2))
