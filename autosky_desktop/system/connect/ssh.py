"""OpenSSH in a terminal: the pinned key before the password, and the password in no file.

The terminal's script holds one end of a pipe (`line`): what it says is how the session is
followed, and its end is the window's, also where a terminal hands over to a server.
"""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import threading
from asyncio import FIRST_COMPLETED
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system import folders
from autosky_desktop.system.connect import askpass, process, ssh_agent, ssh_words, terminals
from autosky_desktop.system.connect.answering import SECONDS, AskpassListener
from autosky_desktop.system.connect.launcher import Ended
from autosky_desktop.system.connect.process import Child, ClientFailed, ClientMissing
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target

LONGEST = 4096
"""Of a line that is heard."""
HANDED_OVER = 15.0
"""Seconds until the script begins in a terminal that is another process than the one we started."""
SLOWEST = 30.0
"""Seconds that a terminal has for it that stays open, as one that only shows what fails in it."""
AGAIN = 0.04
"""Seconds until it is tried again to end a line that nobody was at."""
SCRIPT = "run.command"
"""So called that Terminal of macOS runs it."""


class Ssh:
    """The ssh of this computer in one terminal emulator."""

    takes_password = True

    def __init__(self, terminal: str, path: Path, *, own: bool = False) -> None:
        """Open `terminal` at `path`; with `own` the person's configuration of ssh counts."""
        self._terminal, self._path, self._own = terminal, path, own

    async def open(self, target: Target, secret: Secret | None) -> "SshSession":
        program = shutil.which("ssh")
        if program is None:
            raise ClientMissing("ssh")
        if not target.fingerprint or (target.gateway and not target.gateway.fingerprint):
            raise ClientFailed("unsettled")
        folder = _private()
        try:
            patience = ssh_agent.SECONDS if secret else ssh_agent.PATIENCE
            agent = await self._agent_answers(program, target, patience)
            return self._opened(program, target, secret or None, folder, agent=agent)
        except OSError as cause:
            shutil.rmtree(folder, ignore_errors=True)
            # a socket's name that is too long is refused before the system is asked
            raise ClientFailed("no-file" if cause.errno else "long-folder") from cause
        except (ClientMissing, ClientFailed, asyncio.CancelledError):
            shutil.rmtree(folder, ignore_errors=True)
            raise

    async def _agent_answers(self, program: str, target: Target, patience: float) -> bool:
        """Return whether the agent answers. Raises ClientFailed if one that does not is needed."""
        known: Sequence[str] = ()
        through: Sequence[str] = ()
        if self._own:
            who, hop = ssh_words.account(target), target.gateway
            known = ssh_words.configured(program, target.host, target.port, who)
            if hop:
                who = hop.account or who
                through = ssh_words.configured(program, hop.host, hop.port, who)
        agents = await ssh_agent.on_the_way(known, through)
        if await ssh_agent.silent_before(agents, patience):
            return False
        return await ssh_agent.answers(agents.own, patience)

    def _opened(
        self, program: str, target: Target, secret: Secret | None, folder: Path, *, agent: bool
    ) -> "SshSession":
        hands_over = secret is not None
        words = ssh_words.arguments(
            program, target, folder, hands_over=hands_over, own=self._own, agent=agent
        )
        script = ssh_words.script(words, folder, hands_over=hands_over, agent=agent)
        hop = target.gateway
        leads = hop and ssh_words.hop(program, target, hop, folder, own=self._own)
        _write(target, folder, script, leads or "")
        answering = None
        if secret:
            account, called = ssh_words.account(target), folder / ssh_words.CALLED
            answering = AskpassListener(
                folder / "s", target, account, secret, self._until_asked(target), called=called,
                said=folder / ssh_words.SAID,
            )  # fmt: skip
        words = terminals.arguments(
            self._terminal, str(self._path), target.title, str(folder / SCRIPT)
        )
        try:
            more = process.persons_own() if self._own else {}
            return SshSession(process.start(words, more=more), folder, answering)
        except (ClientMissing, ClientFailed):
            if answering:
                answering.close()
            raise

    def _until_asked(self, target: Target) -> float:
        """Return how many seconds ssh may take until it asks for the password."""
        return SECONDS + (ssh_words.HOP_SECONDS if target.gateway or self._own else 0)


def _private() -> Path:
    try:
        folders.runtime().mkdir(parents=True, exist_ok=True, mode=0o700)
        _sweep()
        return Path(tempfile.mkdtemp(prefix=f"ssh-{os.getpid()}-", dir=folders.runtime()))
    except OSError as cause:
        raise ClientFailed("no-file") from cause


def _sweep() -> None:
    """Remove what is left of windows that closed when this program was not there to see it."""
    for folder in folders.runtime().glob("ssh-*"):
        with suppress(OSError, ValueError):
            if not _runs(_whose(folder)):
                shutil.rmtree(folder, ignore_errors=True)


