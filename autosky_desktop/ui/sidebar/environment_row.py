"""The drawing of an environment in the sidebar."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QCursor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.ui.sidebar.environment_list import (
    BADGE,
    HEADING,
    LOOK,
    RECORD,
    EnvironmentModel,
)
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, font, scaled
from autosky_desktop.ui.widgets.icons import paint_icon
from autosky_desktop.ui.widgets.label_tag import paint_tag, tag_width
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.ui.widgets.status import colors, paint_shape, spin
from autosky_desktop.words import states
from autosky_desktop.words.states import StatusKind

HEIGHT = 52
HEAD = 24
"""Above the first row of a group. These and all lengths here grow with the person's text size."""
FIRST, SECOND, LINE = 7, 26, 18
"""The tops of the two lines of a row, and the height of each."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class EnvironmentRow(QStyledItemDelegate):
    """Paints an environment: shape, name and sessions above; label, state word and what needs a
    person below.

    `opened` is the id of the environment that is open: it has the ground of a chosen row. The row
    the keys stand on has a ring.
    """

    opened = ""

    def __init__(self, model: EnvironmentModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._size, self._headed = QSize(0, scaled(HEIGHT)), QSize(0, scaled(HEIGHT + HEAD))

    def sizeHint(
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the height. It is made beforehand, being asked of every row whenever one comes or
        goes.
        """
        return self._headed if index.row() in self._model.heads else self._size

    @painting
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        record: Environment = index.data(RECORD)
        row: QRect = option.rect.adjusted(0, 1, 0, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = option.widget
        assert isinstance(view, QListView)
        if heading := index.data(HEADING):
            _paint_heading(painter, row, heading)
            row = row.adjusted(0, scaled(HEAD), 0, 0)
        chosen = record.id == self.opened
        _paint_ground(painter, row, view, chosen=chosen, current=view.currentIndex() == index)
        kind, text = index.data(LOOK)
        side = scaled(10)
        shape = QRect(row.left() + 8, row.top() + scaled(11), side, side)
        _paint_shape(painter, shape, kind, view)
        count = _paint_count(painter, row, record.sessions) if record.is_scaling else 0
        left = 20 + side
        name = _line(row, FIRST).adjusted(left, 0, -12 - count, 0)
        _paint_name(painter, name, record.name, bold=chosen)
        badge = _paint_badge(painter, row, index.data(BADGE))
        state = _line(row, SECOND).adjusted(left, 0, -8 - badge, 0)
        _paint_state(painter, state, record, text)
        painter.restore()


def _line(row: QRect, top: int) -> QRect:
    """Return the room of one line of text over the whole width of a row."""
    return QRect(row.left(), row.top() + scaled(top), row.width(), scaled(LINE))


def _paint_heading(painter: QPainter, row: QRect, text: str) -> None:
    painter.setFont(font(TextStyle.SMALL))
    painter.setPen(theme.color("text3"))
    room = QRect(row.left() + 8, row.top(), row.width() - 16, scaled(HEAD - 4))
    painter.drawText(room, LEFT, text)


def _paint_ground(
    painter: QPainter, row: QRect, view: QListView, *, chosen: bool, current: bool
) -> None:
    """Paint the ground by the view and not by `option.state`: QStyle's flags cost 10 ms of the
    start.
    """
    mouse = view.viewport().mapFromGlobal(QCursor.pos())
    if chosen:
        painter.setBrush(theme.color("selected"))
    elif view.underMouse() and row.contains(mouse):
        painter.setBrush(theme.color("line"))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(row, 6, 6)
    if current and view.hasFocus():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("focus"), 2))
        painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), 6, 6)


def _paint_shape(painter: QPainter, place: QRect, kind: StatusKind, view: QListView) -> None:
    phase = spin().phase(view.viewport(), place) if kind is StatusKind.BUSY else 0
    paint_shape(painter, QRectF(place), kind, colors(kind)[2], phase)


def _paint_count(painter: QPainter, row: QRect, sessions: int | None) -> int:
    """Paint the number of sessions with its icon at the right; returns the width taken."""
    text = "–" if sessions is None else str(sessions)
    painter.setFont(font(TextStyle.BODY))
    painter.setPen(theme.color("text2"))
    width = QFontMetrics(painter.font()).horizontalAdvance(text)
    painter.drawText(_line(row, FIRST).adjusted(0, 0, -10, 0), RIGHT, text)
    side = scaled(14)
    icon = QRect(row.right() - 10 - width - 5 - side, row.top() + scaled(9), side, side)
    paint_icon(painter, "users", icon, theme.color("text2"))
    return width + side + 10


def _paint_badge(painter: QPainter, row: QRect, text: str) -> int:
    """Paint a triangle and how many more things need a person; returns the width taken."""
    if not text:
        return 0
    painter.setFont(font(TextStyle.TAG))
    painter.setPen(theme.color("warn"))
    width = QFontMetrics(painter.font()).horizontalAdvance(text)
    painter.drawText(_line(row, SECOND).adjusted(0, 0, -10, 0), RIGHT, text)
    side = scaled(10)
    sign = QRectF(row.right() - 10 - width - 4 - side, row.top() + scaled(30), side, side)
    paint_shape(painter, sign, StatusKind.WARN, theme.color("warn_dot"))
    return width + side + 10


def _paint_name(painter: QPainter, place: QRect, name: str, *, bold: bool) -> None:
    painter.setFont(font(TextStyle.BODY_STRONG if bold else TextStyle.BODY_MEDIUM))
    painter.setPen(theme.color("text"))
    elided = QFontMetrics(painter.font()).elidedText(
        name, Qt.TextElideMode.ElideMiddle, place.width()
    )
    painter.drawText(place, LEFT, elided)


def _paint_state(painter: QPainter, place: QRect, record: Environment, text: str) -> None:
    rest = place
    if word := states.label(record.label):
        tag = QRect(place.left(), place.top(), tag_width(word), place.height())
        paint_tag(painter, tag, record.label, word)
        rest = place.adjusted(tag.width() + 6, 0, 0, 0)
    painter.setFont(font(TextStyle.SMALL))
    painter.setPen(theme.color("text2"))
    elided = QFontMetrics(painter.font()).elidedText(
        text, Qt.TextElideMode.ElideRight, rest.width()
    )
    painter.drawText(rest, LEFT, elided)
