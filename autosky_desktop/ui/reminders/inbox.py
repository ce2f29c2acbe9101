"""The list of everything that was told, newest first, each with what can still be done about it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.actions.reminders.answers import ReminderAnswers
from autosky_desktop.domain import inbox
from autosky_desktop.domain.inbox import Entry
from autosky_desktop.flows.remind import Remind
from autosky_desktop.ui.frame.side_panel import SidePanel
from autosky_desktop.ui.reminders.line import EntryLine
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.focus import focus_kept
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.ui.widgets.refreshing import MINUTE, Ticking
from autosky_desktop.ui.widgets.scrolled import StaysInPlace
from autosky_desktop.words import reminding
from autosky_desktop.words.labels import reminders as labels
from autosky_desktop.words.language import _

STAYS_HERE = "extend"
"""The one button that leads to no other place in the window."""


class Inbox(SidePanel):
    """The inbox panel. An entry is read when somebody comes to it, and looks so when they go on."""

    def __init__(
        self,
        parent: QWidget,
        remind: Remind,
        answering: ReminderAnswers,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(_(labels.NOTIFICATIONS), parent)
        self._remind, self._answering, self._now = remind, answering, now
        self._fresh = ""
        self.list = Entries()
        self.list.currentItemChanged.connect(self._arrive)
        self.list.itemActivated.connect(lambda item: self._press("", self.list.entry(item)))
        self.list.answered.connect(self._press)
        self._read_all = Button(_(labels.MARK_ALL_AS_READ), small=True)
        self._read_all.clicked.connect(self._mark_all)
        self._clear = Button(_(labels.CLEAR), small=True)
        self._clear.clicked.connect(remind.clear)
        self._nothing = QLabel()
        self._nothing.setWordWrap(True)
        set_style(self._nothing, TextStyle.BODY, "text2")
        self._arrange()
        Ticking(self.list, self._tick)
        remind.watch(self._refresh)
        QApplication.instance().focusChanged.connect(self._follow)  # type: ignore[union-attr]
        self._refresh()

    def say_minutes(self, minutes: tuple[int, ...]) -> None:
        """Say in the empty list when people are reminded."""
        self._nothing.setText(reminding.nothing(minutes))

    def begin(self) -> None:
        """Give the keyboard to the list, which begins with the newest entry."""
        self.list.setCurrentRow(-1)
        (self.list if self.list.count() else self.close_button).setFocus()

    def leave(self) -> None:
        super().leave()
        self._fresh = ""
        self._refresh()

    def _refresh(self) -> None:
        entries = self._remind.entries
        with focus_kept(self, self.list, self.close_button):
            self._show(entries)
            read = "" if inbox.unread(entries) else _(labels.EVERYTHING_IS_READ)
            self._allow(self._read_all, read)
            left = inbox.cleared(entries, now=self._now())
            waits = _(labels.WHAT_IS_HERE_WAITS) if len(left) == len(entries) else ""
            self._allow(self._clear, waits)
            self._nothing.setVisible(not entries)
            for widget in (self.list, self._read_all, self._clear):
                widget.setVisible(bool(entries))

    def _show(self, entries: Sequence[Entry]) -> None:
        """Show the entries, keeping the lines that are there: who is on one of their buttons stays
        there.
        """
        before = self.list.entry(self.list.currentItem())
        with QSignalBlocker(self.list):
            self.list.keep({entry.id for entry in entries})
            for row, entry in enumerate(entries):
                self.list.bring_to(row, entry)
                self._tell(row, entry)
            self.list.end_at(len(entries))
        after = self.list.entry(self.list.currentItem())
        if before and after and before.id != after.id:
            self._arrive(self.list.currentItem())

    def _tell(self, row: int, entry: Entry) -> None:
        unread = not entry.read or entry.id == self._fresh
        spoken = self.list.line(row).tell(entry, self._now(), unread=unread)
        self.list.say(row, spoken)

    def _tick(self) -> int | None:
        for row in range(self.list.count()):
            self._tell(row, self.list.line(row).entry)
        return MINUTE // 2

    def _arrive(self, item: QListWidgetItem | None, _before: object = None) -> None:
        entry = self.list.entry(item)
        self._fresh = "" if entry is None or entry.read else entry.id
        if entry and not entry.read:
            self._remind.mark_read(entry)
        else:
            self._refresh()

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Make an entry the present one when somebody comes to one of its buttons."""
        if new and self.list.isAncestorOf(new):
            self.list.go_to(new)

    def _mark_all(self) -> None:
        self._fresh = ""
        self._remind.mark_read(*self._remind.entries)

    def _press(self, word: str, entry: Entry | None) -> None:
        if entry is None:
            return
        self._remind.mark_read(entry)
        if word != STAYS_HERE and self.covers:
            self.leave()
        self._answering.act(word, entry)

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(16, 0, 16, 12)
        buttons.setSpacing(8)
        buttons.addWidget(self._read_all)
        buttons.addWidget(self._clear)
        buttons.addStretch(1)
        nothing = QVBoxLayout()
        nothing.setContentsMargins(16, 4, 16, 0)
        nothing.addWidget(self._nothing)
        self.body.addLayout(buttons)
        self.body.addLayout(nothing)
        self.body.addWidget(self.list, 1)
        self.body.addStretch(0)

    @staticmethod
    def _allow(button: Button, reason: str) -> None:
        button.setEnabled(not reason)
        button.setAccessibleDescription(reason)
        button.setToolTip(tip(reason))


