"""The notifications of the system, with buttons where it has them."""

from collections.abc import Callable
from typing import Protocol

import msgspec

PATIENCE = 5.0
"""Seconds after which a system that does not answer shows nothing."""

CLICKED = ""
"""What `pressed` hears when it was the note itself, and none of its buttons."""

Pressed = Callable[[str], None]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A notification in plain text. It takes the place of the one before with the same `key`.

    `buttons` are pairs of a word for the program and the words on the button.
    """

    key: str
    title: str
    body: str
    buttons: tuple[tuple[str, str], ...] = ()
    urgent: bool = False


class Notifier(Protocol):
    """Notifies the person: `show` returns whether it could, `pressed` gets a button's word or
    CLICKED.

    A note whose button was pressed is gone.
    """

    async def show(self, note: Note, pressed: Pressed) -> bool: ...

    async def clear(self, key: str) -> None: ...

    async def close(self) -> None: ...
