"""A row of widgets that becomes several where one has no room, as with large letters.

It is a widget and no layout: PySide6 loses items that a layout written in Python holds.
"""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget, QWidgetItem

from autosky_desktop.ui.widgets.table.column_widths import by_weight


class RowPart(NamedTuple):
    """A widget of the row; `gap`: pixels before it.

    Those with a `share` divide what the others leave; those `at_end` stand at the right.
    """

    widget: QWidget
    gap: int
    share: int = 0
    at_end: bool = False

    @property
    def item(self) -> QWidgetItem:
        """The widget as a layout sees it."""
        return QWidgetItem(self.widget)

    def measured(self) -> "MeasuredPart":
        item = self.item
        least = item.minimumSize().width()
        return MeasuredPart(
            self, least, least if self.share else max(least, item.sizeHint().width())
        )

    def height(self, width: int) -> int:
        item = self.item
        return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


class MeasuredPart(NamedTuple):
    """A part and how wide it is, in pixels: at least, and where there is room. A page asks for the
    height of its rows dozens of times as it opens, so each part is asked once for one answer.
    """

    part: RowPart
    least: int
    wanted: int


class WrappingRow(QWidget):
    """Lays widgets side by side while there is room for the least that each of them needs.

    With less room, what would be cut goes to the next row. `height` is the least of the first one;
    `spacing` is kept between the widgets and between the rows.
    """

    def __init__(
        self, parent: QWidget | None = None, *, spacing: int = 12, height: int = 0
    ) -> None:
        super().__init__(parent)
        self._parts: list[RowPart] = []
        self._spacing, self._height = spacing, height
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, widget: QWidget, *, share: int = 0) -> None:
        self._take(RowPart(widget, self._spacing, share=share), len(self._parts))

    def add_before(self, other: QWidget, widget: QWidget) -> None:
        """Add a widget before one that is there."""
        place = [it.widget for it in self._parts].index(other)
        self._take(RowPart(widget, self._spacing), place)

    def add_at_end(self, widget: QWidget, *, gap: int | None = None) -> None:
        """Add a widget at the right; `gap`: pixels before it, instead of the row's spacing."""
        room = self._spacing if gap is None else gap
        self._take(RowPart(widget, room, at_end=True), len(self._parts))

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        places = self._places(QRect(0, 0, width, 0).marginsRemoved(margins))
        foot = max((place.bottom() + 1 for _part, place in places), default=margins.top())
        return foot + margins.bottom()

    def sizeHint(self) -> QSize:
        shown = self._measured()
        return self._size(sum(it.wanted for it in shown) + _gaps(shown))

    def minimumSizeHint(self) -> QSize:
        return self._size(max((it.least for it in self._measured()), default=0))

    def event(self, event: QEvent) -> bool:
        """Lay out anew what asks for another size, or comes or goes."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._lay_out()
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        """Lay out what has changed unseen, of which nobody tells."""
        super().showEvent(event)
        self._lay_out()
        self.updateGeometry()

    def _take(self, part: RowPart, place: int) -> None:
        part.widget.setParent(self)
        self._parts.insert(place, part)

    def _lay_out(self) -> None:
        for part, place in self._places(self.contentsRect()):
            part.item.setGeometry(place)

    def _shown(self) -> list[RowPart]:
        return [it for it in self._parts if not it.item.isEmpty()]

    def _measured(self) -> list[MeasuredPart]:
        return [it.measured() for it in self._shown()]

    def _size(self, width: int) -> QSize:
        """Return the size with all in one row."""
        high = max((it.item.sizeHint().height() for it in self._shown()), default=0)
        return QSize(width, max(high, self._height)).grownBy(self.contentsMargins())

    def _places(self, room: QRect) -> list[tuple[RowPart, QRect]]:
        """Return the place of each part that shows."""
        found: list[tuple[RowPart, QRect]] = []
        top, least = room.top(), self._height
        for row in _broken(self._measured(), room.width()):
            places = list(_side_by_side(row, room.width()))
            high = max(least, *(part.height(wide) for part, _left, wide in places))
            for part, left, wide in places:
                found.append((part, QRect(room.left() + left, top, wide, high)))
            top, least = top + high + self._spacing, 0
        return found


def _gaps(row: list[MeasuredPart]) -> int:
    return sum(it.part.gap for it in row[1:])


def _broken(parts: list[MeasuredPart], width: int) -> list[list[MeasuredPart]]:
    """Return the parts of each row: all in one, or in each as many as it has room for in full.

    Those at the end keep together.
    """
    if sum(it.least for it in parts) + _gaps(parts) <= width:
        return [parts] if parts else []
    rows: list[list[MeasuredPart]] = []
    for one in parts:
        row = [*rows[-1], one] if rows and rows[-1][-1].part.at_end == one.part.at_end else []
        if row and sum(it.wanted for it in row) + _gaps(row) <= width:
            rows[-1].append(one)
        else:
            rows.append([one])
    return rows


def _side_by_side(row: list[MeasuredPart], width: int) -> Iterator[tuple[RowPart, int, int]]:
    """Yield each part of a row, where it begins and how wide it is."""
    widths = _widths(row, width)
    rest, left = max(0, width - sum(widths) - _gaps(row)), 0
    for place, ((part, *_), wide) in enumerate(zip(row, widths, strict=True)):
        left += part.gap if place else 0
        if part.at_end:
            left, rest = left + rest, 0
        yield part, left, wide
        left += wide


def _widths(row: list[MeasuredPart], width: int) -> list[int]:
    """Give each part the least that it needs, then what it wants, and the rest to the shares."""
    least = [it.least for it in row]
    lacking = [it.wanted - few for it, few in zip(row, least, strict=True)]
    spare = max(0, width - sum(least) - _gaps(row))
    given = min(1.0, spare / (sum(lacking) or 1))
    widths = [min(width, few + int(lack * given)) for few, lack in zip(least, lacking, strict=True)]
    sharing = [place for place, it in enumerate(row) if it.part.share]
    taken = sum(wide for it, wide in zip(row, widths, strict=True) if not it.part.share)
    room = width - _gaps(row) - taken
    shares = by_weight([row[it].part.share for it in sharing], [widths[it] for it in sharing], room)
    for place, share in zip(sharing, shares, strict=True):
        widths[place] = int(share)
    return widths
