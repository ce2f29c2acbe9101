"""Copies a password on a real screen, for as long as its input is open, then clears and ends."""

import sys

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from autosky_desktop.system.connect.secret import Secret
from autosky_desktop.ui.connect.clipboard import SecretClipboard

application = QApplication([])
copying = SecretClipboard(application, after=int(sys.argv[1]))
copying.copy(Secret("M4rker-of-the-clipboard"))
notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)


def end() -> None:
    copying.clear()
    application.quit()


notifier.activated.connect(end)
sys.stdout.write("copied\n")
sys.stdout.flush()
application.exec()
