"""The desktop's log: one small file that turns over, for the details no sentence can hold."""

import faulthandler
import logging
import sys
import threading
import unicodedata
from pathlib import Path
from types import TracebackType

from autosky_desktop.domain.guard import spare_the_terminal

log = logging.getLogger(__name__)

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FILE = "desktop.log"
CRASH = "desktop-crash.log"
"""Where each thread was when the process was ended by an error of a library."""
CRASH_BEFORE = "desktop-crash-before.log"
"""The same, of an earlier process."""

LONGEST = 10_000
"""Letters of a message."""

MOST_EARLY = 1_000


class OneLine(logging.Formatter):
    """A formatter that lets nothing from elsewhere look like a line of ours: ours alone begin at
    the edge, and no letter hides or turns others.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = "".join(map(_visible, record.message[:LONGEST]))
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        first, *more = super().format(record).split("\n")
        return "\n    ".join([first, *("".join(map(_visible, line)) for line in more)])


def _visible(letter: str) -> str:
    hidden = unicodedata.category(letter)[0] == "C" or letter in "\u2028\u2029"
    return letter.encode("unicode_escape").decode() if hidden else letter


class _Early(logging.Handler):
    """A handler that keeps what is logged before the file is open."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.records) < MOST_EARLY:
            self.records.append(record)


_early = _Early()


def hold() -> None:
    """Keep what is logged until `begin`, and log what nobody catches."""
    spare_the_terminal()
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    if _early not in root.handlers:
        root.addHandler(_early)
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _in_thread


def begin(folder: Path) -> None:
    """Write to `desktop.log` in `folder`; to standard error when that is not possible."""
    from logging.handlers import RotatingFileHandler  # with sockets and all: after the first paint

    root = logging.getLogger()
    root.setLevel(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            folder / FILE, maxBytes=1_000_000, backupCount=3, encoding="utf-8", errors="replace"
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(OneLine(FORMAT))
    root.addHandler(handler)
    root.removeHandler(_early)
    for record in _early.records:
        handler.handle(record)
    _early.records.clear()


def use_level(word: str) -> None:
    """Log every request to the control plane too, where that is `detailed`."""
    level = logging.INFO if word == "detailed" else logging.WARNING
    logging.getLogger("httpx").setLevel(level)


def keep_crashes(folder: Path) -> None:
    """Say in a file there where each thread was when a library ends the process."""
    try:
        file = (folder / CRASH).open("a", encoding="utf-8")  # open for as long as we live
        faulthandler.enable(file)
    except OSError as cause:
        log.info("Crashes cannot be kept: %s", cause)


def put_crash_aside(folder: Path) -> str:
    """Keep what a crash before has left under another name, and return that; empty where none has
    left anything. Raises OSError.
    """
    file = folder / CRASH
    if not (file.exists() and file.stat().st_size):
        return ""
    file.replace(folder / CRASH_BEFORE)
    return CRASH_BEFORE


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log an error that nobody caught, in Python's main code or in anything that Qt calls."""
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        sys.__excepthook__(kind, error, trace)
    else:
        log.error("An error that nobody caught", exc_info=(kind, error, trace))


def _unraisable(what: "sys.UnraisableHookArgs") -> None:
    error = what.exc_value
    found = (what.exc_type, error, what.exc_traceback) if error else None
    log.error("%s: %s", what.err_msg or "Exception ignored in", _named(what.object), exc_info=found)


def _named(thing: object) -> str:
    """Return its name without asking the thing itself: it may be half gone."""
    return getattr(thing, "__qualname__", None) or type(thing).__name__


def _in_thread(what: threading.ExceptHookArgs) -> None:
    if what.exc_value is None or issubclass(what.exc_type, SystemExit):
        return
    found = (what.exc_type, what.exc_value, what.exc_traceback)
    name = what.thread.name if what.thread else "?"
    log.error("An error that nobody caught ended the thread %s", name, exc_info=found)
