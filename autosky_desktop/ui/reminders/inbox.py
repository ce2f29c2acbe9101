"""Every reminder that was told, newest first, each with what can still be done about it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.domain.inbox import Entry, News
from autosky_desktop.flows.remind import Remind
from autosky_desktop.ui.icons import IconLabel
from autosky_desktop.ui.reminders.answering import Answering
from autosky_desktop.ui.reminders.telling import buttons
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.dialog import DETAILS, Dialog
from autosky_desktop.ui.words import reminding
from autosky_desktop.ui.words.language import translate

HIGHEST, MARGIN = 460, 24

LOOKS = {
    News.SOON: ("clock", "warn"),
    News.HELD: ("clock", "text2"),
    News.MISSED: ("alert-triangle", "bad"),
    News.MOVED: ("check-circle", "ok"),
    News.REFUSED: ("x-circle", "bad"),
    News.PUBLISHED: ("check-circle", "ok"),
    News.FAILED: ("x-circle", "bad"),
    News.WAITS: ("clock", "warn"),
}
GONE_WITH_IT = ("open", "details", "publish", "until", "cancel")
"""These lead somewhere else in the window."""


class Inbox(Dialog):
    """Opening it is having read them."""

    def __init__(
        self,
        parent: QWidget,
        remind: Remind,
        answering: Answering,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(parent, translate("Inbox", "Reminders"), width=DETAILS)
        self._remind = remind
        self._answering = answering
        self._now = now
        self._new = {it.id for it in remind.entries if not it.read}
        self._width = scaled(DETAILS) - 2 * MARGIN
        self.list = self._make_list()
        self._empty = QLabel(
            self.tr("No reminders. You are told 60, 30, 10 and 2 minutes before a shutdown.")
        )
        set_style(self._empty, TextStyle.BODY, "text2")
        self.body.addWidget(self._empty)
        self.body.addWidget(self.list)
        remind.watch(self._show)
        self.finished.connect(self._left)
        self._show()
        remind.mark_read()

    def say_minutes(self, minutes: tuple[int, ...]) -> None:
        """When people are told, in the sentence of an empty list."""
        if minutes:
            text = self.tr("No reminders. You are told {minutes} a shutdown.")
        else:
            text = self.tr("No reminders. You have switched them off in Settings.")
        self._empty.setText(text.format(minutes=reminding.minutes(minutes)))

    def _left(self) -> None:
        self._remind.unwatch(self._show)
        self.deleteLater()

    def _show(self) -> None:
        entries, now = self._remind.entries, self._now()
        self.list.clear()
        for entry in entries:
            line = Line(entry, now, unread=entry.id in self._new or not entry.read)
            line.pressed = self._press
            item = QListWidgetItem(self.list)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            spoken = f"{reminding.title(entry, now)}. {reminding.body(entry, now)}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            line.setFixedWidth(self._width)
            item.setSizeHint(QSize(self._width, line.heightForWidth(self._width)))
            self.list.setItemWidget(item, line)
        self._empty.setVisible(not entries)
        self.list.setVisible(bool(entries))
        rows = (self.list.sizeHintForRow(row) for row in range(self.list.count()))
        self.list.setFixedHeight(min(HIGHEST, sum(rows) + 4))

    def _press(self, word: str, entry: Entry) -> None:
        if word in GONE_WITH_IT:
            self.accept()
        self._answering.act(word, entry)

    def _make_list(self) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(self.tr("Reminders"))
        made.setFrameShape(QFrame.Shape.NoFrame)
        made.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setFixedWidth(self._width)
        return made


class Line(QWidget):
    """One entry: what, where and when, and its buttons."""

    def __init__(self, entry: Entry, now: datetime, *, unread: bool) -> None:
        super().__init__()
        self.pressed: Callable[[str, Entry], None] = lambda _word, _entry: None
        self._entry = entry
        sign, tone = LOOKS.get(News(entry.news), ("info", "text2"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 10, 14, 10)
        row.setSpacing(12)
        row.addWidget(IconLabel(sign, tone), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        style = TextStyle.BODY_STRONG if unread else TextStyle.BODY_MEDIUM
        column.addLayout(_head(reminding.title(entry, now), reminding.told(entry, now), style))
        about = QLabel(reminding.body(entry, now))
        about.setWordWrap(True)
        set_style(about, TextStyle.SMALL, "text2")
        column.addWidget(about)
        column.addLayout(self._buttons(now))
        row.addLayout(column, 1)

    def _buttons(self, now: datetime) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(8)
        for word, words in buttons(self._entry, now):
            button = Button(words, small=True)
            about = self._entry.server_name or self._entry.name
            name = self.tr("{action} for {server}")
            button.setAccessibleName(name.format(action=words.removesuffix("…"), server=about))
            button.clicked.connect(lambda _=False, word=word: self.pressed(word, self._entry))
            row.addWidget(button)
        row.addStretch(1)
        return row


def _head(title: str, when: str, style: TextStyle) -> QHBoxLayout:
    name, time = QLabel(title), QLabel(when)
    name.setWordWrap(True)
    set_style(name, style)
    set_style(time, TextStyle.SMALL, "text3")
    row = QHBoxLayout()
    row.addWidget(name, 1)
    row.addWidget(time, 0, Qt.AlignmentFlag.AlignTop)
    return row
