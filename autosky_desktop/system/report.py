"""The report of a problem: versions, settings, the state of the databases and the ends of all logs.

Nothing of it leaves this computer by itself, and what goes into it is struck through by the caller.
"""

import platform
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from msgspec.structs import fields

from autosky_desktop.system import folders, last_run, log
from autosky_desktop.system.settings import Settings

MOST_OF_A_LOG = 100_000
"""Bytes of each log, from its end."""
MOST_OF_A_CRASH = 20_000

Pairs = Sequence[tuple[str, str]]


def sections(about: Pairs, settings: Settings, data: Path) -> str:
    """Return the whole report, with secrets and names in it. It reads files: not on the Qt thread.

    `about` is what the window says of itself; `data` is the folder of the control plane here.
    """
    logs = folders.logs()
    parts = [
        ("about", [f"{name}: {value}" for name, value in about]),
        ("system", _system()),
        ("settings that were changed", _changed(settings)),
        ("databases", _databases(data)),
        ("last end that was not clean", _end(logs / last_run.LAST_CRASH)),
        ("last crash", _end(logs / log.CRASH_BEFORE, MOST_OF_A_CRASH)),
        ("window", _end(logs / log.FILE)),
        ("control plane, last words", _end(data / "control-plane.err")),
        ("control plane", _end(data / "logs" / "control-plane.log")),
    ]
    return "\n\n".join("\n".join([f"== {title} ==", *lines]) for title, lines in parts) + "\n"


def _system() -> Iterator[str]:
    yield f"{platform.system()} {platform.release()} {platform.machine()}"
    yield f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    yield "frozen" if hasattr(sys, "frozen") else "from source or a wheel"


def _changed(settings: Settings) -> Iterator[str]:
    """Yield the settings that differ from their defaults; of texts and lists that they do."""
    usual = Settings()
    for field in fields(Settings):
        value = getattr(settings, field.name)
        if value != getattr(usual, field.name):
            plain = isinstance(value, bool | int | float)
            yield f"{field.name}: {value if plain else 'changed'}"


def _databases(data: Path) -> Iterator[str]:
    for file in sorted(data.glob("*.sqlite3")):
        yield f"{file.name}: {_health(file)}"


def _health(file: Path) -> str:
    """Return whether a database is whole, without writing into it."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=2)) as opened:
            found = opened.execute("PRAGMA quick_check(3)").fetchall()
        return f"{file.stat().st_size:_} bytes, " + "; ".join(str(row[0]) for row in found)
    except (sqlite3.Error, OSError) as error:
        return f"cannot be read: {error}"


def _end(file: Path, most: int = MOST_OF_A_LOG) -> Iterable[str]:
    """Return the last lines of a file; why there are none, where there are none."""
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, 2)
            opened.seek(max(0, size - most))
            text = opened.read(most).decode("utf-8", "replace")
    except OSError as error:
        return [f"({error.strerror or error})"]
    lines = text.splitlines()
    return lines[1:] if size > most else lines
