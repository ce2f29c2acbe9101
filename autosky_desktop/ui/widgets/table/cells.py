"""The kinds of cell: text, address with its copy icon, status, date with its information, menu."""

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, advance, elided, font, paint_line, scaled
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.icons import paint_icon
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.ui.widgets.status import paint_pill, pill_size, spin
from autosky_desktop.ui.widgets.table.model import END, Column, RecordTableModel
from autosky_desktop.words.labels import widgets as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.states import StatusKind

Index = QModelIndex | QPersistentModelIndex

EDGE = 16
"""Pixels left of the first column's text."""
PADDING = 8
"""Pixels left of every other column's text, and right of every column's."""
_ICON, _DOTS, _TARGET, _ICON_GAP = 14, 16, 24, 5
_RADIUS = 7

_MIDDLE, _RIGHT = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight
_CHOSEN = 0x8000
"""`QStyle.StateFlag.State_Selected`, whose name would make eight long enums at the start."""

_STYLES = {"name": TextStyle.BODY_MEDIUM, "date-info": TextStyle.BODY_MEDIUM}
_TONES = {"quiet": "text2"}


class RowLook:
    """The look of one table's rows, beyond their records. The table keeps it.

    `keeps` what is selected in sight when the focus is elsewhere: on the button that acts on it.
    """

    def __init__(self, *, keeps: bool = False) -> None:
        self.keeps = keeps
        self.hovered = -1
        self.fading: dict[str, float] = {}
        self.copied: tuple[str, int] | None = None
        self.rounded_foot = True
        """Whether the last row lies in the rounded foot of a card."""


class CellDelegate(QStyledItemDelegate):
    """Paints every cell itself: half the time of the style's own way."""

    def __init__(self, view: QAbstractItemView, look: RowLook) -> None:
        super().__init__(view)
        self._view = view
        self._look = look
        self._copied = _(labels.COPIED)

    @painting
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, row, column = _cell(index)
        record, spec = model.record(row), model.columns[column]
        rect: QRect = option.rect
        chosen = self._shows_choice() and bool(option.state.value & _CHOSEN)
        self._paint_row(painter, rect, model, row, column, chosen=chosen)
        inner = content_rect(rect, column)
        if spec.status is not None:
            self._paint_status(painter, inner, *spec.status(record))
        elif spec.paint is not None:
            spec.paint(painter, inner, record)
        elif spec.kind == "menu":
            side = scaled(_DOTS)
            box = QRect(0, 0, side, side)
            box.moveCenter(rect.center())
            paint_icon(painter, "more-vertical", box, theme.color("text2"))
        else:
            self._paint_text(painter, inner, spec, record, column)
        if self._view.hasFocus() and self._view.currentIndex() == index:
            _paint_ring(painter, rect)

    def _shows_choice(self) -> bool:
        """Tell whether the selection is shown. It is asked before `option.state`, whose making
        costs more than a cell's ground.
        """
        if self._look.keeps:
            return self._view.selectionModel().hasSelection()
        return self._view.hasFocus()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, 0)  # rows and columns have fixed sizes

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        if event.type() is not QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        model, row, column = _cell(index)
        spec = model.columns[column]
        record = model.record(row)
        text = self._tip(event.pos(), option.rect, spec, record, column)
        QToolTip.showText(event.globalPos(), tip(text), view)
        return True

    def _tip(self, place: QPoint, rect: QRect, spec: Column[Any], record: Any, column: int) -> str:
        """Say what an icon does; elsewhere return the text when it is cut."""
        if spec.kind == "menu":
            return spec.said(record)
        icon = icon_rect(content_rect(rect, column), spec, record).contains(place)
        if icon and icon_room(spec, spec.text(record)):
            return _(labels.COPY) if spec.kind == "address" else _(labels.DETAILS)
        text, room = spec.shown(record), text_rect(rect, column, spec)
        width = advance(style_of(spec), text)
        wanted = pill_size(text).width() if spec.status is not None else width
        return text if wanted > room.width() else ""

    def _paint_row(
        self,
        painter: QPainter,
        rect: QRect,
        model: RecordTableModel[Any],
        row: int,
        column: int,
        *,
        chosen: bool,
    ) -> None:
        last = row == model.rowCount() - 1
        rounded = last and self._look.rounded_foot
        if row == self._look.hovered or chosen:
            tone = theme.color("selected" if chosen else "hover")
            _fill(painter, rect, tone, rounded, column, len(model.columns))
        fading = self._look.fading
        if fading and (strength := fading.get(model.record(row).id)):
            glow = QColor(theme.color("accent_soft"))
            glow.setAlphaF(strength)
            _fill(painter, rect, glow, rounded, column, len(model.columns))
        if not last:
            bottom = rect.bottom()
            painter.fillRect(rect.left(), bottom, rect.width(), 1, theme.color("line"))

    def _paint_status(self, painter: QPainter, rect: QRect, kind: StatusKind, text: str) -> None:
        size = pill_size(text)
        pill = QRect(rect.left(), 0, min(size.width(), rect.width()), size.height())
        pill.moveTop(rect.top() + (rect.height() - size.height()) // 2)
        viewport = self._view.viewport()
        phase = spin().phase(viewport, pill) if kind is StatusKind.BUSY else 0
        paint_pill(painter, pill, kind, text, phase=phase)

    def _paint_text(
        self, painter: QPainter, rect: QRect, spec: Column[Any], record: Any, column: int
    ) -> None:
        given = spec.text(record)
        whole = spec.missing if given is None else given
        style, icon = style_of(spec), icon_room(spec, given)
        room = rect.adjusted(0, 0, -icon, 0) if icon else rect
        text = elided(style, whole, _MIDDLE if spec.kind == "name" else _RIGHT, room.width())
        tone = "text3" if given is None else _TONES.get(spec.kind, "text")
        painter.setPen(theme.color(tone))
        paint_line(painter, room, style, text, end=spec.align == END)
        if icon:
            self._paint_icon(painter, _icon_rect(rect, style, whole), spec, record.id, column)

    def _paint_icon(
        self, painter: QPainter, target: QRect, spec: Column[Any], key: str, column: int
    ) -> None:
        done = self._look.copied == (key, column)
        name = "check" if done else "copy" if spec.kind == "address" else "info"
        side = scaled(_ICON)
        box = QRect(0, 0, side, side)
        box.moveCenter(target.center())
        paint_icon(painter, name, box, theme.color("ok" if done else "text2"))
        if done:
            painter.setFont(font(TextStyle.SMALL))
            painter.setPen(theme.color("ok"))
            beside = QRect(target.topRight() + QPoint(2, 0), QSize(200, target.height()))
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, self._copied)


