"""Every command by name, for those who remember what it is called and not where it is."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.domain.server import Server
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, set_style
from autosky_desktop.ui.widgets.dialog import CONNECT, Dialog
from autosky_desktop.ui.words.language import translate

ROW = 32
ROWS = 8
ACTION = Qt.ItemDataRole.UserRole
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Palette(Dialog):
    """Open it with `open`; what was chosen is triggered once it is closed."""

    def __init__(self, parent: QWidget, actions: Iterable[QAction]) -> None:
        super().__init__(parent, translate("Palette", "Commands"), width=CONNECT)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Name of a command"))
        self.field.setAccessibleName(self.tr("Command palette"))
        self._actions = list(actions)  # a row only points to its own
        self.list = self._make_list()
        self._nothing = self._make_nothing()
        self.body.addWidget(self.field)
        self.body.addWidget(self.list)
        self.field.textChanged.connect(self._search)
        self.list.itemClicked.connect(self._choose)
        self.finished.connect(self.deleteLater)
        self.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentItem())
        else:
            super().keyPressEvent(event)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None or item.isHidden():
            return
        action: QAction = item.data(ACTION)
        if action.isEnabled():
            self.finished.connect(action.trigger)
            self.accept()

    def _search(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            item.setHidden(not all(word in item.text().casefold() for word in words))
        first = next(iter(self._shown()), None)
        self.list.setCurrentItem(first)  # type: ignore[arg-type]
        self._nothing.setText(self.tr("No command matches '{text}'.").format(text=text))
        self._nothing.setHidden(first is not None)

    def _step(self, by: int) -> None:
        if shown := self._shown():
            at = shown.index(self.list.currentItem()) if self.list.currentItem() in shown else -by
            self.list.setCurrentItem(shown[(at + by) % len(shown)])

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _shown(self) -> list[QListWidgetItem]:
        return [item for item in self._items() if not item.isHidden()]

    def _make_list(self) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(self.tr("Commands"))
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setItemDelegate(_Row(made))
        made.setFixedHeight(ROWS * ROW)
        for action in self._actions:
            item = QListWidgetItem(action.text().rstrip("…"), made)
            item.setData(ACTION, action)
        made.setCurrentRow(0)
        return made

    def _make_nothing(self) -> QLabel:
        """Where the first row would be."""
        made = QLabel()
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setWordWrap(True)
        set_style(made, TextStyle.BODY, "text2")
        column = QVBoxLayout(self.list)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        made.hide()
        return made


def connects(servers: Iterable[Server], ask: Callable[[str], object]) -> list[QAction]:
    """A command for each server, with which one is asked as whom to connect to it."""

    def command(server: Server) -> QAction:
        action = QAction(translate("Palette", "Connect as to {name}…").format(name=server.name))
        action.triggered.connect(lambda: ask(server.id))
        return action

    return [command(server) for server in servers]


class _Row(QStyledItemDelegate):
    """The name, and its keys at the right."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        view = option.widget
        assert isinstance(view, QListWidget)
        action: QAction = index.data(ACTION)
        row = option.rect
        if view.currentIndex() == index:
            painter.fillRect(row, theme.color("selected"))
        inner = row.adjusted(12, 0, -12, 0)
        painter.setFont(font(TextStyle.BODY))
        painter.setPen(theme.color("text" if action.isEnabled() else "disabled"))
        painter.drawText(inner, LEFT, index.data())
        painter.setPen(theme.color("text3"))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        painter.drawText(inner, RIGHT, keys)
