"""A button with an icon and, where there is room, its word."""

from PySide6.QtWidgets import QWidget

from autosky_desktop.ui.widgets.button import Button


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
