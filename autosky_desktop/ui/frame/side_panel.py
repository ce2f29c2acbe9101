"""A panel at the right of the window: beside the page where that leaves it room, else over it."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _

WIDTH = 424
LEAST_BESIDE = 792
"""The least width of a page with the panel beside it: as much as in the least window."""
LEFT_OF_IT = 64
"""Pixels of the window that stay in sight, however large the letters are."""


class SidePanel(QFrame):
    """The panel: a title with a button that closes it, and a `body`.

    `covers`: it stands over the page, and gives way when the keyboard goes to what it hides.
    `turned`: it was opened or closed; the window makes room for it.
    """

    turned = Signal()

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("region", "panel")
        self.setAccessibleName(title)
        self.setAutoFillBackground(True)
        self.covers = False
        self._before: QWidget | None = None
        name = ElidedLabel(title)
        set_style(name, TextStyle.PANEL)
        self.close_button = Button("", "bare", icon="x")
        self.close_button.setAccessibleName(_(labels.CLOSE))
        self.close_button.setToolTip(_(labels.CLOSE_ESC))
        self.close_button.clicked.connect(self.leave)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 11, 10)
        head.addWidget(name, 1)
        head.addWidget(self.close_button)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(1, 0, 0, 0)  # the border
        self.body.setSpacing(0)
        self.body.addLayout(head)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.leave)
        QApplication.instance().focusChanged.connect(self._give_way)  # type: ignore[union-attr]
        self.hide()

    def begin(self) -> None:
        """Give the keyboard to what is first in the panel."""
        self.close_button.setFocus()

    def enter(self) -> None:
        """Open the panel, or go to it; who is in it already leaves it."""
        if self._has_keyboard():
            self.leave()
            return
        self._before = self.window().focusWidget()
        self.show()
        self.turned.emit()
        self.begin()

    def toggle(self) -> None:
        """Open the panel, or close it."""
        if self.isVisible():
            self.leave()
        else:
            self.enter()

    def leave(self) -> None:
        """Close the panel; the keyboard goes back to where it was."""
        had, before = self._has_keyboard(), self._before
        self._before = None
        self.hide()
        self.turned.emit()
        if had and before and isValid(before) and before.isVisible():
            before.setFocus()

    def place(self, window: QSize, left: int) -> int:
        """Place the panel at the right of the window; returns the width that the page gives. `left`
        is what stands at its left.
        """
        wide = min(scaled(WIDTH), window.width() - LEFT_OF_IT)
        self.setGeometry(window.width() - wide, 0, wide, window.height())
        self.raise_()
        self.covers = window.width() - left - wide < scaled(LEAST_BESIDE)
        return 0 if self.covers else wide

    def _has_keyboard(self) -> bool:
        focus = self.window().focusWidget()
        return self.isVisible() and focus is not None and self.isAncestorOf(focus)

    def _give_way(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None or self.isHidden() or not self.covers or new.window() is not self.window():
            return
        if new is not self and not self.isAncestorOf(new):
            there = QRect(new.mapTo(self.window(), QPoint()), new.size())
            if there.intersects(self.geometry()):
                self.leave()
