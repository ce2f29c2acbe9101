"""A virtual screen with a window manager, and what can be seen on it from outside."""

import os
import re
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType


class NotShown(Exception):
    """An awaited thing did not come; the words say what."""


class Spy:
    """A watch on a property of an X window, told each change (`xprop -spy`), without polling."""

    def __init__(self, display: str, window: str, name: str) -> None:
        target = ["-root"] if window == "root" else ["-id", window]
        self._name = name
        self._process = subprocess.Popen(
            ["xprop", "-display", display, *target, "-spy", name],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        assert self._process.stdout
        self._stdout = self._process.stdout.fileno()
        self._rest = b""

    def __enter__(self) -> "Spy":
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def until(self, pattern: str, seconds: float) -> re.Match[str]:
        """Return the first change that matches. Raises NotShown after `seconds`."""
        for line in self._lines(time.monotonic() + seconds):
            if found := re.search(pattern, line):
                return found
        raise NotShown(f"{self._name} never was {pattern}")

    def _lines(self, deadline: float) -> Iterator[str]:
        while (left := deadline - time.monotonic()) > 0:
            *lines, self._rest = self._rest.split(b"\n")
            yield from (line.decode(errors="replace") for line in lines)
            if select.select([self._stdout], [], [], left)[0]:
                if not (more := os.read(self._stdout, 65536)):
                    return
                self._rest += more


@contextmanager
def virtual_screen() -> Iterator[str]:
    """Yield a display of its own, 1600 x 1000, with openbox on it."""
    with ExitStack() as closing:
        reading, writing = os.pipe()
        server = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1600x1000x24"]
        # without a client it would begin anew, and throw out the manager that is just coming
        _running(closing, [*server, "-noreset", "-nolisten", "tcp"], pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as said:
            display = f":{said.readline().strip()}"
        manager = _running(closing, ["openbox"], env={**os.environ, "DISPLAY": display})
        _wait_for_manager(manager, display, time.monotonic() + 20)
        yield display


def _wait_for_manager(manager: "subprocess.Popen[bytes]", display: str, deadline: float) -> None:
    """Wait for the manager by polling: a spy would give up, since the property has no name yet."""
    ask = ["xprop", "-display", display, "-root", "_NET_CLIENT_LIST"]
    while b"#" not in subprocess.run(ask, capture_output=True, check=False).stdout:
        if time.monotonic() > deadline or manager.poll() is not None:
            raise NotShown(f"no window manager came on {display}, its end: {manager.poll()}")
        time.sleep(0.02)


def _running(
    closing: ExitStack, command: list[str], **options: object
) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,  # type: ignore[call-overload]
    )
    closing.callback(process.wait)
    closing.callback(process.terminate)
    return process
