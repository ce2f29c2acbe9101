"""The keychain on a real gnome-keyring: unlocked, locked, hung and gone."""

import asyncio
import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import secretstorage

from autosky_desktop.domain.secrets import KeychainFailed, KeychainState
from autosky_desktop.system.connect.credentials import Credentials
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.system_keychain import SystemKeychain
from tests.contracts.keychain import KeychainContract
from tests.support.keychain import GnomeKeyring, gnome_keyring
from tests.support.person import Person
from tests.support.planes import ANOTHER_PLANE
from tests.support.remembered import PASSWORD, Computer
from tests.support.traces import marker

MARKER = marker("the-keychain")

Made = tuple[SystemKeychain, GnomeKeyring]


@pytest.fixture
def made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Made]:
    with gnome_keyring(folder) as daemon:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.bus)
        yield SystemKeychain(seconds=0.5), daemon
        gc.collect()  # a connection that was not closed would be told now


def threads() -> list[threading.Thread]:
    return [it for it in threading.enumerate() if it.name == "keychain"]


class TestSystemKeychain(KeychainContract):
    """What every keychain does, by a real one."""


async def test_the_window_lives_on_while_the_keychain_hangs(qloop: object, made: Made) -> None:
    keychain, daemon = made
    daemon.hang()
    asked = asyncio.create_task(keychain.get("entry"))
    rounds = 0
    while not asked.done():
        await asyncio.sleep(0)
        rounds += 1
    assert isinstance(asked.exception(), KeychainFailed)
    assert rounds > 100
    daemon.wake()


async def test_while_one_answer_is_overdue_nothing_else_is_asked(qloop: object, made: Made) -> None:
    keychain, daemon = made
    daemon.hang()
    for _ in range(5):
        with pytest.raises(KeychainFailed):
            await keychain.get("entry")
    assert len(threads()) == 1
    daemon.wake()
    await Person().until(lambda: not threads(), "the end of the thread")


def test_a_program_can_end_while_the_keychain_hangs(made: Made) -> None:
    _, daemon = made
    daemon.hang()
    code = (
        "import asyncio\n"
        "from autosky_desktop.system.connect.system_keychain import SystemKeychain\n"
        "print(asyncio.run(SystemKeychain().state()))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    daemon.wake()
    assert (ended.stdout, ended.stderr, ended.returncode) == ("broken\n", "", 0)


async def test_what_is_kept_too_late_is_deleted(qloop: object, made: Made) -> None:
    keychain, daemon = made
    await keychain.put("other", Secret("so that a session is there"))
    daemon.hang()
    with pytest.raises(KeychainFailed):
        await keychain.put("entry", Secret(MARKER))
    daemon.wake()
    await Person().until(lambda: not threads(), "the end of the thread")
    assert await keychain.get("entry") is None
    assert await keychain.get("other") is not None


async def test_a_wait_that_is_given_up_leaves_nothing(qloop: object, made: Made) -> None:
    _, daemon = made
    keychain = SystemKeychain(seconds=60)
    daemon.hang()
    asked = asyncio.create_task(keychain.put("entry", Secret(MARKER)))
    await Person().until(threads, "the thread")
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    daemon.wake()
    await Person().until(lambda: not threads(), "the end of the thread")
    assert await keychain.get("entry") is None


async def test_names_say_nothing_of_the_secret(
    qloop: object, made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    keychain, daemon = made
    caplog.set_level(0)
    await keychain.put("3f2a", Secret(MARKER))
    assert "label = Autosky Desktop 3f2a" in daemon.labels()
    assert MARKER not in daemon.labels()
    daemon.lock()
    with pytest.raises(KeychainFailed) as failed:
        await keychain.put("3f2a", Secret(MARKER))
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None
    assert MARKER not in caplog.text


async def test_one_that_has_yet_to_be_made_is_only_made_to_keep_something(
    qloop: object, made: Made
) -> None:
    keychain, daemon = made
    daemon.lose()
    assert await keychain.state() is KeychainState.LOCKED
    assert await keychain.get("entry") is None
    await keychain.delete("entry")
    with pytest.raises(KeychainFailed) as failed:
        await keychain.put("entry", Secret(MARKER))
    assert failed.value.state is KeychainState.LOCKED


@pytest.mark.parametrize("address", ["", "unix:path=/nowhere/bus", "nonsense"])
async def test_without_a_session_there_is_none(
    qloop: object, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    assert await SystemKeychain().state() is KeychainState.NONE


async def test_a_bus_that_nobody_names_is_looked_for_where_it_usually_is(
    qloop: object, made: Made, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keychain, daemon = made
    address = daemon.bus.partition(",")[0].removeprefix("unix:path=")
    (folder / "bus").symlink_to(address)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    assert await keychain.state() is KeychainState.READY


async def test_of_entries_that_another_program_made_alike_none_is_left(
    qloop: object, made: Made
) -> None:
    keychain, daemon = made
    await keychain.put("entry", Secret("ours"))
    with closing(secretstorage.dbus_init()) as bus:
        chain = secretstorage.get_default_collection(bus)
        alike = {"application": "autosky-desktop", "entry": "entry", "more": "of theirs"}
        chain.create_item("theirs", alike, b"theirs")
    await keychain.delete("entry")
    assert await keychain.get("entry") is None
    assert "theirs" not in daemon.labels()


async def test_a_password_from_before_control_planes_had_ids_is_there_for_one_and_no_other(
    qloop: object, made: Made, tmp_path: Path
) -> None:
    keychain, _ = made
    computer = Computer(tmp_path, tmp_path / "settings")
    computer.remembers()
    await keychain.put(PASSWORD.id, Secret(MARKER))
    for _ in range(2):
        started = computer.starts(computer.data("usual"))
        credentials = Credentials(keychain, started.planes.folder)
        found = credentials.find(server=PASSWORD.subject.id, environment="erp")
        assert found
        secret = await credentials.secret(found)
        assert secret
        assert secret.reveal().decode() == MARKER
    other = computer.starts(computer.data("other"), ANOTHER_PLANE)
    theirs = Credentials(keychain, other.planes.folder)
    assert theirs.find(server=PASSWORD.subject.id, environment="erp") is None
