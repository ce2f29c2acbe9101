"""A short text with its icon, in one tone."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.icons import IconLabel


class Remark(QWidget):
    """Something to mind beside what is told; `tone` is warn or bad."""

    def __init__(self, icon: str, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        set_style(self._text, TextStyle.SMALL, tone)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(IconLabel(icon, tone, 14))
        row.addWidget(self._text, 1)

    def tell(self, text: str) -> None:
        self._text.setText(text)

    def text(self) -> str:
        return self._text.text()
