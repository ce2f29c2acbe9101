"""An error in what paints leaves a blank place; without this it would end the process.

Qt goes on with a painter that the error has left open, and dies of it.
"""

import logging
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter

log = logging.getLogger(__name__)

Paint = TypeVar("Paint", bound=Callable[..., None])

_logged: set[str] = set()


def painting(paint: Paint) -> Paint:
    """Guard a `paint` or `paintEvent`: it is called again and again, its error is logged once."""

    @wraps(paint)
    def harmlessly(*given: Any) -> None:
        try:
            paint(*given)
        except Exception:  # noqa: BLE001  it is told below
            # as text: a record that keeps the error would keep the painter of its frames
            if paint.__qualname__ not in _logged:
                _logged.add(paint.__qualname__)
                log.error("%s failed unexpectedly\n%s", paint.__qualname__, traceback.format_exc())

    return harmlessly  # type: ignore[return-value]


def fill(painter: QPainter, rect: QRect, color: QColor) -> None:
    """Fill the rectangle as `painter.fillRect` does, which the first time makes an enum of 180
    gradients: for what is painted first.
    """
    painter.setBackground(color)
    painter.eraseRect(rect)