class Entries(StaysInPlace, QListWidget):
    """Lines under one another; the arrow keys go from one to the next. `answered` carries the word
    of a button and the entry it stands in.
    """

    answered = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_(labels.NOTIFICATIONS))
        self.setItemDelegate(Ring(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)

    def line(self, row: int) -> EntryLine:
        line = self.itemWidget(self.item(row))
        assert isinstance(line, EntryLine)
        return line

    def entry(self, item: QListWidgetItem | None) -> Entry | None:
        return self.line(self.row(item)).entry if item else None

    def bring_to(self, row: int, entry: Entry) -> None:
        """Have the line of that entry in that row."""
        if row < self.count() and self.line(row).entry.id == entry.id:
            return
        item, line = QListWidgetItem(), EntryLine(entry)
        line.pressed.connect(self.answered)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.insertItem(row, item)
        self.setItemWidget(item, line)

    def keep(self, ids: set[str]) -> None:
        """Take away the lines of all other entries."""
        for row in reversed(range(self.count())):
            if self.line(row).entry.id not in ids:
                self.takeItem(row)

    def end_at(self, rows: int) -> None:
        """Take away the lines after the first `rows`, and have the Tab key go down those that are
        left.
        """
        while self.count() > rows:
            self.takeItem(rows)
        before: QWidget = self
        for row in range(rows):
            for button in self.line(row).buttons:
                QWidget.setTabOrder(before, button)
                before = button

    def say(self, row: int, spoken: str) -> None:
        """Set what is heard of that line, and give it the room it needs then."""
        item = self.item(row)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
        self._fit(row)

    def go_to(self, widget: QWidget) -> None:
        """Make the line with that widget in it the present one, and scroll to it."""
        for row in range(self.count()):
            line = self.itemWidget(self.item(row))
            if line and line.isAncestorOf(widget):
                self.setCurrentRow(row)
                self.scrollToItem(self.item(row))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for row in range(self.count()):
            if self.itemWidget(self.item(row)):  # a new one brings the scroll bar first
                self._fit(row)

    def _fit(self, row: int) -> None:
        wide = self.viewport().width()
        self.item(row).setSizeHint(QSize(wide, self.line(row).heightForWidth(wide)))


class Ring(QStyledItemDelegate):
    """A line between two entries, and the ring of the focus around the present one."""

    @painting
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        _index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        painter.setPen(QPen(theme.color("line")))
        painter.drawLine(rect.topLeft(), rect.topRight())
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(rect.adjusted(3, 4, -3, -3), 6, 6)
