"""The main job in an installed program: from a stopped preparation server to a published version.

It is done by the names that assistive technology reads, as somebody does it who does not see.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.proof.session import Session
from tests.support.assistive import Reader
from tests.support.waiting import eventually

SPEED = "300"
WELCOME, PREPARATION = "Look around in the demo", "Server name: PREP-ERP-PROD-01"
LONG = 120.0
"""Seconds that a publication may take on a busy computer."""


@contextmanager
def open_window(session: Session, command: list[str]) -> Iterator[Reader]:
    """Open the window by that command, and see that it ends by itself when it is told to."""
    with (
        session.reader() as reader,
        (session.runtime / "window.log").open("w+") as said,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=said) as window,
    ):
        try:
            yield reader
            window.terminate()
            assert window.wait(30) in (0, -15), f"it ended with {window.returncode}"
            eventually(lambda: not control_planes())
        except AssertionError as fault:
            said.seek(0)
            raise AssertionError(f"{fault}\n{said.read()}") from fault
        finally:
            window.kill()


def control_planes() -> list[str]:
    """Return the processes that serve a window's own control plane: they end after the window."""
    commands = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # gone meanwhile
            commands.append(process.read_bytes().replace(b"\0", b" ").decode())
    return [it for it in commands if " serve --embedded " in it]


def sees(reader: Reader, text: str, within: float = LONG) -> None:
    """Wait until something that shows has that in its name."""
    try:
        eventually(lambda: any(text in it for it in reader.names()), within=within)
    except AssertionError:
        raise AssertionError(f"{text!r} was not seen, but {reader.names()}") from None


def publish(reader: Reader, version: int) -> None:
    """Start the preparation server unless it runs, publish the version and see it published."""
    eventually(lambda: {WELCOME, PREPARATION} & set(reader.names()), within=LONG)
    if WELCOME in reader.names():
        reader.presses(WELCOME)
    sees(reader, PREPARATION)
    if "Server status: Running" not in reader.names():
        reader.presses("Start server PREP-ERP-PROD-01")
        sees(reader, "Start PREP-ERP-PROD-01?")
        reader.presses("Start server")
        sees(reader, "Server status: Running")
    reader.presses("Publish", "page tab")
    sees(reader, "Passed: Preparation server is running")
    reader.presses(f"Publish version {version}")
    sees(reader, f"Publish version {version} to ERP Production?")
    reader.presses(f"Publish version {version}")
    sees(reader, f"Version {version} is published")
    sees(reader, "Result: Completed")
    sees(reader, f"Publish version {version + 1}")
