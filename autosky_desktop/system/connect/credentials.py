"""The remembered passwords: the keychain has them, a file has what else is known of them."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from msgspec.structs import replace

from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.domain.secrets import Credential, Scope, Subject
from autosky_desktop.system import clock
from autosky_desktop.system.connect.secrets import Keychain, Secret
from autosky_desktop.system.kept_file import KeptFile, Lost, Unreadable, unheard

log = logging.getLogger(__name__)


class Credentials:
    """The remembered passwords. The file is read with every question, for several windows may keep
    it. Nothing but `secret`, `remember` and `forget` touches the keychain; these raise
    KeychainFailed.
    """

    def __init__(
        self,
        keychain: Keychain,
        folder: Path,
        now: Callable[[], datetime] = clock.now,
        lost: Lost = unheard,
    ) -> None:
        self.keychain = keychain
        self._file = KeptFile(folder / "credentials.json", tuple[Credential, ...], lost)
        self._now = now

    @property
    def entries(self) -> tuple[Credential, ...]:
        """Return all of them, the last used first; none where the file is damaged."""
        try:
            found = self._file.read() or ()
        except Unreadable:
            return ()
        return tuple(sorted(found, key=lambda it: it.used_at, reverse=True))

    def find(self, *, server: str, environment: str, account: str = "") -> Credential | None:
        """Return the most specific one for that server (ids), of any account when none is given."""
        serving = [it for it in self._serving(server, environment) if account in ("", it.account)]
        return min(serving, key=lambda it: list(Scope).index(it.scope), default=None)

    def accounts(self, server: str, environment: str) -> tuple[str, ...]:
        """Return the accounts known for that server (ids), the last used first."""
        return tuple(dict.fromkeys(it.account for it in self._serving(server, environment)))

    async def secret(self, credential: Credential) -> Secret | None:
        """Return the password; None when the keychain lost it, and then it is forgotten here."""
        secret = await self.keychain.get(credential.id)
        used = () if secret is None else (replace(credential, used_at=self._now()),)
        try:
            self._replace(credential.id, *used)
        except CannotWrite as cause:
            log.info("When a password was used could not be kept: %s", cause)
        return secret

    async def remember(
        self, account: str, scope: Scope, subject: Subject, secret: Secret
    ) -> Credential:
        """Keep the password, replacing an older one. Raises CannotWrite too: none is kept then."""
        now = self._now()
        subject = Subject() if scope is Scope.EVERYWHERE else subject
        kept = Credential(
            id=self._known(account, scope, subject) or uuid4().hex,
            account=account,
            scope=scope,
            subject=subject,
            kept_at=now,
            used_at=now,
        )
        await self.keychain.put(kept.id, secret)
        try:
            self._replace(kept.id, kept)
        except CannotWrite:
            await self.keychain.delete(kept.id)
            raise
        return kept

    async def forget(self, id_: str) -> None:
        """Delete the password, then what is known of it. Raises CannotWrite too."""
        await self.keychain.delete(id_)
        self._replace(id_)

    def _serving(self, server: str, environment: str) -> list[Credential]:
        return [it for it in self.entries if it.serves(server, environment)]

    def _known(self, account: str, scope: Scope, subject: Subject) -> str:
        wanted = (account, scope, subject.id)
        same = (it.id for it in self.entries if (it.account, it.scope, it.subject.id) == wanted)
        return next(same, "")

    def _replace(self, id_: str, *by: Credential) -> None:
        """Put what `by` says in the place of that entry. Raises CannotWrite."""

        def change(found: tuple[Credential, ...] | None) -> tuple[Credential, ...]:
            return *(it for it in found or () if it.id != id_), *by

        try:
            self._file.change(change)
        except Unreadable as cause:
            if not cause.aside:  # what it holds is still there, for whoever may read it
                raise CannotWrite("refused") from cause
            self._file.write(by)
