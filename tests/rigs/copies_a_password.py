"""Copies a password on a real screen, and ends as the window does when its input is closed."""

import asyncio
import sys

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.ui.connect.clipboard import SecretClipboard

application = QApplication([])
copying = SecretClipboard(application, after=int(sys.argv[1]))


async def main() -> None:
    copying.copy(Secret("M4rker-of-the-clipboard"))
    sys.stdout.write("copied\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


with asyncio.Runner(loop_factory=lambda: QEventLoop(application)) as runner:
    runner.run(main())
sys.stdout.write(f"left: {application.clipboard().text()}\n")
