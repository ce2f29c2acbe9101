"""The keychain on a real KeePassXC, which asks the person about each entry it hands out."""

import asyncio
import gc
import os
import threading
from collections.abc import Iterator

import pytest

from autosky_desktop.domain.secrets import KeychainFailed, KeychainState
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.system_keychain import SystemKeychain
from tests.support.keepassxc import ACCESS, PASSWORD, UNLOCK, KeePassXc, keepassxc
from tests.support.person import Person
from tests.support.program import Desk


@pytest.fixture
def provider(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeePassXc]:
    with keepassxc(desk) as running:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desk.bus)
        yield running
        gc.collect()  # a connection that was not closed would be told now


def busy() -> bool:
    return any(it.name == "keychain" for it in threading.enumerate())


async def text_of(keychain: SystemKeychain) -> str | None:
    found = await keychain.get("entry")
    return None if found is None else found.reveal().decode()


async def test_a_password_is_kept_read_replaced_and_forgotten_with_its_leave(
    qloop: object, provider: KeePassXc
) -> None:
    assert await SystemKeychain().state() is KeychainState.READY
    await SystemKeychain().put("entry", Secret("first"))

    async def with_leave(work: "asyncio.Task[object]") -> object:
        await asyncio.to_thread(provider.answer, ACCESS, "Return")
        return await work

    # each is another program to KeePassXC, as after a new start
    assert await with_leave(asyncio.ensure_future(text_of(SystemKeychain()))) == "first"
    await with_leave(asyncio.ensure_future(SystemKeychain().put("entry", Secret("second"))))
    assert await with_leave(asyncio.ensure_future(text_of(SystemKeychain()))) == "second"
    await with_leave(asyncio.ensure_future(SystemKeychain().delete("entry")))
    assert await text_of(SystemKeychain()) is None


async def test_what_was_allowed_once_is_not_asked_again_until_the_next_start(
    qloop: object, provider: KeePassXc
) -> None:
    await SystemKeychain().put("entry", Secret("kept"))
    keychain = SystemKeychain()
    first = asyncio.ensure_future(text_of(keychain))
    await asyncio.to_thread(provider.answer, ACCESS, "Return")
    assert await first == "kept"
    assert await text_of(keychain) == "kept"
    await keychain.put("entry", Secret("new"))
    assert await text_of(keychain) == "new"
    await keychain.delete("entry")
    assert not provider.asks(ACCESS)


async def test_a_refusal_is_told_and_asked_about_again(qloop: object, provider: KeePassXc) -> None:
    await SystemKeychain().put("entry", Secret("kept"))
    keychain = SystemKeychain()
    refused = asyncio.ensure_future(text_of(keychain))
    await asyncio.to_thread(provider.answer, ACCESS, "Escape")
    with pytest.raises(KeychainFailed) as failed:
        await refused
    assert failed.value.state is KeychainState.LOCKED
    again = asyncio.ensure_future(text_of(keychain))
    await asyncio.to_thread(provider.answer, ACCESS, "Return")
    assert await again == "kept"


async def test_a_question_is_waited_for_longer_than_an_answer_and_given_up_in_the_end(
    qloop: object, provider: KeePassXc
) -> None:
    await SystemKeychain().put("entry", Secret("kept"))
    keychain = SystemKeychain(seconds=1.0, person_seconds=3.0)
    unanswered = asyncio.ensure_future(text_of(keychain))
    await Person().until(lambda: provider.asks(ACCESS), "the question")
    with pytest.raises(KeychainFailed) as failed:
        await unanswered
    assert failed.value.state is KeychainState.LOCKED
    # what nobody waits for keeps no other question from being asked
    await Person().until(lambda: not busy(), "the end of the thread")
    assert await keychain.state() is KeychainState.READY
    await asyncio.to_thread(provider.answer, ACCESS, "Return")
    again = asyncio.ensure_future(text_of(keychain))
    await asyncio.to_thread(provider.answer, ACCESS, "Return")
    assert await again == "kept"


async def test_a_locked_database_is_unlocked_by_the_person_when_it_is_needed(
    qloop: object, provider: KeePassXc
) -> None:
    await SystemKeychain().put("entry", Secret("kept"))
    await asyncio.to_thread(provider.lock)
    keychain = SystemKeychain()
    assert await keychain.state() is KeychainState.LOCKED
    wanted = asyncio.ensure_future(text_of(keychain))
    await asyncio.to_thread(provider.answer, UNLOCK, "Return", PASSWORD)
    await asyncio.to_thread(provider.answer, ACCESS, "Return")
    assert await wanted == "kept"


async def test_one_that_is_closed_while_it_asks_is_waited_for_no_longer(
    qloop: object, provider: KeePassXc
) -> None:
    await SystemKeychain().put("entry", Secret("kept"))
    keychain = SystemKeychain(person_seconds=1000.0)
    asked = asyncio.ensure_future(text_of(keychain))
    await Person().until(lambda: provider.asks(ACCESS), "the question")
    provider.end()
    with pytest.raises(KeychainFailed) as failed:
        await asyncio.wait_for(asked, 20)
    assert failed.value.state is KeychainState.NONE


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("unix:path=/nowhere/bus;{bus}", KeychainState.READY),
        ("tcp:host=localhost,port=1;{bus}", KeychainState.READY),
        ("tcp:host=localhost,port=1", KeychainState.NONE),
        ("unix:runtime=yes", KeychainState.NONE),
        ("disabled:", KeychainState.NONE),
        ("/dev/null", KeychainState.NONE),
    ],
)
async def test_the_bus_is_looked_for_at_each_of_its_addresses(
    qloop: object,
    provider: KeePassXc,
    address: str,
    state: KeychainState,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bus = os.environ["DBUS_SESSION_BUS_ADDRESS"]
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address.format(bus=bus))
    assert await SystemKeychain().state() is state
