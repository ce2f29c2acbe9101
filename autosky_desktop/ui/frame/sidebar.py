"""The environments at the left: find one, see how each is, open one."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.domain.environment import Environment, Me
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.frame.environment_list import RECORD, EnvironmentList
from autosky_desktop.ui.frame.environment_row import EnvironmentRow
from autosky_desktop.ui.frame.menu_button import MenuButton
from autosky_desktop.ui.icons import IconLabel, pixmap
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.elided import ElidedLabel

WIDE, NARROW = 248, 232
_TEXT, _GAP = 28, 12
"""In the search field: where the text begins, and from it to the keys."""


class Sidebar(QFrame):
    """`chosen` carries the id of the environment that a person, or the first list, opens."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("region", "sidebar")
        self._model = EnvironmentList(self)
        self._open = ""
        self._searching = False
        self._row = EnvironmentRow(self)
        self.search = self._make_search()
        self._count = QLabel()
        self.list = self._make_list()
        self._nothing = NothingFound(self)
        self._nothing.clear.connect(self.search.clear)
        self.account = Account(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._brand())
        column.addWidget(_inset(self.search, 12, 0, 12, 0))
        column.addLayout(self._heading())
        column.addWidget(self._nothing)
        column.addWidget(_inset(self.list, 8, 0, 8, 0), 1)
        column.addWidget(self.account)

    def apply(self, diff: Diff[Environment]) -> None:
        self._model.apply(diff)
        self._count.setText(str(self._model.total) if self._model.total else "")
        self._say_when_nothing()

    def choose(self, environment: str) -> None:
        """Mark it as the open one."""
        self._open = environment
        index = self._model.row_of(environment)
        if index.isValid() and index != self.list.currentIndex():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(index, flags)

    def step(self, by: int) -> None:
        """Open the next environment, or with -1 the one before."""
        rows = self._model.rowCount()
        if rows:
            row = (self.list.currentIndex().row() + by) % rows
            self.list.setCurrentIndex(self._model.index(row))

    def set_menu(self, menu: QMenu) -> None:
        """What the button beside the name opens."""
        self._menu_button.setMenu(menu)

    def confirm(self, confirmed: bool) -> None:
        """Show the states as true, or as those that were when the line was lost."""
        self._model.confirm(confirmed)

    def _brand(self) -> QHBoxLayout:
        logo, name = QLabel(), QLabel(self.tr("Autosky Desktop"))
        self._menu_button = MenuButton()
        logo.setPixmap(pixmap("logo", 22, self.devicePixelRatioF()))
        set_style(name, TextStyle.PANEL)
        row = QHBoxLayout()
        row.setContentsMargins(16, 12, 11, 12)
        row.setSpacing(10)
        row.addWidget(logo)
        row.addWidget(name, 1)
        row.addWidget(self._menu_button)
        return row

    def _heading(self) -> QHBoxLayout:
        title = QLabel(self.tr("Environments"))
        for label in (title, self._count):
            set_style(label, TextStyle.SMALL, "text3")
        row = QHBoxLayout()
        row.setContentsMargins(16, 10, 17, 6)
        row.addWidget(title, 1)
        row.addWidget(self._count)
        return row

    def _make_search(self) -> QLineEdit:
        search = SearchField()
        search.setPlaceholderText(self.tr("Find an environment"))
        search.setAccessibleName(self.tr("Find an environment"))
        search.textChanged.connect(self._search)
        search.returnPressed.connect(self._open_first)
        return search

    def _make_list(self) -> QListView:
        view = QListView()
        view.setAccessibleName(self.tr("Environments"))
        view.setModel(self._model)
        view.setItemDelegate(self._row)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.selectionModel().currentChanged.connect(self._current_changed)
        return view

    def _current_changed(self, index: QModelIndex) -> None:
        if index.isValid() and not self._searching:
            self.chosen.emit(index.data(RECORD).id)

    def _search(self, text: str) -> None:
        """Rows that go take the mark with them to a neighbour; nobody has chosen that one."""
        self._searching = True
        self._model.search(text)
        self.list.setCurrentIndex(self._model.row_of(self._open))
        self._searching = False
        self._say_when_nothing()

    def _open_first(self) -> None:
        if self._model.rowCount():
            self.list.setCurrentIndex(self._model.index(0))
            self.list.setFocus()

    def _say_when_nothing(self) -> None:
        found = self._model.rowCount() > 0
        self._nothing.setVisible(not found and bool(self.search.text()))
        self._nothing.say(self.search.text().strip())


class SearchField(QLineEdit):
    """A line to type in with a magnifying glass, and the keys that lead here. Esc clears it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glass = IconLabel("search", "text3", parent=self)
        self.setTextMargins(_TEXT - 10, 0, 0, 0)
        keys = QKeySequence("Ctrl+L").toString(QKeySequence.SequenceFormat.NativeText)
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
        """Only where they cover nothing."""
        said = self.fontMetrics().horizontalAdvance(self.placeholderText())
        room = _TEXT + said + _GAP <= self._keys.x()
        self._keys.setVisible(room and not self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)


class NothingFound(QWidget):
    """No environment matches 'xyz'."""

    clear = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = QLabel()
        self._text.setWordWrap(True)
        set_style(self._text, TextStyle.SMALL, "text2")
        button = Button(self.tr("Clear"), "link")
        button.clicked.connect(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 8)
        column.addWidget(self._text)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def say(self, search: str) -> None:
        self._text.setText(self.tr("No environment matches '{text}'.").format(text=search))


class Account(QFrame):
    """Who is at work here, and on which control plane."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("region", "account")
        self._initials, self._name, self._plane = QLabel(), ElidedLabel(), ElidedLabel()
        self._initials.setProperty("region", "initials")
        self._initials.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._initials.setFixedSize(28, 28)
        self.setMinimumHeight(56)
        set_style(self._initials, TextStyle.TAG)
        set_style(self._plane, TextStyle.SMALL, "text3")
        grid = QHBoxLayout(self)
        grid.setContentsMargins(14, 12, 12, 12)
        grid.setSpacing(8)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._name)
        texts.addWidget(self._plane)
        grid.addWidget(self._initials)
        grid.addLayout(texts, 1)
        self.show_account(None)

    def show_account(self, me: Me | None) -> None:
        """Nothing before it is known: that is no reason to worry anybody."""
        for label in (self._initials, self._name, self._plane):
            label.setVisible(me is not None)
        if me is None:
            return
        self._initials.setText("".join(part[:1] for part in me.operator.split("-")[:2]).upper())
        self._name.setText(me.operator)
        self._plane.setText(me.control_plane)
        spoken = self.tr("Account {account} at {plane}")
        self._name.setAccessibleName(
            spoken.format(account=self._name.text(), plane=self._plane.text())
        )


def _inset(widget: QWidget, *margins: int) -> QWidget:
    frame = QWidget()
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(*margins)
    layout.addWidget(widget)
    return frame
