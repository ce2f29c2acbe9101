"""Notifications of the Linux desktops, over the session bus.

desktop-notifier's own way there takes no note's place and cannot take away one whose button was
pressed, so its D-Bus library is spoken to directly. That is imported on another thread, with the
first note.
"""

import asyncio
import logging
import os
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autosky_desktop.system.notifications import CLICKED, PATIENCE, Note, Pressed

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

log = logging.getLogger(__name__)

SERVICE, PLACE = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_BUS, _BUS_PLACE = "org.freedesktop.DBus", "/org/freedesktop/DBus"
_DEFAULT = "default"
_MATCHES = (
    f"type='signal',sender='{SERVICE}',interface='{SERVICE}'",
    f"type='signal',sender='{_BUS}',member='NameOwnerChanged',arg0='{SERVICE}'",
)


class NotShown(Exception):
    """The bus or the daemon said no."""


class FreedesktopNotifications:
    """A daemon that died, or a bus, is looked for again with the next note."""

    def __init__(self, name: str, icon: Path) -> None:
        self._name = name
        self._icon = icon
        self._bus: MessageBus | None = None
        self._abilities: frozenset[str] = frozenset()
        self._shown: dict[str, tuple[int, Pressed]] = {}
        self._turn = asyncio.Lock()
        self._closing: set[asyncio.Task[None]] = set()

    async def show(self, note: Note, pressed: Pressed) -> bool:
        async with self._turn:
            for _ in range(2):
                try:
                    async with asyncio.timeout(PATIENCE):
                        await self._connect()
                        self._shown[note.key] = (await self._notify(note), pressed)
                        return True
                except self._failures() as cause:
                    log.info("No notification could be shown: %r", cause)
                    self._let_go()
        return False

    async def clear(self, key: str) -> None:
        if key in self._shown:
            number, _ = self._shown.pop(key)
            await self._take_away(number)

    async def close(self) -> None:
        """Take away what cannot be answered any more."""
        for key in tuple(self._shown):
            await self.clear(key)
        self._let_go()

    async def _connect(self) -> None:
        if self._bus and self._bus.connected:
            return
        library = await asyncio.to_thread(import_module, "dbus_fast.aio")
        self._bus = await library.MessageBus().connect()
        self._bus.add_message_handler(self._hear)
        for match in _MATCHES:
            await self._call("AddMatch", "s", [match], to=(_BUS, _BUS_PLACE))

    async def _notify(self, note: Note) -> int:
        from dbus_fast import Variant

        if not self._abilities:
            (abilities,) = await self._call("GetCapabilities")
            self._abilities = frozenset(abilities)
        body = escape(note.body, quote=False) if "body-markup" in self._abilities else note.body
        actions = [_DEFAULT, ""] if "actions" in self._abilities else []
        if actions:
            actions += [part for button in note.buttons for part in button]
        hints = {
            "urgency": Variant("y", 2 if note.urgent else 1),
            "desktop-entry": Variant("s", "autosky-desktop"),
        }
        number, _ = self._shown.get(note.key, (0, None))
        words = [self._name, number, str(self._icon), note.title, body, actions, hints, -1]
        (number,) = await self._call("Notify", "susssasa{sv}i", words)
        return int(number)

    async def _call(
        self,
        member: str,
        signature: str = "",
        body: list[Any] | None = None,
        to: tuple[str, str] = (SERVICE, PLACE),
    ) -> list[Any]:
        from dbus_fast import Message, MessageType

        if self._bus is None:
            raise NotShown("no bus")
        message = Message(
            destination=to[0],
            path=to[1],
            interface=to[0],
            member=member,
            signature=signature,
            body=body or [],
        )
        reply = await self._bus.call(message)
        if reply is None or reply.message_type is not MessageType.METHOD_RETURN:
            raise NotShown(f"{member}: {reply and reply.error_name}")
        return list(reply.body)

    def _hear(self, message: "Message") -> None:
        """What the daemon says of one of ours; and that it is another daemon now."""
        if message.member == "NameOwnerChanged" and message.body[0] == SERVICE:
            self._shown.clear()
            self._abilities = frozenset()
        elif message.interface != SERVICE or not message.body:
            return
        elif message.member == "ActivationToken":
            os.environ["XDG_ACTIVATION_TOKEN"] = str(message.body[1])
        elif message.member == "ActionInvoked":
            self._pressed(message.body[0], str(message.body[1]))
        elif message.member == "NotificationClosed":
            self._forget(message.body[0])

    def _pressed(self, number: int, action: str) -> None:
        """Some daemons leave the note on the screen: what was answered is taken away."""
        if pressed := self._forget(number):
            task = asyncio.get_running_loop().create_task(self._take_away(number))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)
            pressed(CLICKED if action == _DEFAULT else action)

    def _forget(self, number: int) -> Pressed | None:
        for key, (shown, pressed) in tuple(self._shown.items()):
            if shown == number:
                del self._shown[key]
                return pressed
        return None

    async def _take_away(self, number: int) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._call("CloseNotification", "u", [number])
        except self._failures() as cause:
            log.info("A notification could not be taken away: %r", cause)

    def _let_go(self) -> None:
        if self._bus and self._bus.connected:
            self._bus.disconnect()
        self._bus = None
        self._abilities = frozenset()
        self._shown.clear()

    @staticmethod
    def _failures() -> tuple[type[Exception], ...]:
        """All that a bus which is not there, or goes away, may raise."""
        library = import_module("dbus_fast.errors")
        return (
            library.DBusError,
            library.AuthError,
            library.InvalidAddressError,
            NotShown,
            OSError,
            EOFError,
            TimeoutError,
        )
