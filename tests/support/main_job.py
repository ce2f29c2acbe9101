"""The main job by keys alone, up to a published version, while numbers change.

Somebody goes by what has the keyboard and is told so, as those do who listen: they never look for
a button, and press Enter also in the moment in which something has just changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from autosky_desktop.server.providers.simulated import sessions
from autosky_desktop.ui.question import Question
from autosky_desktop.ui.widgets.button import Button
from tests.support.keys import focus, press, reach
from tests.support.person import Person, said, visible

Key = Qt.Key
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

WAYS = ("as it is", "with a hold", "ending all sessions")
LOST = "The control plane does not answer"
"""On a busy computer it may take longer than the window waits."""
LONG = 60.0
"""Seconds a publication may take."""


@contextmanager
def people_come_and_go(least: float = 0.3, most: float = 0.9) -> Iterator[None]:
    """Set the seconds between two changes of who is signed in, in this process's control planes."""
    usual = sessions.CHURN
    sessions.CHURN = least, most
    yield
    sessions.CHURN = usual


class MainJob:
    """The main job in ERP Production's window, again and again: each time ends as it began."""

    def __init__(self, me: Person) -> None:
        self._me = me

    async def do(self, number: int) -> None:
        """Do the job once; the ways take turns."""
        way = WAYS[number % len(WAYS)]
        await self._start()
        version = await self._fill_in(way, f"Run {number}")
        await self._publish(version)
        await self._follow(version, way)

    async def _start(self) -> None:
        await press(Key.Key_S, held=CTRL | SHIFT)
        await self._me.sees("Start PREP-ERP-PROD-01?")
        await self._agree("Start server", "Start PREP-ERP-PROD-01?")
        await self._me.sees("Server status: Running")

    async def _fill_in(self, way: str, note: str) -> str:
        """Fill in the form; returns the version that the button names."""
        await press(Key.Key_P, held=CTRL)
        assert said(focus()) == "Block instances"
        if way == "ending all sessions":
            await reach("Terminate sessions")
            await press(Key.Key_Space)
        await reach("Stop preparation server")
        await press(Key.Key_Space)
        await reach("Note on this version")
        QTest.keyClicks(focus(), note)
        if way == "with a hold":
            await reach("More options")
            await press(Key.Key_Space)
            await reach("Replace instances")
            await press(Key.Key_Down)
        button = await self._me.until(lambda: self._offered("Publish version "), "the button")
        return button.removeprefix("Publish version ")

    async def _publish(self, version: str) -> None:
        question = f"Publish version {version} to ERP Production?"
        await press(Key.Key_P, held=ALT)
        await self._me.sees(question)
        if isinstance(focus(), QLineEdit):
            QTest.keyClicks(focus(), "erp production")
        await self._me.sees("Consequence: Now: ")
        if isinstance(focus(), QLineEdit):
            await self._me.until(lambda: self._offered("Publish and end "), "the acting button")
            await reach("Publish and end ")
        await self._agree("Publish ", question)

    def _offered(self, act: str) -> str:
        names = (said(it) for it in visible(Button) if it.isEnabled())
        return next((it for it in names if it.startswith(act)), "")

    async def _agree(self, act: str, question: str) -> None:
        """Press Enter, also while the button is grey, until what it says is done."""

        def asked() -> bool:
            return isinstance(QApplication.activeModalWidget(), Question)

        def ready() -> bool:
            return not asked() or said(focus()).startswith((act, LOST))

        while asked():
            if said(focus()).startswith(LOST):
                await reach("Try again")
            assert said(focus()).startswith((act, question, "Try again")), said(focus())
            await press(Key.Key_Return)
            await self._me.until(ready, f"{act} again, or the end of the question")

    async def _follow(self, version: str, way: str) -> None:
        if way == "with a hold":
            await self._me.sees("Look at it, then go on", patience=LONG)
            await reach("Go on")
            await press(Key.Key_Return)
            await self._me.no_longer_sees("Look at it, then go on")
        await self._me.sees(f"Version {version} is published", patience=LONG)
