"""A sign-in that several have at once, at a real control plane of a team."""

import asyncio
from collections.abc import Iterator

import msgspec
import pytest

from autosky_desktop.client.control_plane import connected
from autosky_desktop.domain.secrets import KeychainFailed
from autosky_desktop.domain.sign_in import SignInTokens
from autosky_desktop.flows.signed_in import KeptSignIn, PlaneSignIn, SignInEnded
from tests.support.keychain import FakeKeychain
from tests.support.signing_in import Team, team

ENTRY = "0d7a"


@pytest.fixture
def plane(tmp_path) -> Iterator[Team]:
    with team(tmp_path / "team") as plane:
        yield plane


@pytest.fixture
def keychain(plane: Team) -> FakeKeychain:
    """Have Ana signed in, a while ago: her access token has run out."""
    keychain = FakeKeychain()
    keychain.kept[ENTRY] = msgspec.json.encode(plane.signed_up()).decode()
    plane.clock.goes_on(minutes=16)
    return keychain


@pytest.fixture
def sign_in(plane: Team, tmp_path) -> KeptSignIn:
    return KeptSignIn(plane="Skyone", address=plane.running.url, entry=ENTRY, folder=tmp_path)


def kept(keychain: FakeKeychain) -> SignInTokens:
    return msgspec.json.decode(keychain.kept[ENTRY], type=SignInTokens)


def test_two_programs_at_once_get_new_tokens_one_time(plane, keychain, sign_in):
    before = kept(keychain)

    async def story() -> list[str]:
        programs = [PlaneSignIn(sign_in, keychain) for _ in range(2)]
        asked = [it.instead_of(before.access_token) for it in programs for _ in range(2)]
        return await asyncio.gather(*asked)

    tokens = asyncio.run(story())
    assert set(tokens) == {kept(keychain).access_token}
    assert keychain.asked.count("put") == 1
    plane.clock.goes_on(minutes=1)  # nobody may repeat a refresh token any more
    assert plane.refreshed(kept(keychain).refresh_token).status_code == 200


def test_what_another_program_renewed_long_ago_is_renewed_again(plane, keychain, sign_in):
    """The keychain has another access token than the one that was refused, and it ran out too."""

    async def story() -> str:
        signed_in = PlaneSignIn(sign_in, keychain)
        await signed_in.token()
        renewed = plane.refreshed(kept(keychain).refresh_token).json()
        keychain.kept[ENTRY] = msgspec.json.encode(renewed).decode()
        plane.clock.goes_on(minutes=16)
        async with connected(plane.running.url, signed_in) as there:
            return (await there.me()).operator

    assert asyncio.run(story()) == "Ana"


def test_new_tokens_are_kept_although_the_request_is_given_up(plane, keychain, sign_in):
    before = kept(keychain)

    async def story() -> None:
        signed_in = PlaneSignIn(sign_in, keychain)
        await signed_in.token()
        asking = asyncio.create_task(signed_in.instead_of(before.access_token))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await signed_in.settle()

    asyncio.run(story())
    assert kept(keychain).refresh_token != before.refresh_token
    assert plane.knows(kept(keychain).access_token)


def test_a_token_that_cannot_be_kept_is_not_used(plane, keychain, sign_in):
    before = kept(keychain)

    async def story() -> None:
        signed_in = PlaneSignIn(sign_in, keychain)
        await signed_in.token()
        keychain.lock()
        with pytest.raises(KeychainFailed):
            await signed_in.instead_of(before.access_token)
        assert await signed_in.token() == before.access_token
        keychain.unlock()
        assert plane.knows(await signed_in.instead_of(before.access_token))

    asyncio.run(story())


@pytest.mark.parametrize("there", ["", "no tokens"])
def test_without_tokens_nobody_is_signed_in(keychain, sign_in, there):
    keychain.kept.clear()
    if there:
        keychain.kept[ENTRY] = there
    with pytest.raises(SignInEnded) as ended:
        asyncio.run(PlaneSignIn(sign_in, keychain).token())
    assert ended.value.plane == "Skyone"


def test_one_that_was_ended_there_has_ended(plane, keychain, sign_in):
    with plane.caller(plane.tokens()["accessToken"]) as ana:
        ana.delete("me/sessions")
    refused = kept(keychain).access_token
    with pytest.raises(SignInEnded):
        asyncio.run(PlaneSignIn(sign_in, keychain).instead_of(refused))