def _whose(folder: Path) -> int:
    """Return the number of its script's process; before that began, that of the program."""
    number = folder / ssh_words.NUMBER
    return int(number.read_text() if number.exists() else folder.name.split("-")[1])


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def _write(target: Target, folder: Path, script: str, hop: str) -> None:
    texts = {
        SCRIPT: script,
        "known": ssh_words.known(target.host_key, target.fingerprint, folder),
        ssh_words.CAME_UP: ssh_words.came_up(folder),
        "ask": ssh_words.helper(_helper(), folder),
        ssh_words.SAID: "",
        ssh_words.SAID_BY_HOP: "",
    }
    if target.gateway:
        texts["known-hop"] = ssh_words.known(target.gateway.host_key, target.gateway.fingerprint)
        texts["hop"] = hop
    for name, text in texts.items():
        (folder / name).write_bytes(os.fsencode(text))  # paths in it need not be UTF-8
    for name in ("ask", SCRIPT):
        (folder / name).chmod(0o700)
    os.mkfifo(folder / "line", 0o600)


def _helper() -> list[str]:
    """Return the helper: a bare Python, which starts four times as fast; frozen, our command."""
    if hasattr(sys, "frozen"):
        return [str(Path(sys.executable).with_name("autosky")), "askpass"]
    return [sys.executable, "-I", "-S", askpass.__file__]


class SshSession:
    def __init__(self, child: Child, folder: Path, answering: AskpassListener | None) -> None:
        self._child, self._folder, self._answering = child, folder, answering
        self._loop = asyncio.get_running_loop()
        self._begun = asyncio.Event()
        self._up = asyncio.Event()
        self._over = asyncio.Event()
        self._shown = self._closed = False
        self._number = 0
        self._code: int | None = None
        self._said = ""
        threading.Thread(target=self._listen, name="ssh", daemon=True).start()
        self._watching = asyncio.ensure_future(self._watch())

    @property
    def pid(self) -> int:
        return self._child.pid

    async def begun(self) -> bool:
        """Wait until its script runs; False when the terminal ended before."""
        await self._begun.wait()
        return bool(self._number)

    async def shown(self) -> bool:
        await self._up.wait()
        return self._shown

    async def ended(self) -> Ended:
        await self._over.wait()
        self._clean()
        answering = self._answering
        outcome, reason = ssh_words.outcome(
            self._code, self._said, shown=self._shown,
            handed=answering is not None and answering.handed,
            more=answering is not None and answering.more, kept=answering is not None,
        )  # fmt: skip
        if not self._number and not self._closed:
            outcome = ConnectionOutcome.CLIENT_FAILED
        return Ended(outcome=outcome, code=self._code, reason=reason)

    def close(self) -> None:
        self._closed = True
        if self._number and not self._over.is_set():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._number, signal.SIGHUP)
        self._child.end()

    def leave(self) -> None:
        """Leave the folder: the session's script takes it away itself, or else `_sweep` does."""
        self._watching.cancel()
        self._answer_no_more()

    def _clean(self) -> None:
        self.leave()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answer_no_more(self) -> None:
        if self._answering:
            self._answering.close()

    async def _watch(self) -> None:
        """End the waiting when a terminal ends before its script began, or never begins it."""
        until = asyncio.ensure_future(self._begun.wait())
        ended = asyncio.ensure_future(self._child.ended())
        try:
            await asyncio.wait((until, ended), timeout=SLOWEST, return_when=FIRST_COMPLETED)
            if not (until.done() or ended.done()):
                self._child.end()
            elif await ended == 0:
                await asyncio.wait((until,), timeout=HANDED_OVER)
        finally:
            until.cancel()
            ended.cancel()
        self._end_line()
        while not self._number and not self._over.is_set():  # it may not be listened to yet
            await asyncio.sleep(AGAIN)
            self._end_line()

    def _end_line(self) -> None:
        with suppress(OSError):
            os.close(os.open(self._folder / "line", os.O_WRONLY | os.O_NONBLOCK))

    def _listen(self) -> None:
        with suppress(OSError), (self._folder / "line").open("rb") as line:
            while heard := line.readline(LONGEST):
                self._tell(heard.decode(errors="replace").strip())
        self._tell(None)

    def _tell(self, word: str | None) -> None:
        with suppress(RuntimeError):  # nobody waits any more: the loop is closed
            self._loop.call_soon_threadsafe(self._hear, word)

    def _hear(self, word: str | None) -> None:
        if word is None:
            self._over.set()
            self._up.set()
            self._begun.set()
        elif not self._number and word.isdecimal():
            self._number = int(word)
            self._begun.set()
        elif word == "up" and self._code is None:
            self._shown = True
            self._up.set()
            self._answer_no_more()
        elif word.startswith("code ") and self._code is None:
            self._code = int(word[5:])
        else:
            self._said = f"{self._said}{word}\n"[-LONGEST:]
