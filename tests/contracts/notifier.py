"""What every notifier does; the fake and the system's own are held to it alike."""

from collections.abc import Callable
from typing import Protocol

from autosky_desktop.system.notifications import Note, Notifier
from tests.support.person import Person

REMINDER = Note(
    key="prep",
    title="Preparation server stops at 19:00, in 10 min",
    body="ERP <b>Production</b> & more",
    buttons=(("extend", "Extend 1 h"), ("cancel", "Cancel shutdown…")),
)


class Screen(Protocol):
    """What a person sees of the notes, and does to them."""

    def titles(self) -> list[str]: ...

    def body(self, title: str) -> str: ...

    def press(self, title: str, words: str) -> None: ...


class NotifierContract:
    async def test_a_note_is_shown_to_the_letter(
        self, qloop: object, made: tuple[Notifier, Screen]
    ) -> None:
        notifier, screen = made
        assert await notifier.show(REMINDER, print)
        await Person().until(lambda: screen.titles() == [REMINDER.title], "the note")
        assert screen.body(REMINDER.title) == REMINDER.body
        await notifier.close()

    async def test_a_pressed_button_comes_back_and_the_note_goes(
        self, qloop: object, made: tuple[Notifier, Screen]
    ) -> None:
        notifier, screen = made
        pressed: list[str] = []
        await notifier.show(REMINDER, pressed.append)
        await Person().until(lambda: screen.titles() == [REMINDER.title], "the note")
        screen.press(REMINDER.title, "Extend 1 h")
        await Person().until(lambda: pressed == ["extend"], "the press")
        await Person().until(lambda: screen.titles() == [], "no note")
        await notifier.close()

    async def test_a_newer_note_takes_the_place_of_the_older(
        self, qloop: object, made: tuple[Notifier, Screen]
    ) -> None:
        notifier, screen = made
        newer = Note(key="prep", title="in 2 min", body="", urgent=True)
        other = Note(key="run", title="Version 42 is published", body="")
        for note in (REMINDER, other, newer):
            assert await notifier.show(note, print)
        there = {"in 2 min", "Version 42 is published"}
        await Person().until(lambda: set(screen.titles()) == there, "the newer note")
        await notifier.clear("prep")
        await notifier.clear("nobody")
        await Person().until(lambda: screen.titles() == [other.title], "one note")
        await notifier.close()
        await Person().until(lambda: screen.titles() == [], "no note")

    async def test_who_cannot_be_shown_anything_says_so(
        self, qloop: object, made: tuple[Notifier, Screen], gone: Callable[[], None]
    ) -> None:
        notifier, _ = made
        gone()
        assert not await notifier.show(REMINDER, print)
        await notifier.clear("prep")
        await notifier.close()
