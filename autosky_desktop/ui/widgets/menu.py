"""A menu whose lines may say why they are off."""

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QAction, QGuiApplication, QPainterPath, QRegion, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget, QWidgetAction

from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.ui.widgets.icons import icon as make_icon

_RADIUS = 7  # of the cut, a pixel inside the border

_EDGE = 28
"""Pixels between a menu and the right edge of its window."""


def make_see_through(popup: QWidget) -> None:
    """Leave the corners of a popup window open, so that a rounded frame shows what is behind it."""
    popup.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
    if not _cuts_corners():
        popup.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        popup.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)


def round_corners(popup: QWidget) -> None:
    """Cut the corners of a popup window off where nobody blends them. Call it at every resize."""
    if _cuts_corners():
        path = QPainterPath()
        path.addRoundedRect(QRectF(popup.rect()), _RADIUS, _RADIUS)
        popup.setMask(QRegion(path.toFillPolygon().toPolygon()))


def _cuts_corners() -> bool:
    """Tell whether corners have to be cut: X11 may have no compositor."""
    return QGuiApplication.platformName() == "xcb"


class Menu(QMenu):
    """A menu, shown with `popup` and never `exec`: that would be a loop inside the loop."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_see_through(self)

    def add(self, text: str, icon: str = "", *, reason: str = "") -> QAction:
        """Add a line; with a `reason` it is off and says so in a second line."""
        action = self._off(text, icon, reason) if reason else QAction(self)
        action.setText(text.replace("&", "&&"))  # Qt would take "R&D" for a D with a shortcut
        if icon and not reason:
            action.setIcon(make_icon(icon))
        self.addAction(action)
        return action

    def popup_inside(self, place: QPoint, window: QWidget) -> None:
        """Open at `place`, in global pixels, or as far left of it as keeps it over the window.

        Opened by a key, its first line that is on is chosen already.
        """
        edge = window.mapToGlobal(QPoint(window.width(), 0)).x() - _EDGE
        self.popup(QPoint(min(place.x(), edge - self.sizeHint().width()), place.y()))
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if not by_mouse and (on := next((it for it in self.actions() if it.isEnabled()), None)):
            self.setActiveAction(on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        round_corners(self)

    def _off(self, text: str, icon: str, reason: str) -> QAction:
        action = QWidgetAction(self)
        action.setStatusTip(reason)
        action.setToolTip(tip(reason))
        action.setDefaultWidget(_OffLine(text, icon, reason))
        action.setEnabled(False)
        return action


class _OffLine(QWidget):
    def __init__(self, text: str, icon: str, reason: str) -> None:
        super().__init__()
        name, why = QLabel(text), QLabel(reason)
        name.setTextFormat(Qt.TextFormat.PlainText)
        set_style(why, TextStyle.SMALL, "text2")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(name)
        texts.addWidget(why)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 4, 12, 4)
        row.setSpacing(11)
        row.addWidget(IconLabel(icon or "x"))
        row.addLayout(texts, 1)
