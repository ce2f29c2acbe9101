"""The icons: one outline each, drawn at the size and in the colour they are wanted."""

from collections.abc import Callable
from functools import cache, lru_cache

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from autosky_desktop.system.folders import resources
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.widgets.painting import fill, painting

LOGO = "logo"
"""The one picture of two colours: that of its ground is the one it is wanted in."""


@cache
def _outline(name: str) -> QSvgRenderer:
    file = resources() / "icons" / f"{name}.svg"
    outline = QSvgRenderer(str(file))
    if not outline.isValid():
        raise FileNotFoundError(file)
    return outline


@lru_cache(maxsize=256)
def _picture(name: str, rgba: int, width: int, height: int, ratio: float) -> QPixmap:
    """Draw the icon in that colour, `width` and `height` device pixels large."""
    picture = QPixmap(width, height)
    picture.fill(Qt.GlobalColor.transparent)
    side = min(width, height)
    square = QRectF(0, (height - side) / 2, side, side)  # room that is left makes a gap to a text
    painter = QPainter(picture)
    if name == LOGO:
        _paint_logo(painter, square, QColor.fromRgba(rgba))
    else:
        _outline(name).render(painter, square)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        fill(painter, picture.rect(), QColor.fromRgba(rgba))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def _paint_logo(painter: QPainter, square: QRectF, ground: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    radius = square.width() * 0.23
    painter.drawRoundedRect(square, radius, radius)
    side = round(square.width() * 0.7)
    cloud = QRect(0, 0, side, side)
    cloud.moveCenter(square.center().toPoint())
    paint_icon(painter, "cloud-filled", cloud, theme.color("on_accent"))


def pixmap(name: str, size: int, ratio: float = 1.0, tone: str = "text") -> QPixmap:
    """Return the icon as it is in the present theme, `size` logical pixels wide and high."""
    side = round(size * ratio)
    return _picture(name, theme.color(tone).rgba(), side, side, ratio)


def paint_icon(painter: QPainter, name: str, rect: QRect, color: QColor) -> None:
    """Draw the icon into `rect`, sharp on whatever `painter` draws to."""
    ratio = painter.device().devicePixelRatio()
    size = rect.size() * ratio
    picture = _picture(name, color.rgba(), size.width(), size.height(), ratio)
    painter.drawPixmap(rect.topLeft(), picture)


class _Engine(QIconEngine):
    """Draws an icon in colours that it looks up when it paints, so that it follows the theme."""

    def __init__(self, name: str, tone: str) -> None:
        super().__init__()
        self._name = name
        self._tone = tone

    @painting
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        paint_icon(painter, self._name, rect, self._color(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, _state: QIcon.State, scale: float
    ) -> QPixmap:
        """Return the icon for a `size` in logical pixels."""
        pixels, rgba = size * scale, self._color(mode).rgba()
        return _picture(self._name, rgba, pixels.width(), pixels.height(), scale)

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._tone)

    def _color(self, mode: QIcon.Mode) -> QColor:
        return theme.color("disabled" if mode is QIcon.Mode.Disabled else self._tone)


def icon(name: str, tone: str = "text") -> QIcon:
    """Return `resources/icons/<name>.svg` in the token `tone`'s colour, now and after a change."""
    return QIcon(_Engine(name, tone))


class _Drawn(QIconEngine):
    """Draws a picture anew for whoever shows it, so that what is open follows the theme."""

    def __init__(self, draw: Callable[[QPainter, QRectF], None]) -> None:
        super().__init__()
        self._draw = draw

    @painting
    def paint(self, painter: QPainter, rect: QRect, _mode: QIcon.Mode, _state: QIcon.State) -> None:
        self._draw(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """Return the picture for a `size` in logical pixels."""
        picture = QPixmap(size * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        return _Drawn(self._draw)


def drawn_icon(draw: Callable[[QPainter, QRectF], None]) -> QIcon:
    """Return as an icon what `draw` draws into a square, in the colours of the present theme."""
    return QIcon(_Drawn(draw))


class IconLabel(QWidget):
    """An icon beside a text that says the same; nothing is told to assistive technology."""

    def __init__(
        self, name: str, tone: str = "text", size: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._tone = tone
        self._size = size
        self.setFixedSize(size, size)

    def show_icon(self, name: str, tone: str = "text") -> None:
        self._name, self._tone = name, tone
        self.update()

    @painting
    def paintEvent(self, _event: object) -> None:
        tone = self._tone if self.isEnabled() else "disabled"
        square = QRect(QPoint(0, 0), QSize(self._size, self._size))
        paint_icon(QPainter(self), self._name, square, theme.color(tone))
