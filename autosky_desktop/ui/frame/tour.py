"""A tour of a few hints, each beside what it is about. It ends when somebody goes on working."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.words.labels import help as labels
from autosky_desktop.words.language import _

WIDTH = 300
GAP = 10
"""Pixels between a hint and what it is about, and at least to the window's edge."""

Find = Callable[[MainWindow], QWidget | None]


class Hint(NamedTuple):
    """A hint: what it is beside, and what it says."""

    beside: Find
    title: str
    text: str


def _preparation(window: MainWindow) -> QWidget | None:
    page = window.page and window.page.tab("servers")
    return getattr(page, "preparation", None)


HINTS = (
    Hint(lambda it: it.sidebar.list, labels.ENVIRONMENTS_HINT, labels.ABOUT_ENVIRONMENTS),
    Hint(_preparation, labels.PREPARATION_HINT, labels.ABOUT_PREPARATION),
    Hint(lambda it: it.header.tabs, labels.TABS_HINT, labels.ABOUT_TABS),
    Hint(lambda it: it.menu_button, labels.MENU_HINT, labels.ABOUT_MENU),
)


class Tour(QFrame):
    """The hint that is shown, above the window's pages. It is gone after the last one."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setProperty("kind", "hint")
        self.setAccessibleName(_(labels.TOUR_OF_HINTS))
        self._window, self._at = window, -1
        self._ring = _Ring(window)
        self._hints = [it for it in HINTS if _is_there(it, window)]
        self._title, self._text, self._count = QLabel(), QLabel(), QLabel()
        set_style(self._title, TextStyle.BODY_STRONG)
        set_style(self._text, TextStyle.BODY, "text2")
        set_style(self._count, TextStyle.SMALL, "text3")
        for label in (self._title, self._text):
            label.setWordWrap(True)
        self._end = Button(_(labels.END_THE_TOUR), "quiet", small=True)
        self._next = Button(_(labels.NEXT), "primary", small=True)
        self._next.make_room_for(_(labels.NEXT), _(labels.DONE))
        self._end.clicked.connect(self.end)
        self._next.clicked.connect(self.go_on)
        self._lay_out()
        window.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._give_way)  # type: ignore[union-attr]

    def go_on(self) -> None:
        """Show the next hint, or end after the last one."""
        self._at += 1
        if self._at >= len(self._hints):
            self.end()
            return
        hint = self._hints[self._at]
        title, text = _(hint.title), _(hint.text)
        self._title.setText(title)
        self._text.setText(text)
        counted = _(labels.HINT_OF_HINTS).format(n=self._at + 1, all=len(self._hints))
        self._count.setText(counted)
        last = self._at + 1 == len(self._hints)
        self._next.setText(_(labels.DONE if last else labels.NEXT))
        self._end.setVisible(not last)
        self._place()
        self.show()
        self.raise_()
        self._next.setFocus()
        announce(self, f"{title}. {text}")

    def end(self) -> None:
        """Go away, and give the keyboard back to the window."""
        had = self.isAncestorOf(self._window.focusWidget() or self._window)
        QApplication.instance().focusChanged.disconnect(self._give_way)  # type: ignore[union-attr]
        self._window.removeEventFilter(self)
        for part in (self._ring, self):
            part.hide()
            part.deleteLater()
        if had:
            self._window.sidebar.list.setFocus()

    def _give_way(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new and new.window() is self._window and not self.isAncestorOf(new):
            self.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._place()
        return False

    def _place(self) -> None:
        """Stand under what the hint is about, or else beside it, and always within the window."""
        about = self._hints[self._at].beside(self._window)
        if about is None or not about.isVisible():
            self._ring.hide()
            return
        there = QRect(about.mapTo(self._window, QPoint()), about.size())
        self._ring.go_around(there.intersected(self._window.rect()))
        self.setFixedWidth(scaled(WIDTH))
        self.setFixedHeight(self.heightForWidth(self.width()))
        room = self._window.rect().marginsRemoved(self.contentsMargins())
        under = QPoint(there.left(), there.bottom() + GAP)
        beside = QPoint(there.right() + GAP, there.top())
        fits = under.y() + self.height() + GAP <= room.bottom()
        place = under if fits else beside
        left = min(max(GAP, place.x()), room.right() - self.width() - GAP)
        top = min(max(GAP, place.y()), room.bottom() - self.height() - GAP)
        self.move(left, top)

    def _lay_out(self) -> None:
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._text)
        foot.setSpacing(8)
        foot.addWidget(self._count, 1)
        foot.addWidget(self._end)
        foot.addWidget(self._next)
        column.addLayout(foot)


class _Ring(QFrame):
    """A ring around what a hint is about, through which the mouse goes."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setProperty("kind", "ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def go_around(self, place: QRect) -> None:
        self.setGeometry(place.adjusted(-2, -2, 2, 2))
        self.show()
        self.raise_()


def _is_there(hint: Hint, window: MainWindow) -> bool:
    about = hint.beside(window)
    return about is not None and about.isVisible()


def show_tour(window: MainWindow) -> None:
    """Show the tour from its beginning, on the tab that it speaks of; one at a time."""
    for before in window.findChildren(Tour):
        before.end()
    window.show_tab("servers")
    Tour(window).go_on()
