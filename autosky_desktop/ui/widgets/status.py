"""A state as shape and word: the shapes differ without colour."""

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QWidget
from shiboken6 import isValid

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, advance, elided, font, paint_line, scaled
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.words.states import StatusKind

_SHAPE = 10
_LEFT, _GAP, _RIGHT = 7, 6, 10
_LEAST = 48
_FRAME_MS = 125
_TURN_DEGREES = 30
_TRIANGLE = ((0.0, -4.5), (5.0, 4.0), (-5.0, 4.0))
_DIAMOND = ((0.0, -5.0), (5.0, 0.0), (0.0, 5.0), (-5.0, 0.0))


def colors(kind: StatusKind) -> tuple[QColor, QColor, QColor]:
    """Return the colours of the word, of the fill behind it, and of the shape."""
    word, fill, shape = _TOKENS.get(kind, ("idle", "idle_soft", "idle_dot"))
    return theme.color(word), theme.color(fill), theme.color(shape)


_TOKENS = {
    StatusKind.OK: ("ok", "ok_soft", "ok_dot"),
    StatusKind.BUSY: ("accent_text", "accent_soft", "accent_text"),
    StatusKind.WARN: ("warn", "warn_soft", "warn_dot"),
    StatusKind.BAD: ("bad", "bad_soft", "bad_dot"),
}


class Spin(QObject):
    """Turns every busy shape that is on screen, by one timer.

    Who paints a busy shape asks for its next frame in doing so. Nothing asks for what is not
    painted, so the timer ends by itself when the last one is hidden, scrolled away or done.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.degrees = 0
        self._next: list[tuple[QWidget, QRect]] = []
        self._timer = QTimer(self, interval=_FRAME_MS, singleShot=True)
        self._timer.timeout.connect(self._turn)

    @property
    def turning(self) -> bool:
        return self._timer.isActive()

    def phase(self, widget: QWidget, rect: QRect) -> int:
        """Return the degrees to paint at now, and have `rect` of `widget` painted again for the
        next frame.
        """
        if not theme.current().motion:
            return 0
        self._next.append((widget, rect))
        if not self._timer.isActive():
            self._timer.start()
        return self.degrees

    def moved(self, within: QWidget, dx: int, dy: int) -> None:
        """Follow what `within` shows when it was moved on its screen."""
        self._next = [
            (widget, rect.translated(dx, dy) if widget is within else rect)
            for widget, rect in self._next
        ]

    def _turn(self) -> None:
        self.degrees = (self.degrees + _TURN_DEGREES) % 360
        due, self._next = self._next, []
        for widget, rect in due:
            if isValid(widget):
                widget.update(rect)


_spin: Spin | None = None


def spin() -> Spin:
    global _spin
    if _spin is None or not isValid(_spin):
        app = QApplication.instance()
        assert app is not None
        _spin = Spin(app)
    return _spin


def paint_shape(
    painter: QPainter, rect: QRectF, kind: StatusKind, color: QColor, phase: int = 0
) -> None:
    """Paint the shape of `kind`, as large as `rect` (a square) lets it be; `phase` in degrees."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    unit = rect.width() / _SHAPE
    if kind in (StatusKind.OK, StatusKind.WARN, StatusKind.BAD):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        _paint_filled(painter, rect, kind, unit)
    else:
        pen = QPen(color, 2 * unit)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        inset = unit if kind is StatusKind.BUSY else 1.5 * unit
        _paint_line(painter, rect.adjusted(inset, inset, -inset, -inset), kind, phase)
    painter.restore()


def _paint_filled(painter: QPainter, rect: QRectF, kind: StatusKind, unit: float) -> None:
    middle = rect.center()
    if kind is StatusKind.OK:
        painter.drawEllipse(middle, 4 * unit, 4 * unit)
        return
    corners = _TRIANGLE if kind is StatusKind.WARN else _DIAMOND
    painter.drawPolygon(QPolygonF([middle + QPointF(x, y) * unit for x, y in corners]))


def _paint_line(painter: QPainter, rect: QRectF, kind: StatusKind, phase: int) -> None:
    if kind is StatusKind.BUSY:
        painter.drawArc(rect, (60 - phase) * 16, -285 * 16)
    elif kind is StatusKind.IDLE:
        painter.drawEllipse(rect)
    else:
        dashes = 7
        step = 360 / dashes
        for dash in range(dashes):
            painter.drawArc(rect, round(dash * step * 16), round(step * 0.55 * 16))


def pill_size(text: str, style: TextStyle = TextStyle.SMALL_MEDIUM) -> QSize:
    width = scaled(_LEFT + _SHAPE + _GAP + _RIGHT) + advance(style, text)
    return QSize(width, scaled(22))


def paint_pill(
    painter: QPainter,
    rect: QRect,
    kind: StatusKind,
    text: str,
    *,
    phase: int = 0,
    soft: bool = True,
) -> None:
    """Paint shape and word in `rect`, on the soft colour unless `soft` is False."""
    word, fill, shape = colors(kind)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left = rect.left()
    if soft:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        left += scaled(_LEFT)
    size = scaled(_SHAPE)
    box = QRectF(left, rect.top() + (rect.height() - size) / 2, size, size)
    paint_shape(painter, box, kind, shape, phase)
    style = TextStyle.SMALL_MEDIUM if soft else TextStyle.SMALL
    painter.setPen(word if soft else theme.color("text2"))
    start = left + size + scaled(_GAP)
    room = QRect(QPoint(start, rect.top()), QSize(rect.right() + 1 - start, rect.height()))
    if advance(style, text) > room.width():
        room.adjust(0, 0, -scaled(_GAP), 0)
        text = elided(style, text, Qt.TextElideMode.ElideRight, room.width())
    paint_line(painter, room, style, text)
    painter.restore()


class StatusPill(QLabel):
    """A state as a widget. Its text is its accessible name unless one is set.

    `soft` False leaves the fill out: shape and word in a line of text.
    """

    def __init__(self, parent: QWidget | None = None, *, soft: bool = True) -> None:
        super().__init__(parent)
        self._soft = soft
        self.kind = StatusKind.UNKNOWN
        self.setFont(font(TextStyle.SMALL_MEDIUM if soft else TextStyle.SMALL))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_status(self, kind: StatusKind, text: str) -> None:
        if kind is not self.kind or text != self.text():
            self.kind = kind
            self.setText(text)
            self.updateGeometry()
            self.update()
            self._tell()

    def let_shrink(self) -> None:
        """Give up letters instead of room; the tool tip has them all."""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(scaled(_LEAST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        self.setToolTip(tip(self.text()) if self.width() < self.sizeHint().width() else "")

    def sizeHint(self) -> QSize:
        if self._soft:
            return pill_size(self.text())
        size = pill_size(self.text(), TextStyle.SMALL)
        return size - QSize(scaled(_LEFT + _RIGHT) - 2, 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        busy = self.kind is StatusKind.BUSY
        phase = spin().phase(self, self.rect()) if busy else 0
        painter = QPainter(self)
        paint_pill(painter, self.rect(), self.kind, self.text(), phase=phase, soft=self._soft)
