"""The list of environments: what the mouse and the keys do with a row."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from autosky_desktop.ui.sidebar.environment_list import RECORD, EnvironmentModel, Index
from autosky_desktop.ui.sidebar.environment_row import EnvironmentRow
from autosky_desktop.ui.widgets.scrolled import StaysInPlace, give_viewport
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EnvironmentView(StaysInPlace, QListView):
    """The list of environments. Up and Down go through the rows; a press and Enter open one.

    The signals carry the id of an environment, `menu_asked` a place on the screen as well.
    """

    chosen = Signal(str)
    menu_asked = Signal(str, QPoint)
    link_asked = Signal(str)

    def __init__(self, model: EnvironmentModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        give_viewport(self)
        self._row = EnvironmentRow(model, self)
        self._menu = QTimer(self, interval=0, singleShot=True)
        self._menu.timeout.connect(self._ask_for_menu)
        self.setAccessibleName(_(labels.ENVIRONMENTS))
        self.setModel(model)
        self.setItemDelegate(self._row)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(self._choose)

    def show_open(self, environment: str) -> None:
        """Mark an environment as the open one."""
        self._row.opened = environment
        self.viewport().update()

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Take in a change without QListView's part in it, which would ask every row for its height
        again: no difference in a record changes that.
        """
        QAbstractItemView.dataChanged(self, first, last, roles)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index, shift = self.currentIndex(), Qt.KeyboardModifier.ShiftModifier
        menu_key = event.key() == Qt.Key.Key_F10 and event.modifiers() == shift
        if event.key() == Qt.Key.Key_Menu or menu_key:
            # some systems send a context menu event as well: the timer makes one of both
            self._menu.start()
        elif event.key() in ENTER and index.isValid():
            self._choose(index)
        elif event.matches(QKeySequence.StandardKey.Copy) and index.isValid():
            self.link_asked.emit(index.data(RECORD).id)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._menu.start()
        elif (index := self.indexAt(event.pos())).isValid():
            self.menu_asked.emit(index.data(RECORD).id, event.globalPos())

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(RECORD).id)

    def _ask_for_menu(self) -> None:
        if (index := self.currentIndex()).isValid():
            below = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
            self.menu_asked.emit(index.data(RECORD).id, below)
