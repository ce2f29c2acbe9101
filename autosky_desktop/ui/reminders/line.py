"""One entry of the inbox: what, where and when, and its buttons."""

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.actions.reminders.notifications import buttons
from autosky_desktop.domain.inbox import Entry, News
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.words import reminding
from autosky_desktop.words.labels import reminders as labels
from autosky_desktop.words.language import _

LOOKS = {
    News.SOON: ("clock", "warn"),
    News.HELD: ("clock", "text2"),
    News.MISSED: ("alert-triangle", "bad"),
    News.MOVED: ("check-circle", "ok"),
    News.REFUSED: ("x-circle", "bad"),
    News.UNANSWERED: ("alert-triangle", "warn"),
    News.PUBLISHED: ("check-circle", "ok"),
    News.FAILED: ("x-circle", "bad"),
    News.WAITS: ("clock", "warn"),
}
DOT = 8


class EntryLine(QWidget):
    """A line of the inbox. `pressed` carries the word of a button and the entry."""

    pressed = Signal(str, object)

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry
        self.buttons: list[Button] = []
        self._offered: list[tuple[str, str]] = []
        self._sign = IconLabel("info", "text2")
        # two, as a label that changes its letters is given the first ones again by a new theme
        self._titles = {True: QLabel(), False: QLabel()}
        self._when, self._where, self._more = QLabel(), QLabel(), QLabel()
        self._dot = Dot()
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 6, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        for label in (*self._titles.values(), self._where, self._more):
            label.setWordWrap(True)
        set_style(self._titles[True], TextStyle.BODY_STRONG)
        set_style(self._titles[False], TextStyle.BODY)
        set_style(self._when, TextStyle.SMALL, "text3")
        set_style(self._where, TextStyle.SMALL, "text2")
        set_style(self._more, TextStyle.SMALL, "text2")
        self._arrange()

    def tell(self, entry: Entry, now: datetime, *, unread: bool) -> str:
        """Show the entry as it is now; returns what somebody who listens hears."""
        self.entry = entry
        self._sign.show_icon(*LOOKS.get(News(entry.news), ("info", "text2")))
        title, when = reminding.title(entry, now), reminding.at(entry.told_at, now)
        where, more = reminding.where(entry), reminding.more(entry, now)
        for is_of_unread, label in self._titles.items():
            label.setText(title)
            label.setVisible(is_of_unread is unread)
        self._dot.setVisible(unread)
        self._when.setText(when)
        for label, text in ((self._where, where), (self._more, more)):
            label.setText(text)
            label.setVisible(bool(text))
        self._offer(buttons(entry, now))
        told = ". ".join(it.removesuffix(".") for it in (title, where, more, when) if it)
        return _(labels.UNREAD_ENTRY).format(entry=told) if unread else told

    def _offer(self, offered: list[tuple[str, str]]) -> None:
        if offered == self._offered:
            return
        self._offered = offered
        for old in self.buttons:
            old.hide()
            old.deleteLater()
        self.buttons = []
        about = self.entry.server_name or self.entry.name
        for number, (word, words) in enumerate(offered):
            button = Button(words, small=True)
            name = _(labels.ACTION_FOR_SERVER)
            button.setAccessibleName(name.format(action=words.removesuffix("…"), server=about))
            button.clicked.connect(lambda _on=False, word=word: self.pressed.emit(word, self.entry))
            self._row.insertWidget(number, button)
            button.show()  # it needs room from now on, not from when Qt gets to showing it
            self.buttons.append(button)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        for title in self._titles.values():
            head.addWidget(title, 1)
        head.addWidget(self._when, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._dot, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._where)
        column.addWidget(self._more)
        column.addLayout(self._row)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)


class Dot(QWidget):
    """A disc beside what nobody has read yet: its place is kept when it goes."""

    def __init__(self) -> None:
        super().__init__()
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.setFixedSize(QSize(scaled(DOT), scaled(DOT) + 5))

    @painting
    def paintEvent(self, _event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_text"))
        side = self.width()
        painter.drawEllipse(QRectF(0, self.height() - side, side, side))
