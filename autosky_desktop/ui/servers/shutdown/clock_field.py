"""A clock time, typed or stepped through: the moment at which a server shall stop."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct
from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from autosky_desktop.domain.extending import DAY, QUARTER, moments
from autosky_desktop.ui.widgets.input.number import paint_arrows, place_line
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.words import shutdown as words
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.times import clock

_WRITTEN = re.compile(r"\s*(?P<day>[^\d\s]*)\s*(?P<hour>\d{1,2}?)(?:[:.h]?(?P<minute>\d{2}))?\s*")


class TypedTime(Struct, frozen=True):
    """The meaning of what was written: the clock's time, and the moments at which a clock shows it.

    No `local`: it is no time. No moment: the day skips it. Two: it comes twice that day.
    """

    local: datetime | None = None
    moments: Sequence[datetime] = ()


def read(text: str, now: datetime) -> TypedTime:
    """Read a clock time, with a day or without: then the next one is meant."""
    found = _WRITTEN.fullmatch(text)
    if found is None or (ahead := _days(found["day"])) is None:
        return TypedTime()
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if hour > 23 or minute > 59:
        return TypedTime()
    here = now.astimezone().replace(tzinfo=None)
    local = here.replace(hour=hour, minute=minute, second=0, microsecond=0) + ahead * DAY
    meant = TypedTime(local, moments(local))
    over = meant.moments[-1] <= now if meant.moments else local <= here
    return TypedTime(local + DAY, moments(local + DAY)) if over and not found["day"] else meant


def _days(word: str) -> int | None:
    if not word:
        return 0
    known = (_(labels.TODAY), _(labels.TOMORROW))
    fitting = [days for days, it in enumerate(known) if it.startswith(word.casefold())]
    return fitting[0] if len(fitting) == 1 else None


class ClockField(QAbstractSpinBox):
    """The field of a moment. `changed`: another moment is meant, or none.

    Up and Down go by a quarter of an hour.
    """

    changed = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.meant = TypedTime()
        self.moment: datetime | None = None
        for widget in (self, self.lineEdit()):
            widget.setAccessibleName(_(labels.STOP_AT))
        self.lineEdit().textEdited.connect(self._typed)

    def show_moment(self, at: datetime) -> None:
        """Write the moment out: Today 20:30, Tomorrow 01:00."""
        day = words.day_word(at, self._now())
        self.lineEdit().setText(f"{day[:1].upper()}{day[1:]} {clock(at)}")
        local = at.astimezone().replace(tzinfo=None)
        self.meant, self.moment = TypedTime(local, moments(local)), at
        self.changed.emit()

    def stepBy(self, steps: int) -> None:
        if self.moment is not None:
            on_the_quarter = self.moment.replace(minute=self.moment.minute // 15 * 15)
            if steps < 0 and on_the_quarter != self.moment:
                steps += 1
            self.show_moment(on_the_quarter + steps * QUARTER)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flag = QAbstractSpinBox.StepEnabledFlag
        return flag.StepUpEnabled | flag.StepDownEnabled

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        place_line(self, self.lineEdit())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        place_line(self, self.lineEdit())

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        """Accept whatever is typed: it is read, and said to be no time where it is none."""
        return QValidator.State.Acceptable, text, at

    @painting
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrows(self)

    def _typed(self, text: str) -> None:
        now = self._now()
        self.meant = read(text, now)
        ahead = [it for it in self.meant.moments if it > now]
        self.moment = next(iter([*ahead, *self.meant.moments]), None)
        self.changed.emit()
