"""OpenSSH for Windows in a console of its own, which is Windows Terminal's where that is the rule.

ssh itself is what is started: no shell and no terminal reads its words. Its password is typed in
the console. Read in the documentation of Windows, and not yet run on one.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path

from autosky_desktop.system import folders
from autosky_desktop.system.connect import process, ssh_words
from autosky_desktop.system.connect.launcher import Ended
from autosky_desktop.system.connect.process import Child, ClientFailed, ClientMissing
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target


def arguments(program: str, target: Target, folder: Path, *, own: bool = False) -> list[str]:
    """Return the command line. Raises ClientFailed for a server behind a jump host, which shows its
    key to nobody before.
    """
    if target.gateway:
        raise ClientFailed("gateway")
    trusted = {"UserKnownHostsFile": _quoted(folder / "known"), "GlobalKnownHostsFile": "none"}
    return [
        *(program, "-E", str(folder / "said"), *ssh_words.safely(trusted, own=own)),
        *("-p", str(target.port), "-l", ssh_words.account(target), "--", target.host),
    ]


class SshConsole:
    """The ssh of this Windows."""

    takes_password = False

    def __init__(self, path: Path, *, own: bool = False) -> None:
        self._path, self._own = path, own

    async def open(self, target: Target, _secret: Secret | None) -> "SshConsoleSession":
        if not (target.host_key or target.gateway):
            raise ClientFailed("unsettled")
        folder = _private(f"* {target.host_key}\n")
        try:
            words = arguments(str(self._path), target, folder, own=self._own)
            return SshConsoleSession(process.start_in_console(words), folder)
        except (ClientMissing, ClientFailed):
            shutil.rmtree(folder, ignore_errors=True)
            raise


class SshConsoleSession:
    """A session of it. Nobody can see whether it is up, so that it runs is what counts."""

    def __init__(self, child: Child, folder: Path) -> None:
        self._child, self._folder = child, folder

    @property
    def pid(self) -> int:
        return self._child.pid

    async def begun(self) -> bool:
        return True

    async def shown(self) -> bool:
        return self._child.code is None

    async def ended(self) -> Ended:
        code = await self._child.ended()
        said = await asyncio.to_thread(_said, self._folder / "said")
        self.leave()
        outcome, reason = ssh_words.outcome(code, said, shown=False)
        return Ended(outcome=outcome, code=code, reason=reason)

    def close(self) -> None:
        self._child.end()

    def leave(self) -> None:
        """Remove its folder; what ssh still has open stays there until the next time."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _private(line: str) -> Path:
    try:
        folders.runtime().mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = Path(tempfile.mkdtemp(prefix="ssh-", dir=folders.runtime()))
        (folder / "known").write_text(line, encoding="utf-8")
    except OSError as cause:
        raise ClientFailed("no-file") from cause
    return folder


def _said(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _quoted(path: Path) -> str:
    """Return a path as ssh's configuration reads one with blanks. No path has a quote."""
    return f'"{path.as_posix()}"'.replace("%", "%%")
