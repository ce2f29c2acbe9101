"""Real control planes whose servers have the same ids: what is remembered of one is not the
other's, and what was remembered before there were ids is there after the first start.
"""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from msgspec.structs import replace
from PySide6.QtCore import Qt
from sqlalchemy import create_engine

from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.domain.secrets import Scope, Subject
from autosky_desktop.server.db.migrations import config
from autosky_desktop.server.db.storage import FILE
from autosky_desktop.system.connect.credentials import Credentials
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.trust import Trust
from autosky_desktop.system.plane_files import KeptReminders, OwedConnections
from tests.support.control_plane import running_control_plane
from tests.support.desktop import At, desktop_at
from tests.support.keychain import FakeKeychain
from tests.support.person import Person
from tests.support.remembered import OWED, PASSWORD, PIN, Computer, of_both

ROOT = Path(__file__).parents[2]
ERP, PREP = "erp-production", "prep-erp-prod-01"


async def sees_the_servers(me: Person) -> None:
    await me.sees("Server name: PREP-ERP-PROD-01")


async def test_two_that_know_a_server_of_the_same_id_share_no_pin_and_no_password(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    settings, keychain = tmp_path / "settings", FakeKeychain()
    one, another = tmp_path / "one", tmp_path / "another"
    with running_control_plane(one) as plane:
        async with desktop_at(At(plane.url, plane.token), settings=settings, data=one) as desktop:
            desktop.keychain = keychain  # type: ignore[assignment]
            await sees_the_servers(me)
            desktop.connections.trust.pin(replace(PIN, server=PREP))
            for scope, id_ in ((Scope.SERVER, PREP), (Scope.EVERYWHERE, ""), (Scope.SERVER, "x")):
                await desktop.credentials.remember("ana", scope, Subject(id_, id_), Secret("one's"))
            me.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
            assert desktop._preferences.settings.favourites == (ERP,)
    with running_control_plane(another) as plane:
        connector = At(plane.url, plane.token)
        async with desktop_at(connector, settings=settings, data=another) as desktop:
            desktop.keychain = keychain  # type: ignore[assignment]
            await sees_the_servers(me)
            assert desktop.connections.trust.known(PREP, Protocol.SSH) is None
            assert desktop.credentials.find(server=PREP, environment=ERP) is None
            assert desktop._preferences.settings.favourites == ()
    with running_control_plane(one) as plane:
        async with desktop_at(At(plane.url, plane.token), settings=settings, data=one) as desktop:
            desktop.keychain = keychain  # type: ignore[assignment]
            await sees_the_servers(me)
            assert desktop.connections.trust.known(PREP, Protocol.SSH)
            kept = desktop.credentials.find(server=PREP, environment=ERP)
            assert kept
            secret = await desktop.credentials.secret(kept)
            assert secret
            assert secret.reveal() == b"one's"


async def test_nothing_is_shown_of_another_one_that_answers_in_the_place_of_the_one_that_was_open(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    settings, data = tmp_path / "settings", tmp_path / "one"
    with running_control_plane(data) as plane:
        connector = At(plane.url, plane.token)
        window = desktop_at(connector, settings=settings, data=data)
        desktop = await window.__aenter__()
        await sees_the_servers(me)
        met = desktop._store.me
    try:
        await me.sees("Not connected since")
        with running_control_plane(tmp_path / "another") as plane:
            connector.url = plane.url
            desktop.follow.try_now()
            await me.sees("Another control plane answers than the one this window shows.")
            assert desktop._store.me == met
            assert desktop.follow.plane is None
            assert [it.name for it in (settings / "planes").iterdir()] == [identity_in(data)]
    finally:
        await window.__aexit__(None, None, None)


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    """One on which the program of before there were ids was used, with a data folder of its own."""
    made = Computer(tmp_path, settings=tmp_path / ".config" / "autosky-desktop")
    data = tmp_path / "data"
    with running_control_plane(data):
        pass
    engine = create_engine(f"sqlite:///{data / FILE}")
    with engine.begin() as connection:
        command.downgrade(config(connection), "0006")
    engine.dispose()
    made.remembers(beside=data)
    return made


def start(computer: Computer, *arguments: str) -> str:
    """Start the real program until it has shown the servers; returns what it said."""
    home = {"HOME": str(computer.folder), "XDG_RUNTIME_DIR": str(computer.folder)}
    ended = subprocess.run(
        [sys.executable, "-m", "autosky_desktop.cli", "desktop", "--smoke", *arguments],
        cwd=ROOT,
        env={"PATH": os.defpath, "QT_QPA_PLATFORM": "offscreen", **home},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return ended.stdout + ended.stderr


def identity_in(data: Path) -> str:
    with closing(sqlite3.connect(data / FILE)) as database:
        [(identity,)] = database.execute("select id from control_plane").fetchall()
    return str(identity)


def test_an_old_data_folder_is_opened_with_nothing_lost_and_only_once(computer: Computer) -> None:
    data = computer.folder / "data"
    assert "Shown: " in start(computer, "--data", str(data))
    folder = computer.settings / "planes" / identity_in(data)
    assert has_all(folder)
    common = json.loads((computer.settings / "settings.json").read_bytes())
    assert common["theme"] == of_both().theme
    assert "favourites" not in common
    marked = Trust(folder)
    marked.forget(PIN.server, PIN.protocol)
    assert "Shown: " in start(computer, "--data", str(data))
    assert marked.pins == []
    assert "Shown: " in start(computer, "--data", str(computer.folder / "another"))
    other = computer.settings / "planes" / identity_in(computer.folder / "another")
    assert Trust(other).pins == []
    assert Credentials(FakeKeychain(), other).entries == ()


def has_all(folder: Path) -> bool:
    """All files, whole, and what the settings knew of the control plane."""
    kept = json.loads((folder / "settings.json").read_bytes())
    return (
        Trust(folder).pins == [PIN]
        and Credentials(FakeKeychain(), folder).entries == (PASSWORD,)
        and [it.id for it in KeptReminders(lambda: folder).load().entries] == ["soon-prep"]
        and OwedConnections(folder).load() == [OWED]
        and (kept["favourites"], kept["last_accounts"]) == (["erp"], {"prep": "ana"})
    )
