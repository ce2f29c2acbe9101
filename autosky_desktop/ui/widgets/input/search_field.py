"""A line to look for something in what stands below it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.icons import IconLabel, icon

_TEXT, _GAP = 28, 12
"""The pixels before the text, and between it and the keys."""


def offer_to_clear(field: QLineEdit) -> None:
    """Show an ✕ in the field while something stands in it, drawn as the other icons are."""
    field.setClearButtonEnabled(True)
    clear = field.findChild(QAction, "_q_qlineeditclearaction")
    if clear:  # Qt's own name of it, which another version may change
        clear.setIcon(icon("x", "text2"))


class FilterField(QLineEdit):
    """A line to type in that leaves less of what stands below it. Esc clears it first of all."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class SearchField(FilterField):
    """A search field with a magnifying glass, and the keys that lead here.

    `left`: Down was pressed, which leads to what was found.
    """

    left = Signal()

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glass = IconLabel("search", "text3", parent=self)
        self.setTextMargins(_TEXT - 10, 0, 0, 0)
        keys = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(keys)
        self._keys = QLabel(keys.replace("+", " "), self)
        self._keys.setProperty("region", "keys")
        set_style(self._keys, TextStyle.TAG)
        self.textChanged.connect(self._show_keys)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._glass.move(9, (self.height() - self._glass.height()) // 2)
        self._keys.adjustSize()
        left = self.width() - self._keys.width() - 8
        self._keys.move(left, (self.height() - self._keys.height()) // 2)
        self._show_keys()

    def _show_keys(self) -> None:
        """Show the keys only where they cover nothing."""
        said = self.fontMetrics().horizontalAdvance(self.placeholderText())
        room = _TEXT + said + _GAP <= self._keys.x()
        self._keys.setVisible(room and not self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)
