"""The place of the window, from one start to the next."""

from typing import NamedTuple

from PySide6.QtCore import QByteArray, QDataStream, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

DESIGNED, LEAST = QSize(1280, 820), QSize(1024, 640)
FRAME = QSize(8, 40)
"""The rough size of a window manager's frame, which is not known before it is drawn."""
_BEFORE_NORMAL = 8 + 16
"""The bytes of Qt's description before the place: its version, and the place with the frame."""


class _MovedIn(NamedTuple):
    """A window whose screen is gone: what was kept of it, and where it stands meanwhile."""

    kept: str
    place: QRect
    state: Qt.WindowState


class WindowPlace:
    """Keeps the window's place in Qt's own description of it, base64.

    A window whose screen is gone comes back on another one. Unless somebody moves it there, the
    place that it had stays kept, and it goes back once the screen is there again.
    """

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._moved_in: _MovedIn | None = None

    def come_back(self, kept: str) -> None:
        window, described = self._window, QByteArray.fromBase64(kept.encode())
        self._fit_least()
        came_back = window.restoreGeometry(described) and self._can_be_seen()
        if not came_back:
            window.setWindowState(Qt.WindowState.WindowNoState)
            window.resize(DESIGNED.boundedTo(self._room()))
            window.move(window.screen().availableGeometry().topLeft())
        elif not window.isMaximized() and not window.isFullScreen():
            self._fit_least()  # where it came back to
            window.resize(window.size().boundedTo(self._room()))
        if came_back and (place := _normal(described)).isValid() and not _is_there(place):
            self._moved_in = _MovedIn(kept, window.normalGeometry(), window.windowState())

    def kept(self) -> str:
        if self._moved_in and self._stays(self._moved_in):
            return self._moved_in.kept
        return bytes(self._window.saveGeometry().toBase64().data()).decode()

    def _stays(self, moved_in: _MovedIn) -> bool:
        """Tell whether the window is where it came, but for what the window manager did to it."""
        now, then = self._window.normalGeometry(), moved_in.place
        away = now.topLeft() - then.topLeft()
        same_place = abs(away.x()) <= FRAME.width() and abs(away.y()) <= FRAME.height()
        same_state = self._window.windowState() == moved_in.state
        return same_place and same_state and now.size() == then.size()

    def _room(self) -> QSize:
        return self._window.screen().availableSize() - FRAME

    def _fit_least(self) -> None:
        self._window.setMinimumSize(LEAST.boundedTo(self._room()))

    def _can_be_seen(self) -> bool:
        return _is_there(self._window.normalGeometry())


def _is_there(place: QRect) -> bool:
    """Tell whether any of the place is on a screen."""
    return any(it.availableGeometry().intersects(place) for it in QGuiApplication.screens())


def _normal(described: QByteArray) -> QRect:
    """Read the place of the window while it fills no screen."""
    stream, place = QDataStream(described), QRect()
    stream.skipRawData(_BEFORE_NORMAL)
    stream >> place
    return place
