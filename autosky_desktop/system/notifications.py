"""The notifications of the system, with buttons where it has them. Those of Windows and macOS are
shown through desktop-notifier.
"""

import asyncio
import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import msgspec

PATIENCE = 5.0
"""Seconds after which a system that does not answer shows nothing."""

CLICKED = ""
"""What `pressed` hears when it was the note itself, and none of its buttons."""

Pressed = Callable[[str], None]
log = logging.getLogger(__name__)


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A notification in plain text. It takes the place of the one before with the same `key`.

    `buttons` are pairs of a word for the program and the words on the button.
    """

    key: str
    title: str
    body: str
    buttons: tuple[tuple[str, str], ...] = ()
    urgent: bool = False
    sound: bool = False


class Notifier(Protocol):
    """Notifies the person: `show` returns whether it could, `pressed` gets a button's word or
    CLICKED.

    A note whose button was pressed is gone.
    """

    async def show(self, note: Note, pressed: Pressed) -> bool: ...

    async def clear(self, key: str) -> None: ...

    async def close(self) -> None: ...


class LibraryNotifications:
    """The notifier of Windows and macOS, which loads nothing before the first note."""

    def __init__(self, name: str, icon: Path) -> None:
        self._name = name
        self._icon = icon
        self._library: Any = None
        self._notifier: Any = None
        self._shown: dict[str, str] = {}

    async def show(self, note: Note, pressed: Pressed) -> bool:
        """Show a note. The library tells of failures only by not calling `on_dispatched`."""
        sent: list[bool] = []
        try:
            async with asyncio.timeout(PATIENCE):
                await self._connect()
                await self.clear(note.key)
                made = self._dressed(note, pressed, lambda: sent.append(True))
                await self._notifier.send_notification(made)
        except (OSError, ImportError, TimeoutError) as cause:
            log.info("No notification could be shown: %r", cause)
        if sent:
            self._shown[note.key] = made.identifier
        return bool(sent)

    async def clear(self, key: str) -> None:
        identifier = self._shown.pop(key, None)
        if identifier is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._notifier.clear(identifier)
        except (KeyError, OSError, TimeoutError) as cause:
            log.info("A notification could not be taken away: %r", cause)

    async def close(self) -> None:
        for key in tuple(self._shown):
            await self.clear(key)

    async def _connect(self) -> None:
        if self._library is None:
            self._library = await asyncio.to_thread(import_module, "desktop_notifier")
            icon = self._library.Icon(path=self._icon)
            self._notifier = self._library.DesktopNotifier(app_name=self._name, app_icon=icon)

    def _dressed(self, note: Note, pressed: Pressed, sent: Callable[[], None]) -> Any:
        def hear(word: str) -> Callable[[], None]:
            def heard() -> None:
                self._shown.pop(note.key, None)
                pressed(word)

            return heard

        library = self._library
        return library.Notification(
            title=note.title,
            message=note.body,
            urgency=library.Urgency.Critical if note.urgent else library.Urgency.Normal,
            buttons=tuple(
                library.Button(title=words, on_pressed=hear(word), identifier=word)
                for word, words in note.buttons
            ),
            sound=library.DEFAULT_SOUND if note.sound else None,
            on_dispatched=sent,
            on_clicked=hear(CLICKED),
        )
