"""What every keychain does; the fake and the system's own are held to it alike."""

from typing import Protocol

import pytest

from autosky_desktop.domain.secrets import KeychainFailed, KeychainState
from autosky_desktop.system.connect.secrets import Keychain, Secret

ODD = "p%w \"'\\ñ–漢🔑\nsecond line"


class Hand(Protocol):
    """What happens to the keychain from outside. It is unlocked at first."""

    def lock(self) -> None: ...

    def unlock(self) -> None: ...

    def take_away(self) -> None: ...

    def hang(self) -> None: ...

    def wake(self) -> None: ...


async def failure(keychain: Keychain) -> KeychainState:
    """Why nothing can be had, kept or deleted: the same for all three."""
    states = []
    for call in (
        keychain.get("entry"),
        keychain.put("entry", Secret("secret")),
        keychain.delete("entry"),
    ):
        with pytest.raises(KeychainFailed) as failed:
            await call
        states.append(failed.value.state)
    assert len(set(states)) == 1, states
    return states[0]


class KeychainContract:
    async def test_what_is_kept_is_read_to_the_letter_and_gone_when_deleted(
        self, qloop: object, made: tuple[Keychain, Hand]
    ) -> None:
        keychain, _ = made
        assert await keychain.state() is KeychainState.READY
        assert await keychain.get("entry") is None
        for text in ("first", ODD):
            await keychain.put("entry", Secret(text))
            found = await keychain.get("entry")
            assert found
            assert found.reveal().decode() == text
        assert await keychain.get("other") is None
        await keychain.delete("entry")
        assert await keychain.get("entry") is None
        await keychain.delete("entry")

    async def test_a_locked_one_is_locked_until_it_is_unlocked(
        self, qloop: object, made: tuple[Keychain, Hand]
    ) -> None:
        keychain, hand = made
        await keychain.put("entry", Secret("kept"))
        hand.lock()
        assert await keychain.state() is KeychainState.LOCKED
        assert await failure(keychain) is KeychainState.LOCKED
        hand.unlock()
        assert await keychain.state() is KeychainState.READY
        found = await keychain.get("entry")
        assert found
        assert found.reveal() == b"kept"

    async def test_where_there_is_none_it_says_so(
        self, qloop: object, made: tuple[Keychain, Hand]
    ) -> None:
        keychain, hand = made
        hand.take_away()
        assert await keychain.state() is KeychainState.NONE
        assert await failure(keychain) is KeychainState.NONE

    async def test_one_that_hangs_is_broken_until_it_answers(
        self, qloop: object, made: tuple[Keychain, Hand]
    ) -> None:
        keychain, hand = made
        hand.hang()
        assert await failure(keychain) is KeychainState.BROKEN
        assert await keychain.state() is KeychainState.BROKEN
        hand.wake()
        state = await keychain.state()
        while state is KeychainState.BROKEN:  # what was overdue ends first
            state = await keychain.state()
        assert state is KeychainState.READY
