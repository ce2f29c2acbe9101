"""Makes secrets that nobody can guess, and keeps of each what it cannot be told from.

A token or a recovery code is random and long, so a plain SHA-256 of it says nothing. A password is
neither: it is kept as Argon2id, which costs whoever tries them 19 MiB and 40 ms each.
"""

import asyncio
import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
"""Passwords that are tried at the same time: each holds a core and 19 MiB."""
TOKEN_BYTES = 32

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Passwords:
    """Hashes passwords and compares them, a few at a time, in threads."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobodys: str | None = None

    async def hashed(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(_hasher.hash, password)

    async def matches(self, kept: str | None, password: str) -> bool:
        """Return whether it is the password. Without one it takes as long to say no."""
        if kept is None:
            if self._nobodys is None:
                self._nobodys = await self.hashed(secrets.token_urlsafe(TOKEN_BYTES))
            await self._verified(self._nobodys, password)
            return False
        return await self._verified(kept, password)

    async def _verified(self, kept: str, password: str) -> bool:
        async with self._turns:
            return await asyncio.to_thread(_verified, kept, password)


def _verified(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Return whether a hash was made at less cost than it would be today."""
    return _hasher.check_needs_rehash(kept)


def new_token(kind: str) -> str:
    """Return a new token; by its `kind` people and scanners know what they have found."""
    return kind + secrets.token_urlsafe(TOKEN_BYTES)


def new_key() -> bytes:
    return secrets.token_bytes(TOKEN_BYTES)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def successor(kind: str, key: bytes, token: str) -> str:
    """Return the token that follows this one: always the same, for whoever has the key and it."""
    return kind + hmac.new(key, token.encode(), hashlib.sha256).hexdigest()
