"""What stands in the window before there is anything to show, or when there cannot be."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from autosky_desktop.store.connection import Connection, Line
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.words.errors import sentence


class Starting(QWidget):
    """One title, one sentence, and a way on when there is one."""

    try_again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._text = QLabel(), QLabel()
        set_style(self._title, TextStyle.TITLE)
        set_style(self._text, TextStyle.BODY, "text2")
        self._text.setWordWrap(True)
        self._button = Button(self.tr("Try again"), "primary", icon="refresh")
        self._button.clicked.connect(self.try_again)
        column = QVBoxLayout()
        column.setSpacing(8)
        for widget in (self._title, self._text):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        middle = QWidget()
        middle.setLayout(column)
        middle.setFixedWidth(520)
        around = QVBoxLayout(self)
        around.addWidget(middle, 0, Qt.AlignmentFlag.AlignCenter)

    def show_connection(self, connection: Connection, *, empty: bool) -> None:
        """`empty`: connected, and there is no environment at all."""
        self._button.setVisible(connection.line in (Line.FAILED, Line.REFUSED, Line.OFFLINE))
        if connection.live and empty:
            title = self.tr("No environments")
            text = self.tr("This control plane knows no environment that you may see.")
        elif connection.cause and connection.line is not Line.RESTARTING:
            title = self.tr("The environments could not be shown")
            text = sentence(connection.cause)
        else:
            title = self.tr("Starting")
            text = self.tr("The control plane on this computer is starting. It takes a moment.")
        self._title.setText(title)
        self._text.setText(text)
        self._title.setAccessibleName(f"{title}. {text}")
