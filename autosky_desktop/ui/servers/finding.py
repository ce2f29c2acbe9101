"""The field that finds a server in the table below it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from autosky_desktop.ui.icons import icon

WIDTH = 220


class FindServer(QLineEdit):
    """Hidden until it is asked for, or always there once there is much to look through.

    Esc clears it, and then gives the focus back to the table.
    """

    def __init__(self, table: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._always = False
        self.setPlaceholderText(self.tr("Find a server"))
        self.setAccessibleName(self.tr("Find a server"))
        self.setToolTip(self.tr("By name, address, status or type (Ctrl+F)"))
        self.addAction(icon("search", "text3"), QLineEdit.ActionPosition.LeadingPosition)
        self.setClearButtonEnabled(True)
        self.setFixedWidth(WIDTH)
        self.hide()

    def offer(self, always: bool) -> None:
        self._always = always
        if always:
            self.show()

    def begin(self) -> None:
        """Somebody wants to find one."""
        self.show()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _leave(self) -> None:
        if self.text():
            self.clear()
        else:
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
            self.setVisible(self._always)
