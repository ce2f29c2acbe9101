"""The sources of a connection's secret: typed, remembered, said by a command, or none."""

from collections.abc import Sequence

from autosky_desktop.domain.connecting import CannotConnect, Trouble
from autosky_desktop.domain.secrets import Credential, KeychainFailed, VaultFailed
from autosky_desktop.system.connect import vault
from autosky_desktop.system.connect.credentials import Credentials
from autosky_desktop.system.connect.secrets import Secret

GONE = "gone"
"""The keychain has it no longer."""


class Typed:
    """A source with a typed secret, which is now its own. Empty: keys, or the client asks."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    async def take(self) -> Secret | None:
        return self._secret or None

    def forget(self) -> None:
        self._secret.forget()


class FromKeychain:
    """A source that reads the keychain when it is needed; the keychain may ask the person."""

    def __init__(self, credentials: Credentials, credential: Credential) -> None:
        self._credentials, self._credential = credentials, credential
        self._secret: Secret | None = None

    async def take(self) -> Secret | None:
        try:
            self._secret = await self._credentials.secret(self._credential)
        except KeychainFailed as cause:
            raise CannotConnect(Trouble.NO_SECRET, cause.state.value, cause) from None
        if self._secret is None:
            raise CannotConnect(Trouble.NO_SECRET, GONE)
        return self._secret

    def forget(self) -> None:
        if self._secret:
            self._secret.forget()


class FromVault:
    """A source that runs the person's own command, with these names, to say the secret."""

    def __init__(
        self, command: Sequence[str], *, server: str, environment: str, account: str
    ) -> None:
        self._command = command
        self._server, self._environment, self._account = server, environment, account
        self._secret: Secret | None = None

    async def take(self) -> Secret | None:
        try:
            self._secret = await vault.ask(
                self._command,
                server=self._server,
                environment=self._environment,
                account=self._account,
            )
        except VaultFailed as cause:
            raise CannotConnect(Trouble.NO_SECRET, cause.why.value, cause) from None
        return self._secret

    def forget(self) -> None:
        if self._secret:
            self._secret.forget()
