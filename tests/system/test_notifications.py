"""The fake keeps the contract of the notifiers."""

from collections.abc import Callable

import pytest

from tests.contracts.notifier import NotifierContract, Screen
from tests.support.notifier import FakeNotifier


class Board:
    """What a person would see of the fake's."""

    def __init__(self, fake: FakeNotifier) -> None:
        self.fake = fake

    def titles(self) -> list[str]:
        return [it.title for it in self.fake.notes.values()]

    def body(self, title: str) -> str:
        return next(it.body for it in self.fake.notes.values() if it.title == title)

    def press(self, title: str, words: str) -> None:
        note = next(it for it in self.fake.notes.values() if it.title == title)
        self.fake.press(title, next(word for word, said in note.buttons if said == words))


class TestFakeNotifier(NotifierContract):
    @pytest.fixture
    def made(self) -> tuple[FakeNotifier, Screen]:
        fake = FakeNotifier()
        return fake, Board(fake)

    @pytest.fixture
    def gone(self, made: tuple[FakeNotifier, Screen]) -> Callable[[], None]:
        return lambda: setattr(made[0], "works", False)