def content_rect(rect: QRect, column: int) -> QRect:
    """Return the part of a cell in which its own things are drawn."""
    return rect.adjusted(EDGE if column == 0 else PADDING, 0, -PADDING, -1)


def text_rect(rect: QRect, column: int, spec: Column[Any]) -> QRect:
    return content_rect(rect, column).adjusted(0, 0, -icon_room(spec, ""), 0)


def icon_rect(inner: QRect, spec: Column[Any], record: Any) -> QRect:
    """Return the 24 x 24 target after the text of an address or a date; `inner` is from
    `content_rect`.
    """
    return _icon_rect(inner, style_of(spec), spec.shown(record))


def _icon_rect(inner: QRect, style: TextStyle, text: str) -> QRect:
    side, width = scaled(_TARGET), advance(style, text)
    left = min(inner.left() + width + _ICON_GAP, inner.right() - side)
    return QRect(left, inner.top() + (inner.height() - side) // 2, side, side)


def style_of(spec: Column[Any]) -> TextStyle:
    return _STYLES.get(spec.kind, TextStyle.BODY)


def icon_room(spec: Column[Any], text: str | None) -> int:
    """Return the width that the icon after a text takes."""
    wanted = spec.kind == "date-info" or (spec.kind == "address" and text is not None)
    return scaled(_TARGET) + _ICON_GAP if wanted else 0


def _cell(index: Index) -> tuple[RecordTableModel[Any], int, int]:
    model = index.model()
    assert isinstance(model, RecordTableModel)
    return model, index.row(), index.column()


def _fill(
    painter: QPainter, rect: QRect, color: QColor, rounded: bool, column: int, columns: int
) -> None:
    """Fill a part of a row; the last row's outer corners follow the card it lies in."""
    if not rounded or 0 < column < columns - 1:
        painter.fillRect(rect, color)
        return
    # drawn larger than the cell and clipped to it, so that only the outer corners are round
    over = 2 * _RADIUS
    left, right = (0, over) if column == 0 else (-over, 0)
    path = QPainterPath()
    path.addRoundedRect(rect.adjusted(left, -over, right, 0), _RADIUS, _RADIUS)
    painter.save()
    painter.setClipRect(rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(path, color)
    painter.restore()


def _paint_ring(painter: QPainter, rect: QRect) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("focus"), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(2, 2, -2, -3), 4, 4)
    painter.restore()
