"""Closing the window: at once, or with a question while a version is being published."""

from datetime import timedelta

import msgspec

from autosky_desktop.domain.environment import Publishing
from tests.support.evening import NOW, Evening, an_environment, an_evening
from tests.support.person import Person

QUESTION = "Quit during a publication?"


def publishing(evening: Evening) -> None:
    running = Publishing(version=42, step=3, steps=6, publisher="ana", since=NOW)
    evening.show(environment=msgspec.structs.replace(an_environment(), publishing=running))


async def test_without_a_publication_it_just_closes(qloop: object, quits: list[bool]) -> None:
    async with an_evening() as evening:
        evening.desktop.window.close()
        assert quits == [True]


async def test_a_publication_is_said_to_pause_and_the_window_may_stay(
    qloop: object, me: Person, quits: list[bool]
) -> None:
    async with an_evening() as evening:
        publishing(evening)
        evening.desktop.window.close()
        evening.desktop.window.close_asked.emit()
        await me.sees(QUESTION)
        await me.sees("Version 42 of ERP Production is being published. It pauses when you quit")
        await me.presses("Keep it open")
        await me.no_longer_sees(QUESTION)
        assert quits == []

        evening.desktop.window.close()
        await me.presses("Quit")
        assert quits == [True]


async def test_a_scheduled_publication_is_said_not_to_start(
    qloop: object, me: Person, quits: list[bool]
) -> None:
    async with an_evening() as evening:
        at = NOW + timedelta(hours=3)
        evening.show(environment=msgspec.structs.replace(an_environment(), next_publication=at))
        evening.desktop.window.close()
        await me.sees("Quit before a scheduled publication?")
        await me.sees("A publication to ERP Production is scheduled for today ")
        await me.sees("A scheduled publication does not start while Autosky Desktop is closed.")
        await me.presses("Quit")
        assert quits == [True]
