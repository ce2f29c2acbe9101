"""The Qt thread's longest stall while the API answers after 10 s, or not at all.

    python tests/bench/stall.py [--seconds 15]

A real window, drawn in memory; the control plane and the faulty line are processes of their own.
Somebody goes through tabs and environments and sends a question about a server all the while. A
timer of the Qt thread beats every millisecond: how much later than that a beat comes is a stall,
whatever the reason; nothing is subtracted. A bare window has its turn before and after, which
tells what the machine itself does to a thread with nothing to do. `on processor` is how much of
the longest stall the thread was working. Every place is opened once before, with a bar of its own;
then comes the same with an API that answers at once, to compare. Ends with 1 when a bar is missed.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6 import QtCore
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QMainWindow,
    QTabBar,
    QTableWidget,
)
from qasync import QEventLoop

from autosky_desktop.ui.application import Application
from autosky_desktop.ui.theme import theme
from tests.support.desktop import At, desktop_at
from tests.support.person import Person, button_named, cell, said, visible
from tests.support.process import Embedded

BAR_MS, FIRST_BAR_MS = 16.0, 50.0
BEAT_MS = 1.0
PAUSE = 0.2
LEFT = Qt.MouseButton.LeftButton
FIRST = "every place for the first time"
AT_ONCE = "the API answers at once (no bar)"
SLOW = (
    ("wait 10", "ERP Production", "answers in 10 s"),
    ("silent", "Payroll", "does not answer"),
)
LINE = [sys.executable, str(Path(__file__).with_name("slow_line.py"))]


@dataclass
class Stalls:
    """The beats of a thread: how late each came, and how long the thread worked meanwhile, in
    ms.
    """

    late: list[tuple[float, float]] = field(default_factory=list)

    @property
    def worst(self) -> float:
        return max(self.late)[0]

    def line(self, what: str) -> str:
        worst, worked = max(self.late)
        often = sum(late > BAR_MS for late, _ in self.late)
        return (
            f"{what:44}{worst:6.1f} ms, on processor {worked:5.1f} ms, "
            f"{often} of {len(self.late)} beats over {BAR_MS:.0f} ms"
        )


class Heart(QObject):
    """A heart that beats on the Qt thread as long as it is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.stalls = Stalls()
        self._before = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=round(BEAT_MS))
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def stop(self) -> Stalls:
        self._timer.stop()
        return self.stalls

    def _beat(self) -> None:
        now = time.perf_counter(), time.thread_time()
        passed, worked = ((n - b) * 1000 for n, b in zip(now, self._before, strict=True))
        self.stalls.late.append((passed - BEAT_MS, worked))
        self._before = now


def bare(seconds: float) -> Stalls:
    """Show a window with nothing in it but a table, and nobody at it."""
    window = QMainWindow()
    window.setCentralWidget(QTableWidget(20, 5))
    window.resize(1280, 820)
    window.show()
    loop, heart = QtCore.QEventLoop(), Heart()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
    stalls = heart.stop()
    window.close()
    return stalls


class Line:
    """The process of the faulty line."""

    def __init__(self, target: str) -> None:
        self.process = subprocess.Popen(
            [*LINE, target], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout
        self.url = self.process.stdout.readline().strip()

    def be(self, words: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


class Visitor:
    """A visitor who clicks from place to place, without looking for anything on the way."""

    def __init__(self) -> None:
        self.tabs = next(visible(QTabBar))
        found = cell("ERP Production")
        assert found
        self.list: QAbstractItemView = found[0]

    async def wanders(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        end, step = loop.time() + seconds, 0
        while loop.time() < end:
            self._click(step)
            step += 1
            await asyncio.sleep(PAUSE)

    def _click(self, step: int) -> None:
        if step % 2:
            which = step // 2 % self.tabs.count()
            QTest.mouseClick(self.tabs, LEFT, pos=self.tabs.tabRect(which).center())
            return
        index = self.list.model().index(step // 2 % 3, 0)
        where = self.list.visualRect(index).center()
        QTest.mouseClick(self.list.viewport(), LEFT, pos=where)


async def measured(work: Callable[[], Awaitable[None]]) -> Stalls:
    heart = Heart()
    await work()
    return heart.stop()


async def asked(me: Person, environment: str) -> QAbstractButton:
    """Return the button that sends a question about the environment's preparation server."""
    await me.clicks_cell(environment)
    await me.opens_tab("Servers")
    start = await me.until(lambda: starting("Start server PREP-"), "a server to start")
    await me.presses(said(start))
    await me.sees("It switches itself off after")
    return await me.until(lambda: button_named("Start server"), "the question's button")


def starting(name: str) -> QAbstractButton | None:
    found = (it for it in visible(QAbstractButton) if it.isEnabled())
    return next((it for it in found if said(it).startswith(name)), None)


async def answered(me: Person) -> None:
    """Wait until the question closes by itself, or says why not and is closed."""
    await me.until(lambda: not busy(), "an answer to the question", patience=60)
    while QApplication.activeModalWidget():
        me.key(Qt.Key.Key_Escape)
        await asyncio.sleep(PAUSE)


def busy() -> bool:
    return QApplication.activeModalWidget() is not None and starting("Go back") is None


async def visit(line: Line, token: str, seconds: float) -> dict[str, Stalls]:
    me = Person(patience=60)
    stalls: dict[str, Stalls] = {}
    async with desktop_at(At(line.url, token)):
        await me.sees("Server name: PREP-ERP-PROD-01")
        visitor = Visitor()
        stalls[FIRST] = await measured(lambda: visitor.wanders(3))
        Application.settle()
        stalls[AT_ONCE] = await measured(lambda: visitor.wanders(seconds))
        for words, environment, what in SLOW:
            line.be("fine")
            await me.sees("Connection: Live")
            button = await asked(me, environment)
            line.be(words)

            async def sent(button: QAbstractButton = button) -> None:
                QTest.mouseClick(button, LEFT)
                await asyncio.sleep(seconds)

            stalls[f"a question sent, the API {what}"] = await measured(sent)
            await answered(me)
            stalls[f"from place to place, the API {what}"] = await measured(
                lambda: visitor.wanders(seconds)
            )
    return stalls


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15.0, help="of each part")
    given = parser.parse_args()
    qt = Application(["bench", *theme.ARGUMENTS])
    theme.install(qt)
    before = bare(given.seconds)
    with tempfile.TemporaryDirectory() as folder, Embedded(Path(folder), speed=20.0) as plane:
        line = Line(plane.line["url"])
        with asyncio.Runner(loop_factory=lambda: QEventLoop(qt)) as runner:
            stalls = runner.run(visit(line, plane.line["token"], given.seconds))
        line.close()
        plane.leave()
    print(before.line("a bare window, before"))
    for what, found in stalls.items():
        print(found.line(what))
    print(bare(given.seconds).line("a bare window, after"))
    worst = max(found.worst for what, found in stalls.items() if what not in (FIRST, AT_ONCE))
    print(f"longest stall {worst:.1f} ms (bar {BAR_MS:.0f} ms): ", end="")
    print("met" if worst <= BAR_MS else "MISSED")
    first = stalls[FIRST].worst
    print(f"{FIRST} {first:.1f} ms (bar {FIRST_BAR_MS:.0f} ms): ", end="")
    print("met" if first <= FIRST_BAR_MS else "MISSED", flush=True)
    return 0 if worst <= BAR_MS and first <= FIRST_BAR_MS else 1


if __name__ == "__main__":
    sys.exit(main())
