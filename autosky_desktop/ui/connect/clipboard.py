"""A password on the clipboard, because the person asked for it there, and only for a while."""

import sys
from typing import cast
from uuid import uuid4

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from autosky_desktop.system.connect.secrets import Secret

CLEARED_AFTER = 30_000
"""Milliseconds."""

_OURS = "application/x-autosky-copied"
_WINDOWS = 'application/x-qt-windows-mime;value="{}"'

HINTS = {
    "linux": {"x-kde-passwordManagerHint": b"secret"},
    "win32": {
        _WINDOWS.format("ExcludeClipboardContentFromMonitorProcessing"): b"1",
        _WINDOWS.format("CanIncludeInClipboardHistory"): bytes(4),
        _WINDOWS.format("CanUploadToCloudClipboard"): bytes(4),
    },
}
"""What keeps it out of clipboard histories. Qt for Python cannot write macOS's mark for that."""


class SecretClipboard(QObject):
    """Copies a password, and takes it away again unless something else was copied meanwhile.

    It has to live as long: give it the window as its parent. `cleared`: the password was taken
    away.
    """

    cleared = Signal()

    def __init__(self, parent: QObject | None = None, *, after: int = CLEARED_AFTER) -> None:
        super().__init__(parent)
        self._mark = b""
        self._timer = QTimer(self, interval=after, singleShot=True)
        self._timer.timeout.connect(self.clear)
        application = cast("QGuiApplication", QGuiApplication.instance())
        application.aboutToQuit.connect(self.clear)  # later a clipboard manager takes it over

    def copy(self, secret: Secret) -> None:
        self._mark = uuid4().bytes
        QGuiApplication.clipboard().setMimeData(_marked(secret, self._mark))
        self._timer.start()

    def clear(self) -> None:
        """Take the password away now, if it is still there."""
        self._timer.stop()
        if self._still_there():
            QGuiApplication.clipboard().clear()
            self.cleared.emit()
        self._mark = b""

    def _still_there(self) -> bool:
        if not self._mark:
            return False
        held = QGuiApplication.clipboard().mimeData()
        return held is not None and held.data(_OURS).data() == self._mark


def _marked(secret: Secret, mark: bytes) -> QMimeData:
    data = QMimeData()
    data.setText(secret.reveal().decode())
    data.setData(_OURS, mark)
    for kind, value in HINTS.get(sys.platform, {}).items():
        data.setData(kind, value)
    return data
