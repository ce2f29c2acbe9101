"""A sentence to know before one begins, in a soft box."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.icons import IconLabel


class Notice(QFrame):
    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "notice")
        self._text = QLabel(text)
        self._text.setWordWrap(True)
        set_style(self._text, TextStyle.BODY)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 12, 9)
        row.setSpacing(10)
        row.addWidget(IconLabel("info", "text"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)

    def tell(self, text: str) -> None:
        self._text.setText(text)
