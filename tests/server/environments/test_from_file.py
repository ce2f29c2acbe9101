"""A file of environments is followed while it is edited."""

import asyncio
import os
from pathlib import Path

import pytest

from autosky_desktop.server.db.clock import now
from autosky_desktop.server.environments import from_file
from autosky_desktop.server.environments.from_file import EnvironmentsFile
from tests.support.control_plane import running_control_plane
from tests.support.plugins import Acme
from tests.support.waiting import eventually

SHOP = '[shop]\nname = "Shop"\nprovider = "acme"\n[shop.settings]\nhost = "h"\n'
BANK = '[bank]\nname = "Bank"\nprovider = "acme"\nrun_hours = 5\n[bank.settings]\nhost = "b"\n'


@pytest.fixture
def running(tmp_path):
    with running_control_plane(tmp_path / "data", plugins=[Acme()]) as running:
        yield running


@pytest.fixture
def take(running):
    """Takes the file as it then stands."""
    commands = running.plane.environment_commands
    follower = EnvironmentsFile(Path("team.toml"), running.plane.engine, commands, now)
    return lambda text: running.run(follower.take(text.encode()))


def names(running) -> dict[str, str]:
    with running.client() as client:
        return {it["id"]: it["name"] for it in client.get("environments").json()["environments"]}


def test_what_stands_in_it_is_added_changed_and_removed(running, take):
    demo = names(running)
    take(SHOP + BANK)
    assert names(running) == demo | {"shop": "Shop", "bank": "Bank"}
    take(SHOP.replace('"Shop"', '"My shop"'))
    assert names(running) == demo | {"shop": "My shop"}
    take(SHOP + BANK)
    assert names(running) == demo | {"shop": "Shop", "bank": "Bank"}
    with running.client() as client:
        entries = client.get("environments/bank/activity").json()["entries"]
    assert [(it["kind"], it["by"]) for it in entries] == [
        ("add-environment", "team.toml"),
        ("remove-environment", "team.toml"),
        ("add-environment", "team.toml"),
    ]


def test_taking_it_again_changes_nothing(running, take):
    take(SHOP)
    with running.client() as client:
        before = client.get("environments/shop/activity").json()
        take(SHOP)
        assert client.get("environments/shop/activity").json() == before


def test_what_others_added_anew_is_theirs(running, take):
    take(SHOP)
    take("")
    with running.client() as client:
        theirs = {"id": "shop", "name": "Mine", "provider": "acme", "values": {"host": "m"}}
        client.post("environments", json=theirs, headers={"Idempotency-Key": "a"})
    take("")
    assert names(running)["shop"] == "Mine"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('[bad]\nname = "Bad"\nprovider = "unheard-of"\n', "bad: "),
        ('[bad]\nname = "Bad"\nprovider = "acme"\n', "bad: “Host” is needed."),
        ('[bad]\nname = "Bad"\nprovider = "acme"\ncolour = "red"\n', "bad: Nothing is known of"),
        ("bad = 3\n", "bad: “bad” is no table."),
        ('["bad\\u001b[2J\\n"]\nname = 3\n', "bad\ufffd[2J\ufffd: Expected"),
        ('[payroll]\nname = "Mine"\nprovider = "acme"\nsettings = {host = "h"}\n', "“payroll”"),
    ],
)
def test_a_bad_entry_costs_itself_and_is_said_once(running, take, capfd, entry, said):
    for _ in range(2):
        take(entry + SHOP)
    assert names(running)["shop"] == "Shop"
    assert names(running)["payroll"] == "Payroll"
    assert capfd.readouterr().err.count(said) == 1


def test_a_file_that_cannot_be_read_removes_nothing(running, take, capfd):
    take(SHOP)
    take("[shop\n")
    assert "team.toml cannot be read" in capfd.readouterr().err
    assert "shop" in names(running)


def test_a_byte_order_mark_is_no_mistake(running, take):
    take("\ufeff" + SHOP)
    assert "shop" in names(running)


def test_brackets_without_end_are_told(take, capfd):
    take("a = " + "[" * 5000)
    assert "team.toml cannot be read" in capfd.readouterr().err


def test_what_an_editor_wrote_by_half_removes_nothing(running, tmp_path):
    file = tmp_path / "team.toml"
    commands = running.plane.environment_commands
    follower = EnvironmentsFile(file, running.plane.engine, commands, now)
    file.write_text(SHOP + BANK)
    for text in (SHOP + BANK, SHOP, "", SHOP + BANK):
        file.write_text(text)
        running.run(follower.look())
    running.run(follower.look())
    with running.client() as client:
        entries = client.get("environments/bank/activity").json()["entries"]
    assert [it["kind"] for it in entries] == ["add-environment"]


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "huge"])
def test_what_is_no_file_to_follow_is_told(running, tmp_path, capfd, kind):
    file = tmp_path / "team.toml"
    if kind == "a folder":
        file.mkdir()
    elif kind == "a pipe":
        os.mkfifo(file)
    else:
        with file.open("wb") as written:
            written.truncate(from_file.MOST_BYTES + 1)
    commands = running.plane.environment_commands
    follower = EnvironmentsFile(file, running.plane.engine, commands, now)
    for _ in range(2):
        running.run(follower.look())
    assert capfd.readouterr().err.count("team.toml cannot be opened: it is") == 1


def test_the_file_is_looked_at_again_and_again(running, tmp_path, monkeypatch):
    monkeypatch.setattr(from_file, "LOOK_SECONDS", 0.01)
    file = tmp_path / "team.toml"
    commands = running.plane.environment_commands
    follower = EnvironmentsFile(file, running.plane.engine, commands, now)
    following = asyncio.run_coroutine_threadsafe(follower.run(), running.loop)
    file.write_text(SHOP)
    eventually(lambda: "shop" in names(running))
    file.write_text(BANK)
    eventually(lambda: "bank" in names(running) and "shop" not in names(running))
    following.cancel()
