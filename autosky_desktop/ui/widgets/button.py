"""Push buttons by kind, and what they look like while their work is done."""

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, font
from autosky_desktop.ui.theme.style import wear
from autosky_desktop.ui.widgets.icons import icon
from autosky_desktop.ui.widgets.icons import icon as make_icon
from autosky_desktop.ui.widgets.wording import Wording
from autosky_desktop.words.labels import widgets as labels
from autosky_desktop.words.language import _

ButtonKind = Literal["plain", "primary", "quiet", "destructive", "link", "icon", "bare"]
_ON_COLOR = ("primary", "destructive")
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PressedByEnter:
    """A button that Enter presses as Space does: Qt would leave it to what is around the button.

    A key that is held since something else had the keyboard presses nothing.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in ENTER:
            super().keyPressEvent(event)  # type: ignore[misc]
        elif not event.isAutoRepeat():
            self.click()  # type: ignore[attr-defined]


class Button(PressedByEnter, QPushButton):
    """A push button. One that opens a question ends in "…", which the accessible name drops."""

    def __init__(
        self,
        text: str,
        kind: ButtonKind = "plain",
        *,
        icon: str = "",
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._ready_text = ""
        self._others: tuple[str, ...] = ()
        self.setProperty("kind", kind)
        self.setProperty("small", small)
        self.setAutoDefault(False)
        if small:
            self.setFont(font(TextStyle.SMALL_MEDIUM))
        if icon:
            self.setIcon(make_icon(icon, "on_accent" if kind in _ON_COLOR else "text"))
        self.setText(text)

    def setText(self, text: str) -> None:
        self._put(text)
        self.setAccessibleName(text.removesuffix("…").replace("&", ""))

    def _put(self, text: str) -> None:
        """Change the text but keep the shortcut, which Qt takes away with the old text."""
        keys = self.shortcut()
        super().setText(text)
        self.setShortcut(keys)

    def make_room_for(self, *texts: str) -> None:
        """Make the button wide enough for all the texts that it will show at other times."""
        self._others = texts
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if not self._others:
            return hint
        wide = self.fontMetrics().horizontalAdvance
        words = (wide(it, Qt.TextFlag.TextShowMnemonic) for it in (self.text(), *self._others))
        hint.setWidth(hint.width() + max(words) - wide(self.text(), Qt.TextFlag.TextShowMnemonic))
        return hint

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def set_kind(self, kind: ButtonKind) -> None:
        wear(self, "kind", kind)

    def show_busy(self, doing: str) -> None:
        """Say the doing word ("Publishing…") in the same width, if there is room made for it;
        presses do nothing.
        """
        if not self._ready_text:
            self._ready_text = self.text()
        width = self.width()
        self._put(doing)
        self.setFixedWidth(max(width, self.sizeHint().width()))
        self.setEnabled(False)

    def show_ready(self) -> None:
        """End what `show_busy` began: the button has its text back and can be pressed."""
        if self._ready_text:
            self.setText(self._ready_text)
            self._ready_text = ""
            self.setMinimumWidth(0)
            self.setMaximumWidth(16777215)
            self.setEnabled(True)


class MenuButton(PressedByEnter, QPushButton):
    """The main menu's button. It is a push button: a tool button would open its menu in a loop
    inside the loop.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setIcon(icon("menu"))
        self.setProperty("kind", "bare")
        Wording(self, self._word)

    def _word(self) -> None:
        self.setAccessibleName(_(labels.MAIN_MENU))
        self.setToolTip(_(labels.MAIN_MENU))


class WordedButton(Button):
    """A button whose `name` says more than its word: it is the accessible name, with the word or
    without.
    """

    def __init__(self, word: str, name: str, icon: str, parent: QWidget | None = None) -> None:
        super().__init__("", "icon", icon=icon, parent=parent)
        self._word = word
        self.setAccessibleName(name)

    def show_word(self, shown: bool) -> None:
        if shown is bool(self.text()):
            return
        name = self.accessibleName()
        self.set_kind("plain" if shown else "icon")
        self.setText(self._word if shown else "")
        self.setAccessibleName(name)
