"""A day, typed or chosen from a calendar."""

from datetime import date

from PySide6.QtCore import QDate, QEvent, QLocale, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QTextCharFormat
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCalendarWidget,
    QDateEdit,
    QToolButton,
    QWidget,
)

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, scaled
from autosky_desktop.ui.widgets.icons import icon
from autosky_desktop.ui.widgets.input.number import FIELD_HEIGHT
from autosky_desktop.ui.widgets.input.select import paint_chevron
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.words.labels import widgets as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.times import date_format

FIRST, LAST = QDate(2000, 1, 1), QDate(2100, 12, 31)
"""The days between which every moment lies that is asked for."""

WIDEST = "Wed 28 Nov 2026"
BESIDE = 50
"""Pixels beside the words: padding, border and chevron. The style leaves too few."""

DAY = 1
"""The section with the number of the day; Qt takes the name before it for one, too."""


class DateField(QDateEdit):
    """The field for a day. Tab goes on to the next field; Left and Right go from the day to the
    month and the year.

    `small` makes it as low as the filters of a table.
    """

    def __init__(self, parent: QWidget | None = None, *, small: bool = False) -> None:
        super().__init__(parent)
        self.setDateRange(FIRST, LAST)
        self.setCalendarPopup(True)
        self.setCalendarWidget(Calendar(self))
        self.setFont(font(TextStyle.SMALL_MEDIUM if small else TextStyle.BODY))
        self.setDisplayFormat(date_format())
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance(WIDEST) + scaled(BESIDE))
        if not small:
            self.setProperty("tall", True)
            self.setFixedHeight(scaled(FIELD_HEIGHT))

    def sizeHint(self) -> QSize:
        """Return a size as high as that of other fields; the style asks for three pixels more."""
        hint = super().sizeHint()
        return QSize(hint.width(), self.minimumHeight() or hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @property
    def day(self) -> date:
        chosen = self.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin with the day: the name before it cannot be typed."""
        super().focusInEvent(event)
        if self.currentSectionIndex() < DAY:
            self.setCurrentSectionIndex(DAY)
            number = str(self.day.day)
            self.lineEdit().setSelection(self.lineEdit().text().index(number), len(number))

    def focusNextPrevChild(self, next_: bool) -> bool:
        """Go to the next field, where Qt's own way goes through day, month and year first."""
        return QWidget.focusNextPrevChild(self, next_)

    @painting
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_chevron(self)


class Calendar(QCalendarWidget):
    """One month, painted as the rest of the window is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_(labels.CALENDAR))
        if isinstance(days := self.findChild(QAbstractItemView), QAbstractItemView):
            days.setAccessibleName(_(labels.DAYS))
        self.setVerticalHeaderFormat(self.VerticalHeaderFormat.NoVerticalHeader)
        self.setHorizontalHeaderFormat(self.HorizontalHeaderFormat.ShortDayNames)
        self.setFirstDayOfWeek(QLocale().firstDayOfWeek())
        for name, sign, said in (
            ("qt_calendar_prevmonth", "chevron-left", _(labels.PREVIOUS_MONTH)),
            ("qt_calendar_nextmonth", "chevron-right", _(labels.NEXT_MONTH)),
        ):
            if isinstance(button := self.findChild(QToolButton, name), QToolButton):
                button.setIcon(icon(sign))
                button.setIconSize(QSize(scaled(16), scaled(16)))
                button.setAccessibleName(said)
                button.setToolTip(said)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        if layout := self.layout():
            layout.setContentsMargins(1, 1, 1, 1)
        self.setMinimumSize(scaled(300), scaled(250))
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def paintCell(self, painter: QPainter, rect: QRect, day: QDate | date) -> None:
        """Paint a day: the chosen one is filled, those of other months or out of reach are pale."""
        shown = day if isinstance(day, QDate) else QDate(day.year, day.month, day.day)
        chosen = shown == self.selectedDate()
        there = self.minimumDate() <= shown <= self.maximumDate()
        here = shown.month() == self.monthShown()
        tone = "on_accent" if chosen else "disabled" if not there else "text" if here else "text3"
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            box = QRectF(rect).adjusted(2.5, 2.5, -2.5, -2.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent"))
            painter.drawRoundedRect(box, 6, 6)
        painter.setPen(theme.color(tone))
        painter.setFont(font(TextStyle.BODY_STRONG if chosen else TextStyle.BODY))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(shown.day()))
        painter.restore()

    def _dress(self) -> None:
        """Colour the names of the days of the week, which no style sheet reaches."""
        plain = QTextCharFormat()
        plain.setForeground(theme.color("text2"))
        plain.setBackground(theme.color("surface"))
        self.setHeaderTextFormat(plain)
        for day in Qt.DayOfWeek:
            self.setWeekdayTextFormat(day, plain)
