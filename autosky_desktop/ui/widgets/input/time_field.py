"""A time of the day, typed digit by digit or stepped through."""

import re
from datetime import time

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QPaintEvent, QResizeEvent, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, font, scaled
from autosky_desktop.ui.widgets.input.number import FIELD_HEIGHT, paint_arrows, place_line
from autosky_desktop.ui.widgets.painting import painting

WIDTH = 80
DAY = 24 * 60
_WRITTEN = re.compile(r"\s*(?P<hour>\d{1,2}?)(?:[:.,hH ]?(?P<minute>\d{2}))?\s*[hH]?\s*")


def read(text: str) -> time | None:
    """Read a time of the day as people type it: 22:00, 2200, 22.00, 22h, 9. None when it is no
    time.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


class TimeField(QAbstractSpinBox):
    """The field for a time. What is typed stays as it is until it is left. Up and Down go by the
    part the cursor is in.

    `changed`: another time is meant, or none.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font(TextStyle.BODY))
        self.setFixedHeight(scaled(FIELD_HEIGHT))
        self.setFixedWidth(scaled(WIDTH))
        self.clock: time | None = None
        self.show_clock(time())
        self.lineEdit().textEdited.connect(self._typed)
        self.editingFinished.connect(self._write_out)

    def show_clock(self, clock: time) -> None:
        at = self.lineEdit().cursorPosition()
        self.lineEdit().setText(f"{clock:%H:%M}")
        self.lineEdit().setCursorPosition(at)
        self._mean(clock)

    def stepBy(self, steps: int) -> None:
        if self.clock is None:
            return
        hours = self.lineEdit().cursorPosition() <= self.lineEdit().text().find(":")
        minutes = self.clock.hour * 60 + self.clock.minute + steps * (60 if hours else 1)
        self.show_clock(time(minutes % DAY // 60, minutes % 60))

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flag = QAbstractSpinBox.StepEnabledFlag
        return flag.StepUpEnabled | flag.StepDownEnabled

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        """Accept whatever is typed: it is read, and said to be no time where it is none."""
        return QValidator.State.Acceptable, text, at

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select what was there, so that the first thing typed takes its place."""
        super().focusInEvent(event)
        if event.reason() is Qt.FocusReason.MouseFocusReason:
            QTimer.singleShot(0, self, self.selectAll)  # the click itself sets the cursor

    @painting
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_arrows(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        place_line(self, self.lineEdit())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        place_line(self, self.lineEdit())

    def _typed(self, text: str) -> None:
        self._mean(read(text))

    def _mean(self, clock: time | None) -> None:
        if clock != self.clock:
            self.clock = clock
            self.changed.emit()

    def _write_out(self) -> None:
        if self.clock is not None:
            self.show_clock(self.clock)
