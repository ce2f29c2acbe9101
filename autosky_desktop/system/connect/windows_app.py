"""Windows App on macOS: a file without a password, since there is no way to hand it one.

Read in Microsoft's documentation of .rdp files, and not yet run on a Mac.
"""

import asyncio
import os
import tempfile
from pathlib import Path

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system.connect import process
from autosky_desktop.system.connect.launcher import Ended
from autosky_desktop.system.connect.process import Child, ClientFailed
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target

READ_WITHIN = 10.0
"""Seconds the application has to read the file."""


def text(target: Target) -> str:
    """Return the text of the .rdp file: one property a line."""
    account = f"{target.domain}\\{target.account}" if target.domain else target.account
    host = f"[{target.host}]" if ":" in target.host else target.host
    lines = [
        f"full address:s:{host}:{target.port}",
        f"username:s:{account}",
        "prompt for credentials:i:1",
        "authentication level:i:2",
        "enablecredsspsupport:i:1",
        "redirectclipboard:i:1",
        "screen mode id:i:1",
    ]
    if target.gateway:
        lines += [
            f"gatewayhostname:s:{target.gateway.host}:{target.gateway.port}",
            "gatewayusagemethod:i:1",
            "gatewayprofileusagemethod:i:1",
        ]
    return "".join(f"{line}\r\n" for line in lines)


def arguments(application: Path, file: Path) -> list[str]:
    return ["/usr/bin/open", "-a", str(application), str(file)]


class WindowsApp:
    takes_password = False

    def __init__(self, application: Path, runtime: Path) -> None:
        self._application = application
        self._runtime = runtime

    async def open(self, target: Target, _secret: Secret | None) -> "WindowsAppSession":
        return self._opened(target)

    def _opened(self, target: Target) -> "WindowsAppSession":
        file = self._write(text(target))
        try:
            child = process.start(arguments(self._application, file))
        except (process.ClientMissing, ClientFailed):
            file.unlink(missing_ok=True)
            raise
        return WindowsAppSession(child, file)

    def _write(self, lines: str) -> Path:
        try:
            self._runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(".rdp", "autosky-", self._runtime)
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(lines)
        except OSError as cause:
            raise ClientFailed("no-file") from cause
        return Path(name)


class WindowsAppSession:
    """A session that the application has taken over: nobody here sees it end."""

    def __init__(self, child: Child, file: Path) -> None:
        self._child = child
        self._file = file

    @property
    def pid(self) -> int:
        return self._child.pid

    async def begun(self) -> bool:
        return await self.shown()

    async def shown(self) -> bool:
        return await self._child.ended() == 0

    async def ended(self) -> Ended:
        code = await self._child.ended()
        if not code:
            await asyncio.sleep(READ_WITHIN)
        self.leave()
        outcome = ConnectionOutcome.CLIENT_FAILED if code else ConnectionOutcome.LEFT
        return Ended(outcome=outcome, code=code)

    def close(self) -> None:
        self._child.end()

    def leave(self) -> None:
        self._file.unlink(missing_ok=True)
