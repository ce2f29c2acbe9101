"""The commands about the control planes of teams, with two of them that run."""

import json
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from autosky_desktop.system import folders
from autosky_desktop.system.joined_planes import FILE
from tests.support.control_plane import TOKEN, running_control_plane
from tests.support.keyring_in_memory import InMemory
from tests.support.serving import TOKEN as OTHER_TOKEN
from tests.support.serving import serving


@pytest.fixture
def team(tmp_path):
    with running_control_plane(tmp_path / "team") as running:
        yield running


@pytest.fixture
def other(tmp_path):
    with serving(tmp_path / "other", "--environments", "2", "--servers", "1") as client:
        yield str(client.base_url).removesuffix("/v1/")


def test_each_command_speaks_to_the_control_plane_that_it_names(computer, team, other):
    joined = computer.add("Skyone", team.url)
    assert (joined.code, joined.out) == (
        0, "Joined Test as ana. Commands speak to it with --plane Skyone.\n",
    )  # fmt: skip
    assert computer.add("the other", f"{other}/", OTHER_TOKEN).code == 0
    assert sorted(InMemory.kept.values()) == sorted([TOKEN, OTHER_TOKEN])
    assert TOKEN not in (folders.settings() / FILE).read_text()
    assert "payroll" in computer.environments("--plane", "skyone")
    assert computer.environments("--plane", "the other") == {"company-001", "company-002"}
    shown = computer("environment", "--plane", "the other", "show", "company-001")
    assert (shown.code, "company-001" in shown.out) == (0, True)


def test_the_used_one_is_spoken_to_by_itself_until_it_is_removed(computer, team, other):
    computer.add("Skyone", team.url)
    computer.add("other", other, OTHER_TOKEN)
    assert computer.listed() == {"this-computer": True, "Skyone": False, "other": False}
    assert computer("plane", "use", "OTHER").code == 0
    assert computer.listed() == {"this-computer": False, "Skyone": False, "other": True}
    assert computer.environments() == {"company-001", "company-002"}
    assert computer("plane", "rename", "other", "Other").code == 0
    assert computer("plane", "rename", "Other", "skyone").code == 2
    row = computer("plane", "list").out.splitlines()[-1].split()
    assert row == ["Other", other, "Yes"]
    assert computer("plane", "use", "this-computer").code == 0
    assert computer.listed()["this-computer"]
    computer("plane", "use", "other")
    assert computer("plane", "remove", "other").code == 0
    assert computer.listed() == {"this-computer": True, "Skyone": False}
    assert list(InMemory.kept.values()) == [TOKEN]


def test_nothing_is_kept_of_one_that_does_not_take_the_token(computer, team):
    refused = computer.add("Skyone", team.url, "another-token")
    assert (refused.code, refused.out) == (1, "")
    assert refused.beside.startswith("autosky: ")
    assert computer.listed() == {"this-computer": True}
    assert not InMemory.kept


def test_nothing_is_kept_of_a_page_that_is_no_control_plane(computer, tmp_path):
    (tmp_path / "v1").mkdir()
    (tmp_path / "v1" / "me").write_text("<title>Welcome</title>")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        answering = Thread(target=server.serve_forever)
        answering.start()
        written = computer.add("Skyone", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        answering.join()
    assert (written.code, written.out) == (1, "")
    assert "There is no control plane at http://127.0.0.1:" in written.beside
    assert computer.listed() == {"this-computer": True}
    assert not InMemory.kept


def test_nothing_is_done_on_another_control_plane_that_answers_in_its_place(computer, team):
    computer.add("Skyone", team.url)
    file = folders.settings() / FILE
    kept = json.loads(file.read_text())
    kept[0]["id"] = "5f0c0d4be1f94f0e9d3a6a6f9a7b2c11"
    file.write_text(json.dumps(kept))
    for command in (("environments",), ("environment", "show")):
        written = computer(command[0], "--plane", "Skyone", *command[1:])
        assert written.code == 1
        assert "Another control plane answers there than the one you joined" in written.beside
        assert written.out == ""


def test_without_a_keychain_the_token_is_asked_for_each_time(computer, team, monkeypatch):
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    joined = computer.add("Skyone", team.url)
    assert joined.code == 0
    assert "The token is not kept, so commands ask for it or take --token-file." in joined.beside
    assert "payroll" in computer.environments("--plane", "Skyone", *computer.token(TOKEN))
    assert computer("environments", "--plane", "Skyone", *computer.token("no")).code == 1
    monkeypatch.setattr("getpass.getpass", lambda _question: TOKEN)
    assert "payroll" in computer.environments("--plane", "Skyone")


def test_a_token_that_the_keychain_lost_is_said(computer, team):
    computer.add("Skyone", team.url)
    InMemory.kept.clear()
    name = ("--plane", "Skyone")
    for command in (("environments", *name), ("environment", *name, "show")):
        written = computer(*command)
        assert written.code == 1
        assert "The keychain no longer has the token." in written.beside


def test_what_is_wrong_in_a_command_is_said(computer, team, tmp_path):
    computer.add("Skyone", team.url)
    for command, said in (
        (("plane", "add", "SKYONE", team.url), "There is a control plane “SKYONE” already."),
        (("plane", "add", "this-computer", team.url), "“this-computer” cannot be its name."),
        (("plane", "add", "x", "http://cp.example.net"), "It begins with https://"),
        (("plane", "use", "nobody"), "There is no control plane “nobody”."),
        (("plane", "rename", "nobody", "x"), "There is no control plane “nobody”."),
        (("plane", "remove", "nobody"), "There is no control plane “nobody”."),
        (("environments", "--plane", "nobody"), "There is no control plane “nobody”."),
        (("environment", "--plane", "nobody", "show"), "There is no control plane “nobody”."),
        (("environments", "--plane", "Skyone", "--url", team.url), "Give one of"),
        (("environments", "--plane", "Skyone", "--data", str(tmp_path)), "Give one of"),
    ):
        written = computer(*command)
        assert written.code == 2, command
        assert said in written.beside
    assert computer.listed() == {"this-computer": True, "Skyone": False}


def test_a_damaged_list_lets_no_command_act_on_this_computer_instead(computer, team):
    computer.add("Skyone", team.url)
    computer("plane", "use", "Skyone")
    file = folders.settings() / FILE
    file.write_text("[{")
    written = computer("environments")
    assert (written.code, written.out) == (1, "")
    assert "The list of the control planes cannot be read, so nothing was done." in written.beside
    assert f"It is kept as {file.with_suffix('.damaged')}." in written.beside
