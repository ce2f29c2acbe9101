"""The field that finds a server in the table below it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.widgets import keys
from autosky_desktop.ui.widgets.input.search_field import SearchField
from autosky_desktop.words.language import _

WIDTH = 196


class FindServer(SearchField):
    """Finds a server by what is typed; hidden until it is asked for, or always there once there is
    much to look through.

    Esc clears it, and then gives the focus back to the table.
    """

    def __init__(self, table: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(keys.FIND_HERE, parent)
        self._table = table
        self._always = False
        self.setProperty("small", True)
        self.setPlaceholderText(_("Find a server"))
        self.setAccessibleName(_("Find a server"))
        tip = _("By name, address, status or type ({keys})")
        self.setToolTip(tip.format(keys=keys.written(keys.FIND_HERE)))
        self.setFixedWidth(scaled(WIDTH))
        self.returnPressed.connect(self._enter)
        self.left.connect(self._enter)
        self.hide()

    def offer(self, always: bool) -> None:
        self._always = always
        if always:
            self.show()

    def begin(self) -> None:
        """Show the field, and put the keyboard into it."""
        self.show()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def begin_anew(self) -> None:
        """Empty the field, so that all servers are shown again, and put the keyboard into it."""
        self.clear()
        self.begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.text():
            self._enter()
            self.setVisible(self._always)
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)
