"""The icon of the tray: the cloud, and at its corner how things are."""

from enum import StrEnum
from functools import cache

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from autosky_desktop.ui.theme.tokens import LIGHT
from autosky_desktop.ui.widgets.icons import LOGO, paint_icon
from autosky_desktop.words import tray as labels
from autosky_desktop.words.language import _

SIZES = (16, 22, 24, 32, 48, 64)


class State(StrEnum):
    IDLE = "idle"
    RUNNING = "running"
    PUBLISHING = "publishing"
    NEEDS_YOU = "needs-you"


WORDS = {
    State.IDLE: labels.NOTHING_RUNS,
    State.RUNNING: labels.PREPARATION_SERVER_IS_RUNNING,
    State.PUBLISHING: labels.VERSION_IS_BEING_PUBLISHED,
    State.NEEDS_YOU: labels.SOMETHING_NEEDS_YOU,
}


def words(state: State) -> str:
    return _(WORDS[state])


@cache
def picture(state: State) -> QIcon:
    """Draw the icon at each size: panels scale badly. Its colours are the same on light and dark
    ones.
    """
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(_drawn(state, size))
    return icon


def _drawn(state: State, size: int) -> QPixmap:
    drawn = QPixmap(size, size)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    paint_icon(painter, LOGO, drawn.rect(), _color("accent"))
    if state is not State.IDLE:
        _draw_sign(painter, state, size)
    painter.end()
    return drawn


def _draw_sign(painter: QPainter, state: State, size: int) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = size * 0.5
    corner = QRectF(size - side, size - side, side, side)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_color("surface"))
    painter.drawEllipse(corner)
    inner = corner.marginsRemoved(_margins(side * 0.16))
    if state is State.RUNNING:
        painter.setBrush(_color("ok_dot"))
        painter.drawEllipse(inner)
    elif state is State.PUBLISHING:
        _draw_arc(painter, inner, size)
    else:
        _draw_triangle(painter, inner)


def _draw_arc(painter: QPainter, place: QRectF, size: int) -> None:
    width = max(1.2, size / 14)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_color("accent"), width))
    painter.drawArc(place.marginsRemoved(_margins(width / 2)), 60 * 16, 290 * 16)


def _draw_triangle(painter: QPainter, place: QRectF) -> None:
    painter.setBrush(_color("warn_dot"))
    top, bottom = place.top() - place.height() * 0.02, place.bottom() - place.height() * 0.12
    corners = [QPointF(place.center().x(), top), QPointF(place.right(), bottom)]
    painter.drawPolygon(QPolygonF([*corners, QPointF(place.left(), bottom)]))


def _margins(all_round: float) -> QMarginsF:
    return QMarginsF(all_round, all_round, all_round, all_round)


def _color(name: str) -> QColor:
    return QColor(getattr(LIGHT, name))
