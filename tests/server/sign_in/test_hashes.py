"""What is kept of secrets, and how long it takes to compare them."""

import asyncio
from statistics import median
from time import perf_counter

import argon2
import pytest

from autosky_desktop.server.sign_in import hashes
from autosky_desktop.server.sign_in.hashes import Passwords

PASSWORD = "Bolo-de-milho7"


def test_a_password_matches_what_was_made_of_it_and_nothing_else():
    async def do() -> None:
        passwords = Passwords()
        kept = await passwords.hashed(PASSWORD)
        assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert PASSWORD not in kept
        assert kept != await passwords.hashed(PASSWORD)
        assert await passwords.matches(kept, PASSWORD)
        assert not await passwords.matches(kept, PASSWORD + " ")
        assert not await passwords.matches(None, PASSWORD)
        assert not await passwords.matches("no hash", PASSWORD)

    asyncio.run(do())


def test_saying_no_takes_as_long_for_nobody():
    """Not to the microsecond: a guess of who exists would need a difference of milliseconds."""

    async def do() -> None:
        passwords = Passwords()
        kept = await passwords.hashed(PASSWORD)
        took: dict[str | None, list[float]] = {kept: [], None: []}
        await passwords.matches(None, "x")
        for _ in range(15):
            for which, times in took.items():
                began = perf_counter()
                await passwords.matches(which, "x")
                times.append(perf_counter() - began)
        assert median(took[None]) > median(took[kept]) / 2

    asyncio.run(do())


def test_only_two_are_tried_at_once(monkeypatch):
    running, most = 0, 0
    really = hashes._verified

    def counted(kept: str, password: str) -> bool:
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            return really(kept, password)
        finally:
            running -= 1

    monkeypatch.setattr(hashes, "_verified", counted)

    async def do() -> None:
        passwords = Passwords()
        kept = await passwords.hashed(PASSWORD)
        assert all(await asyncio.gather(*(passwords.matches(kept, PASSWORD) for _ in range(8))))

    asyncio.run(do())
    assert most == 2


def test_a_hash_of_an_older_cost_is_known_as_such():
    older = argon2.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
    assert hashes.is_outdated(older.hash(PASSWORD))
    assert not hashes.is_outdated(asyncio.run(Passwords().hashed(PASSWORD)))


def test_no_two_tokens_are_alike_and_a_hash_tells_nothing_of_them():
    made = {hashes.new_token("asa_") for _ in range(100)}
    assert len(made) == 100
    one = made.pop()
    assert one.startswith("asa_")
    assert len(one) == len("asa_") + 43
    assert one not in hashes.token_hash(one)
    assert len(hashes.token_hash("\ud800")) == 64  # half a character is no token either


@pytest.mark.parametrize("changed", ["key", "token"])
def test_what_follows_a_token_needs_its_key_and_the_token(changed):
    key, other = hashes.new_key(), hashes.new_key()
    follower = hashes.successor("asr_", key, "asr_one")
    assert follower == hashes.successor("asr_", key, "asr_one")
    assert follower.startswith("asr_")
    given = (other, "asr_one") if changed == "key" else (key, "asr_two")
    assert follower != hashes.successor("asr_", *given)
