"""The notifications of the Linux desktops, over the session bus.

desktop-notifier's own way there takes no note's place and cannot take away one whose button was
pressed. What speaks to the bus is what keychains are spoken to with; it is imported with the first
note.
"""

import asyncio
import logging
import os
from contextlib import AsyncExitStack
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autosky_desktop.domain.guard import guarded
from autosky_desktop.system import folders
from autosky_desktop.system.notifications import CLICKED, PATIENCE, Note, Pressed

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.asyncio import DBusConnection, DBusRouter

log = logging.getLogger(__name__)

SERVICE, PLACE = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_BUS, _BUS_PLACE = "org.freedesktop.DBus", "/org/freedesktop/DBus"
_DEFAULT = "default"
_SOUND = {"sound-name": ("s", "message-new-instant")}
_SILENCE = {"suppress-sound": ("b", True)}
_MATCHES = (
    f"type='signal',sender='{SERVICE}',interface='{SERVICE}'",
    f"type='signal',sender='{_BUS}',member='NameOwnerChanged',arg0='{SERVICE}'",
)


class NotShown(Exception):
    """The bus or the daemon said no."""


class FreedesktopNotifications:
    """The notifier of Linux. A daemon or a bus that died is looked for again with the next note."""

    def __init__(self, name: str, icon: Path) -> None:
        self._name = name
        self._icon = icon
        self._bus: DBusRouter | None = None
        self._connection = AsyncExitStack()
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
                    await self._let_go()
        return False

    async def clear(self, key: str) -> None:
        if key in self._shown:
            number, _ = self._shown.pop(key)
            await self._take_away(number)

    async def close(self) -> None:
        """Take away the notes that cannot be answered any more."""
        for key in tuple(self._shown):
            await self.clear(key)
        await self._let_go()

    async def _connect(self) -> None:
        if self._bus:
            return
        library = await asyncio.to_thread(import_module, "jeepney.io.asyncio")
        async with AsyncExitStack() as stack:
            connection = await library.open_dbus_connection(folders.session_bus())
            stack.push_async_callback(_close, connection)
            self._bus = await stack.enter_async_context(library.DBusRouter(connection))
            hearing = asyncio.create_task(self._hear_all(self._bus))
            stack.callback(hearing.cancel)
            for match in _MATCHES:
                await self._call("AddMatch", "s", (match,), to=(_BUS, _BUS_PLACE))
            self._connection = stack.pop_all()

    async def _notify(self, note: Note) -> int:
        if not self._abilities:
            (abilities,) = await self._call("GetCapabilities")
            self._abilities = frozenset(abilities)
        body = escape(note.body, quote=False) if "body-markup" in self._abilities else note.body
        actions = [_DEFAULT, ""] if "actions" in self._abilities else []
        if actions:
            actions += [part for button in note.buttons for part in button]
        hints = {
            "urgency": ("y", 2 if note.urgent else 1),
            "desktop-entry": ("s", folders.APPLICATION),
            **(_SOUND if note.sound else _SILENCE),
        }
        number, _ = self._shown.get(note.key, (0, None))
        words = (self._name, number, str(self._icon), note.title, body, actions, hints, -1)
        (number,) = await self._call("Notify", "susssasa{sv}i", words)
        return int(number)

    async def _call(
        self,
        member: str,
        signature: str = "",
        body: tuple[Any, ...] = (),
        to: tuple[str, str] = (SERVICE, PLACE),
    ) -> tuple[Any, ...]:
        from jeepney import DBusAddress, MessageType, new_method_call

        if self._bus is None:
            raise NotShown("no bus")
        address = DBusAddress(to[1], bus_name=to[0], interface=to[0])
        reply = await self._bus.send_and_get_reply(
            new_method_call(address, member, signature, body)
        )
        if reply.header.message_type is not MessageType.method_return:
            raise NotShown(f"{member}: {reply.body}")
        return tuple(reply.body)

    async def _hear_all(self, bus: "DBusRouter") -> None:
        from jeepney import MatchRule

        with bus.filter(MatchRule(type="signal"), queue=asyncio.Queue()) as signals:
            while True:
                with guarded(log, "Hearing of a notification"):
                    self._hear(await signals.get())

    def _hear(self, message: "Message") -> None:
        """Hear what the daemon says of one of ours; and that it is another daemon now."""
        from jeepney import HeaderFields

        fields, body = message.header.fields, message.body
        interface, member = fields[HeaderFields.interface], fields[HeaderFields.member]
        if member == "NameOwnerChanged" and body[0] == SERVICE:
            self._shown.clear()
            self._abilities = frozenset()
        elif interface != SERVICE or not body:
            return
        elif member == "ActivationToken":
            os.environ["XDG_ACTIVATION_TOKEN"] = str(body[1])
        elif member == "ActionInvoked":
            self._pressed(body[0], str(body[1]))
        elif member == "NotificationClosed":
            self._forget(body[0])

    def _pressed(self, number: int, action: str) -> None:
        """Take away the note that was answered: some daemons leave it on the screen."""
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
                await self._call("CloseNotification", "u", (number,))
        except self._failures() as cause:
            log.info("A notification could not be taken away: %r", cause)

    async def _let_go(self) -> None:
        connection, self._connection = self._connection, AsyncExitStack()
        self._bus = None
        self._abilities = frozenset()
        self._shown.clear()
        try:
            async with asyncio.timeout(PATIENCE):
                await connection.aclose()
        except self._failures() as cause:
            log.info("The session bus was gone already: %r", cause)

    @staticmethod
    def _failures() -> tuple[type[Exception], ...]:
        """Return the errors that a bus may raise when it is not there, goes away or has no address.

        KeyError is what comes of an answer that jeepney waits for when it closes.
        """
        library = import_module("jeepney.io.common")
        return (
            library.RouterClosed,
            KeyError,
            NotShown,
            ValueError,
            RuntimeError,
            OSError,
            EOFError,
            TimeoutError,
        )


async def _close(connection: "DBusConnection") -> None:
    await connection.close()
