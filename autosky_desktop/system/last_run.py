"""The mark of a program that runs. One that ends cleanly takes its mark away: what the next start
finds was left by one that did not.
"""

import logging
import os
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple

import msgspec

from autosky_desktop.system import clock, log

_log = logging.getLogger(__name__)

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
LAST_CRASH = "last-crash.json"
"""The mark of the last program that did not end cleanly, for the report."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A program that runs, since when, and in which session of which start of the computer."""

    pid: int
    boot: str
    session: str
    since: datetime
    until: datetime | None = None
    """When it last wrote into its log, as far as it is known: only of one that is gone."""


class Crash(NamedTuple):
    """The end of a program that did not end cleanly: `since` it ran, `until` it wrote its log.

    `traced`: an error of a library ended it, and its threads were written down.
    """

    since: datetime
    until: datetime
    traced: bool


class RunningMark:
    """Marks in the folder of logs, as `name`, that this program runs; as a context, until it ends.

    `crash` is what became of the one before, if that did not end cleanly. A computer that lost its
    power, and a session that ended with everything in it, are no crash of ours.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._file = folder / f"running-{name}.json"
        self._held: BinaryIO | None = None
        self.crash: Crash | None = None

    def __enter__(self) -> "RunningMark":
        """Find what was left, and leave a mark of our own."""
        mark = Mark(pid=os.getpid(), boot=_boot(), session=_session(), since=clock.now())
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._held = _hold(self._file)
            if self._held is None:
                return self  # another one runs, and looks after the mark itself
            before = self._left()
            if traced := log.put_crash_aside(self._folder):
                _log.warning(
                    "The program was ended by an error of a library before: see %s", traced
                )
            if before:
                self._take(before, mark, traced=bool(traced))
            self._file.write_bytes(msgspec.json.encode(mark))
        except OSError as cause:
            _log.info("That this program runs could not be marked: %s", cause)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: object, __: TracebackType | None
    ) -> None:
        clean = kind is None or issubclass(kind, KeyboardInterrupt | SystemExit)
        held, self._held = self._held, None
        if held is None:
            return
        held.close()  # Windows removes nothing that is open
        if clean:
            with suppress(OSError):
                self._file.unlink()

    def _left(self) -> Mark | None:
        """Return the mark that was left here; None where there is none, or it cannot be read."""
        try:
            text = self._file.read_bytes()
            return msgspec.json.decode(text, type=Mark) if text else None
        except (msgspec.MsgspecError, UnicodeError) as cause:  # it was written when the power went
            _log.info("The mark of the program before could not be read: %s", cause)
            return None

    def _take(self, before: Mark, now: Mark, *, traced: bool) -> None:
        """Tell of the one that left its mark, unless all of its session ended with it."""
        written = self._folder / log.FILE
        moment = written.stat().st_mtime if written.exists() else before.since.timestamp()
        until = max(before.since, clock.at(moment))
        _log.warning("The program with the number %s did not end cleanly", before.pid)
        gone = msgspec.structs.replace(before, until=until)
        (self._folder / LAST_CRASH).write_bytes(msgspec.json.encode(gone))
        if traced or (before.boot, before.session) == (now.boot, now.session):
            self.crash = Crash(before.since, until, traced)


def _boot() -> str:
    """Return a name of this start of the computer; empty where the system has none."""
    try:
        return BOOT_ID.read_text("ascii").strip()
    except OSError:
        return ""


def _session() -> str:
    return os.environ.get("XDG_SESSION_ID", "")


def _hold(file: Path) -> BinaryIO | None:
    """Open the file and hold it as long as we live; None where another program does. A number of a
    process would not tell: the system gives it to others.
    """
    opened = file.open("ab")
    if sys.platform != "win32":  # there the name of our pipe keeps a second program away
        import fcntl

        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            opened.close()
            return None
    return opened
