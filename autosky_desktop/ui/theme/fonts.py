"""The letters: one family, nine styles, digits of equal width."""

import sys
from enum import Enum
from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics, QPainter, QStaticText
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from autosky_desktop.system.folders import resources

_FAMILIES = ["Inter", "Segoe UI", "Noto Sans"]
_USUAL_POINTS = {"win32": 9.0, "darwin": 13.0}
"""The system font's size while the person has not changed the text size."""
_POINTS_PER_PIXEL = 1.0 if sys.platform == "darwin" else 0.75

_NORMAL, _MEDIUM, _SEMIBOLD = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold


class TextStyle(Enum):
    """A text style of the design: logical pixels at 96 dpi, and weight."""

    WELCOME = (22, _SEMIBOLD)
    TITLE = (18, _SEMIBOLD)
    FIGURE = (20, _SEMIBOLD)
    PANEL = (14, _SEMIBOLD)
    BODY = (13, _NORMAL)
    BODY_MEDIUM = (13, _MEDIUM)
    BODY_STRONG = (13, _SEMIBOLD)
    SMALL = (12, _NORMAL)
    SMALL_MEDIUM = (12, _MEDIUM)
    SMALL_STRONG = (12, _SEMIBOLD)
    TAG = (11, _SEMIBOLD)

    __hash__ = object.__hash__  # Enum's own is written in Python, and asked five times a cell


def load() -> None:
    """Make the bundled letters known to Qt. Without them the system's own are used."""
    for file in sorted((resources() / "fonts").glob("*.[ot]tf")):
        QFontDatabase.addApplicationFont(str(file))


@cache
def font(style: TextStyle) -> QFont:
    pixels, weight = style.value
    made = QFont(_FAMILIES)
    made.setPointSizeF(pixels * _POINTS_PER_PIXEL * _text_scale())
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


@cache
def metrics(style: TextStyle) -> QFontMetrics:
    return QFontMetrics(font(style))


@lru_cache(maxsize=1_024)
def advance(style: TextStyle, text: str) -> int:
    """Measure how wide `text` is. What tables paint again and again is measured once."""
    return metrics(style).horizontalAdvance(text)


@lru_cache(maxsize=1_024)
def elided(style: TextStyle, text: str, mode: Qt.TextElideMode, width: int) -> str:
    """Cut `text` to what has room."""
    if advance(style, text) <= width:
        return text
    return metrics(style).elidedText(text, mode, width)


@lru_cache(maxsize=512)
def _laid_out(style: TextStyle, text: str) -> QStaticText:
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.prepare(font=font(style))
    return made


def paint_line(
    painter: QPainter, rect: QRect, style: TextStyle, text: str, *, end: bool = False
) -> None:
    """Paint one line in the middle of `rect`, at its start or end, in a third of the time of
    `drawText`.
    """
    painter.setFont(font(style))
    left = rect.right() + 1 - advance(style, text) if end else rect.left()
    top = rect.top() + (rect.height() - metrics(style).height()) / 2
    painter.drawStaticText(QPointF(left, top), _laid_out(style, text))


@cache
def growth() -> float:
    """Return how much larger than designed the letters are here: 1.0 at the usual text size."""
    screen = QApplication.primaryScreen()
    inch = screen.logicalDotsPerInchY() if screen else 72 / _POINTS_PER_PIXEL
    return max(1.0, _text_scale() * inch * _POINTS_PER_PIXEL / 72)


def scaled(pixels: int) -> int:
    """Scale a length of the design that has to grow with the person's text size."""
    return round(pixels * growth())


def choose_text_size(scale: float | None) -> None:
    """Draw letters so much larger than designed from now on; None: as the system says.

    What was made before keeps its letters.
    """
    global _chosen
    _chosen = scale
    for known in (font, metrics, advance, elided, _laid_out, growth):
        known.cache_clear()


def set_style(widget: QWidget, style: TextStyle, tone: str = "") -> None:
    """Give a label its text style, and a text colour other than `text`: text2, text3, warn, bad…

    What it says is no markup, unless it was told so before: names come from elsewhere.
    """
    widget.setFont(font(style))
    if isinstance(widget, QLabel) and widget.textFormat() is Qt.TextFormat.AutoText:
        widget.setTextFormat(Qt.TextFormat.PlainText)
    if tone:
        widget.setProperty("tone", tone)


_chosen: float | None = None


def _text_scale() -> float:
    if _chosen is not None:
        return _chosen
    usual = _USUAL_POINTS.get(sys.platform)
    if usual is None:
        return 1.0  # elsewhere the text size arrives as the screen's logical dpi
    return max(
        1.0, QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).pointSizeF() / usual
    )
