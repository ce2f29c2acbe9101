"""The palette: every command by name, for those who remember its name and not its place."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.domain.searching import holds, plain, words
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, scaled, set_style
from autosky_desktop.ui.widgets.dialog import Scrim
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.ui.widgets.menu import make_see_through, round_corners
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _

WIDTH, ROW, ROWS = 560, 32, 10
_GAP = 12
_ENTRY = Qt.ItemDataRole.UserRole
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """A line of the palette.

    `where` names the environment it acts in, `keys` is its shortcut as the system writes it,
    `reason` says why it cannot be done now; empty when it can. `also` is what it is called
    elsewhere: it is found by that, and not shown.
    """

    text: str
    do: Callable[[], object]
    where: str = ""
    keys: str = ""
    reason: str = ""
    also: str = ""

    @property
    def spoken(self) -> str:
        return ", ".join(part for part in (self.text, self.where, self.reason) if part)


def found(entries: Iterable[PaletteEntry], text: str) -> list[PaletteEntry]:
    """Return the entries with all words of `text` in their name or environment, the likeliest
    first.

    First come those whose name begins with the text, then
    those with a word that does, then the rest; each in the order they were given.
    """
    wanted = words(text)
    ranked: tuple[list[PaletteEntry], list[PaletteEntry], list[PaletteEntry]] = ([], [], [])
    for entry in entries:
        name = plain(entry.text)
        if not holds(f"{name}\n{plain(f'{entry.where} {entry.also}')}", wanted):
            continue
        begins = bool(wanted) and name.startswith(" ".join(wanted))
        nearly = any(
            word.startswith(it) for it in wanted for word in name.replace("-", " ").split()
        )
        ranked[0 if begins else 1 if nearly else 2].append(entry)
    return [entry for group in ranked for entry in group]


def place_of(before: Sequence[PaletteEntry], row: int, now: Sequence[PaletteEntry]) -> int:
    """Find the row in which the entry of that row is now.

    It is -1 when the entry is gone, or cannot be told from others that are called the same, and the
    first row where nothing was found before.
    """
    if not before:
        return 0
    if row < 0:
        return -1
    name = before[row].text, before[row].where
    alike, still = (
        [at for at, it in enumerate(entries) if (it.text, it.where) == name]
        for entries in (before, now)
    )
    return still[alike.index(row)] if len(alike) == len(still) else -1


class Palette(QDialog):
    """The line to type in, over a list. What was chosen is done once the palette is closed.

    `entries` is asked again by `refresh`, as servers of other environments come to be known.
    """

    def __init__(self, parent: QWidget, entries: Callable[[], Sequence[PaletteEntry]]) -> None:
        super().__init__(parent.window())
        self.setWindowFlags(Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        make_see_through(self)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAccessibleName(_(labels.COMMANDS))
        self.setWindowTitle(_(labels.COMMANDS))
        self._ask = entries
        self._entries: Sequence[PaletteEntry] = entries()
        self._scrim: Scrim | None = None
        self.field = QLineEdit()
        self.field.setPlaceholderText(_(labels.FIND_ANYTHING))
        self.field.setAccessibleName(_(labels.COMMAND_PALETTE))
        self._rows = _Rows(self)
        self.list = self._make_list()
        self._nothing = self._make_nothing()
        frame, outer = QFrame(), QVBoxLayout(self)
        frame.setProperty("kind", "palette")
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self._nothing)
        self.setFixedWidth(min(scaled(WIDTH), parent.window().width() - 4 * _GAP))
        self.field.textChanged.connect(lambda: self._search())
        self.list.clicked.connect(self._choose)
        self.finished.connect(self._leave)
        self._search()

    def refresh(self) -> None:
        """Show what can be done by now. What is chosen stays chosen; once it is gone nothing is,
        so that Enter does nothing that nobody has looked at.
        """
        self._entries = self._ask()
        before, row = self._rows.entries, self.list.currentIndex().row()
        self._show_found()
        self._go_to(place_of(before, row, self._rows.entries), announced=False)

    def showEvent(self, event: QShowEvent) -> None:
        window = cast("QWidget", self.parentWidget())
        self._scrim = self._scrim or Scrim(window)
        self._scrim.show()
        self._scrim.raise_()
        super().showEvent(event)
        left = (window.width() - self.width()) // 2
        self.move(window.mapToGlobal(QPoint(left, window.height() // 8)))
        self.field.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_PageUp: -ROWS,
            Qt.Key.Key_PageDown: ROWS,
        }
        if step := steps.get(Qt.Key(event.key())):
            self._step(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentIndex())
        else:
            super().keyPressEvent(event)

    def _leave(self) -> None:
        if self._scrim:
            self._scrim.deleteLater()
            self._scrim = None
        self.deleteLater()

    def _choose(self, index: _Index) -> None:
        entry = self._rows.entries[index.row()] if index.isValid() else None
        if entry is None:
            return
        if entry.reason:
            announce(self.list, entry.reason, assertive=True)
            return
        self.finished.connect(lambda _result: entry.do())
        self.accept()

    def _search(self) -> None:
        self._show_found()
        if self._rows.entries:
            self._go_to(0, announced=self.isVisible())

    def _show_found(self) -> None:
        text = self.field.text()
        self._rows.show_entries(found(self._entries, text))
        none = not self._rows.entries
        self._nothing.setText(_(labels.NO_COMMAND_MATCHES_TEXT).format(text=text))
        self._nothing.setVisible(none)
        self.list.setVisible(not none)

    def _step(self, by: int) -> None:
        """Choose another row: one row further goes round the ends; a page stops there."""
        number, row = len(self._rows.entries), self.list.currentIndex().row()
        if number:
            row = max(row, 0) if by < 0 else row  # where nothing is chosen, up leads to the end
            around = (row + by) % number if abs(by) == 1 else min(max(row + by, 0), number - 1)
            self._go_to(around)

    def _go_to(self, row: int, *, announced: bool = True) -> None:
        self.list.setCurrentIndex(self._rows.index(row))
        if announced:
            announce(self.list, self._rows.entries[row].spoken)

    def _make_list(self) -> QListView:
        made = QListView()
        made.setAccessibleName(_(labels.COMMANDS))
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setUniformItemSizes(True)
        made.setModel(self._rows)
        made.setItemDelegate(_RowPainter(made))
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setFixedHeight(ROWS * scaled(ROW))
        return made

    def _make_nothing(self) -> QLabel:
        made = QLabel()
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setWordWrap(True)
        made.setContentsMargins(_GAP, 4, _GAP, 4)
        set_style(made, TextStyle.BODY, "text2")
        return made


class _Rows(QAbstractListModel):
    """The entries that are shown."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: list[PaletteEntry] = []

    def show_entries(self, entries: list[PaletteEntry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return entry.spoken
        return entry if role == _ENTRY else None


class _RowPainter(QStyledItemDelegate):
    """Paints an entry: its name, its environment behind it, and at the right its keys or why it is
    off.
    """

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(0, scaled(ROW))

    @painting
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry: PaletteEntry = index.data(_ENTRY)
        row = option.rect
        if cast("QListView", option.widget).currentIndex() == index:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(row, 4, 4)
        room = row.adjusted(_GAP, 0, -_GAP, 0)
        small = font(TextStyle.SMALL)
        painter.setFont(small)
        painter.setPen(theme.color("text2"))
        right = entry.reason or entry.keys
        if right:
            most = room.width() // 2
            shown = painter.fontMetrics().elidedText(right, Qt.TextElideMode.ElideRight, most)
            painter.drawText(room, _RIGHT, shown)
            room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(shown) - _GAP)
        painter.setFont(font(TextStyle.BODY))
        metrics = painter.fontMetrics()
        text = metrics.elidedText(entry.text, Qt.TextElideMode.ElideMiddle, room.width())
        painter.setPen(theme.color("disabled" if entry.reason else "text"))
        painter.drawText(room, _LEFT, text)
        room.setLeft(room.left() + metrics.horizontalAdvance(text) + _GAP)
        if entry.where and room.width() > 0:
            painter.setFont(small)
            painter.setPen(theme.color("text2"))
            where = painter.fontMetrics().elidedText(
                entry.where, Qt.TextElideMode.ElideRight, room.width()
            )
            painter.drawText(room, _LEFT, where)
