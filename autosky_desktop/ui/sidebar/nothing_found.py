"""The text and button that stand in the list's place when no environment matches the search."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.words.language import _


class NothingFound(QWidget):
    """Says that no environment matches 'xyz', with a button that clears the search."""

    clear = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._text.setWordWrap(True)
        set_style(self._text, TextStyle.SMALL, "text2")
        button = Button(_("Clear"), "link")
        button.clicked.connect(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 8)
        column.addWidget(self._text)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def say(self, search: str) -> None:
        self._text.setText(_("No environment matches '{text}'.").format(text=search))
