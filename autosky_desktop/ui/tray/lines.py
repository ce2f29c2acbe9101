"""The shapes and the order of the lines in the tray's menu."""

from collections.abc import Iterable
from datetime import datetime

from PySide6.QtCore import QRectF
from PySide6.QtGui import QIcon, QPainter

from autosky_desktop.domain.environment import Environment
from autosky_desktop.ui.widgets.icons import drawn_icon
from autosky_desktop.ui.widgets.status import colors, paint_shape
from autosky_desktop.words import states

EDGE = 3 / 16
"""The share of the icon that stays free on each side of the shape."""


def shape_of(environment: Environment, now: datetime) -> QIcon:
    """Draw the shape and colour that the environment has in the list of the window."""
    kind = states.environment_look(environment, now=now)[0]

    def draw(painter: QPainter, square: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = square.width() * EDGE
        inner = square.adjusted(edge, edge, -edge, -edge)
        paint_shape(painter, inner, kind, colors(kind)[2])

    return drawn_icon(draw)


def next_scheduled(environments: Iterable[Environment]) -> list[Environment]:
    """Return the environments with a scheduled publication, the soonest first."""
    planned = [(it.next_publication, it.id, it) for it in environments if it.next_publication]
    return [it for _at, _id, it in sorted(planned, key=lambda one: one[:2])]
