"""A sign-in at a control plane of a team, whose tokens the system's keychain keeps.

A refresh token is for one use, and two that use it end the sign-in. Several programs may have the
same one: whoever gets new tokens holds the lock of that sign-in, looks first whether another
program has got some meanwhile, and has kept what it got before it uses it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from autosky_desktop.client.sign_in import SignInCalls
from autosky_desktop.client.transport import UNREADABLE, Transport, open_http
from autosky_desktop.domain.errors import AutoskyError, SignedOut
from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.domain.sign_in import RefreshRequest, SignInTokens
from autosky_desktop.system.connect.secrets import Keychain, Secret

log = logging.getLogger(__name__)

PATIENCE = 30.0
"""Seconds that another program may take. Who repeats its request within these ends nothing."""


class SignInEnded(SignedOut):
    """The control plane of that name takes no sign-in of this computer, or no longer does."""

    def __init__(self, plane: str) -> None:
        code = Code.UNAUTHENTICATED.value
        super().__init__(Problem(type="about:blank", title="signed out", status=401, code=code))
        self.plane = plane


class KeptSignIn(Struct, frozen=True, kw_only=True):
    """The place of a sign-in: at the control plane at `address`, which is called `plane` here. Its
    tokens are in the keychain at `entry`, and `folder` holds its lock.
    """

    plane: str
    address: str
    entry: str
    folder: Path


class PlaneSignIn:
    """Somebody who is signed in, to a control plane that is asked for new tokens when it wants
    some. Everything raises SignInEnded and KeychainFailed.
    """

    def __init__(self, sign_in: KeptSignIn, keychain: Keychain) -> None:
        self._sign_in, self._keychain = sign_in, keychain
        self._tokens: SignInTokens | None = None
        self._renewing: asyncio.Task[None] | None = None

    async def session(self) -> str:
        """Return the id of the sign-in."""
        return (await self._known()).session

    async def token(self) -> str:
        return (await self._known()).access_token

    async def instead_of(self, refused: str) -> str:
        """Return another access token. Raises AutoskyError where the control plane gives none.

        A request that is given up does not end the getting of tokens: they would be lost.
        """
        if (await self._known()).access_token == refused:
            if self._renewing is None or self._renewing.done():
                self._renewing = asyncio.create_task(self._renew(refused))
            await asyncio.shield(self._renewing)
        return await self.token()

    async def settle(self) -> None:
        """Wait until nothing is under way that must not be lost."""
        if self._renewing:
            with suppress(AutoskyError):  # whoever waited for it has been told
                await self._renewing

    async def _known(self) -> SignInTokens:
        self._tokens = self._tokens or await self._kept()
        return self._tokens

    async def _kept(self) -> SignInTokens:
        secret = await self._keychain.get(self._sign_in.entry)
        if secret is None:
            raise SignInEnded(self._sign_in.plane)
        try:
            return msgspec.json.decode(secret.reveal(), type=SignInTokens)
        except UNREADABLE:  # somebody else wrote there
            raise SignInEnded(self._sign_in.plane) from None

    async def _renew(self, refused: str) -> None:
        async with _alone(self._sign_in):
            tokens = await self._kept()
            if tokens.access_token == refused:
                tokens = await self._refreshed(tokens)
                await keep(self._keychain, self._sign_in.entry, tokens)
            self._tokens = tokens

    async def _refreshed(self, tokens: SignInTokens) -> SignInTokens:
        async with aclosing(Transport(open_http(self._sign_in.address, ""))) as transport:
            request = RefreshRequest(refresh_token=tokens.refresh_token)
            try:
                return await SignInCalls(transport).refresh(request)
            except SignedOut:
                raise SignInEnded(self._sign_in.plane) from None


async def keep(keychain: Keychain, entry: str, tokens: SignInTokens) -> None:
    """Have the keychain keep the tokens. Raises KeychainFailed."""
    await keychain.put(entry, Secret(msgspec.json.encode(tokens).decode()))


@asynccontextmanager
async def _alone(sign_in: KeptSignIn) -> AsyncIterator[None]:
    """Hold the lock of the sign-in. Where none can be had, go without it: the control plane gives
    the same tokens to two that ask at once.
    """
    from filelock import AsyncFileLock, Timeout

    file = sign_in.folder / f"sign-in-{sign_in.entry}.lock"
    async with AsyncExitStack() as held:
        try:
            await held.enter_async_context(AsyncFileLock(file, PATIENCE, 0o600))
        except (OSError, Timeout) as cause:
            log.warning("New tokens are asked for without the lock: %s", cause)
        yield
