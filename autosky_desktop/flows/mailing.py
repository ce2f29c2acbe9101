"""A flow that tells the control plane, in each of its lives, which mail server to use.

It keeps that in memory only. What the person chose is in the settings, the password in the system's
keychain.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from autosky_desktop.domain.errors import AutoskyError, Offline
from autosky_desktop.domain.mail import (
    Encryption,
    MailServer,
    MailSetting,
    MailState,
    MailTest,
    is_address,
)
from autosky_desktop.store.store import Store
from autosky_desktop.system.connect.secrets import Keychain, Secret
from autosky_desktop.system.settings import Preferences, Settings

if TYPE_CHECKING:
    from autosky_desktop.client.control_plane import ControlPlane

ENTRY = "mail-server"
"""Of the password, in the keychain."""

log = logging.getLogger(__name__)


def is_whole(settings: Settings) -> bool:
    """Return whether letters can be sent by what was chosen."""
    secret = not settings.mail_account or settings.mail_encryption is not Encryption.NONE
    return bool(settings.mail_host) and is_address(settings.mail_sender) and secret


class Mailing:
    """Tells which mail server to use. `plane` returns the control plane that is heard, or None."""

    def __init__(
        self,
        store: Store,
        preferences: Preferences,
        keychain: Callable[[], Keychain],
        plane: "Callable[[], ControlPlane | None]",
        spawn: Callable[..., object],
    ) -> None:
        self._store, self._preferences = store, preferences
        self._keychain, self._plane, self._spawn = keychain, plane, spawn
        self._typed: Secret | None = None
        self._turn = asyncio.Lock()
        self._told: ControlPlane | None = None

    def begin(self) -> None:
        """Tell every control plane that is heard from now on."""
        self._store.watch(self._look)
        self._look()

    def changed(self) -> None:
        """Tell the control plane, because something else was chosen."""
        self._spawn(self._tell(), name="tell the mail server")

    async def remember(self, password: Secret) -> None:
        """Keep the password of the account; an empty one is forgotten. Raises KeychainFailed, and
        then the password serves until the program ends.
        """
        keychain, known = self._keychain(), self._preferences.settings.mail_password
        self._typed = password if password else None
        if self._typed:
            await keychain.put(ENTRY, password)
        elif known:
            await keychain.delete(ENTRY)
        settings = self._preferences.settings
        self._preferences.keep(replace(settings, mail_password=self._typed is not None))

    async def send_test_email(self, to: str) -> MailState:
        """Send a letter by what was chosen. Raises AutoskyError, KeychainFailed among them."""
        return await self._heard().try_mail_server(MailTest(server=await self._server(), to=to))

    def _heard(self) -> "ControlPlane":
        if (plane := self._plane()) is None:
            raise Offline("not connected")
        return plane

    def _look(self) -> None:
        plane = self._plane() if self._store.connection.live else None
        if plane is not None and plane is not self._told:
            first, self._told = self._told is None, plane
            if not first or is_whole(self._preferences.settings):
                self.changed()  # a control plane begins with none: that needs no telling

    async def _tell(self) -> None:
        """Tell what was chosen, one call after the other, so that the last choice wins."""
        async with self._turn:
            try:
                chosen = is_whole(self._preferences.settings)
                setting = MailSetting(server=await self._server() if chosen else None)
                await self._heard().set_mail_server(setting)
            except AutoskyError as cause:
                log.info("The control plane was told no mail server: %r", cause)
                return
        self._store.tell()

    async def _server(self) -> MailServer:
        it = self._preferences.settings
        return MailServer(
            host=it.mail_host,
            port=it.mail_port,
            encryption=it.mail_encryption,
            sender=it.mail_sender,
            account=it.mail_account,
            password=await self._password() if it.mail_account else "",
        )

    async def _password(self) -> str:
        if self._typed is None and self._preferences.settings.mail_password:
            self._typed = await self._keychain().get(ENTRY)
        return self._typed.reveal().decode() if self._typed else ""
