"""Signing in to a real control plane of a team, and what its commands do from then on."""

from collections.abc import Callable, Iterator

import msgspec
import pytest

from autosky_desktop.domain.sign_in import SignInTokens
from autosky_desktop.system import folders
from autosky_desktop.system.joined_planes import FILE
from tests.console.conftest import Computer
from tests.support.control_plane import TOKEN, running_control_plane
from tests.support.keyring_in_memory import InMemory
from tests.support.signing_in import ANA, PASSWORD, Team, team

ENDED = "You are not signed in to Skyone. Sign in with: autosky sign-in --plane Skyone"


@pytest.fixture
def plane(tmp_path) -> Iterator[Team]:
    with team(tmp_path / "team") as plane:
        yield plane


@pytest.fixture
def signed_in(computer: Computer, plane: Team, at_a_terminal: Callable[..., None]) -> SignInTokens:
    """Join the control plane as Ana, and return the tokens of that."""
    plane.signed_up()
    at_a_terminal(ANA, PASSWORD)
    written = computer("plane", "add", "Skyone", plane.running.url)
    assert written.out == "Joined Test as Ana. Commands speak to it with --plane Skyone.\n"
    return kept()


def kept() -> SignInTokens:
    """Return what the keychain has, which is one sign-in."""
    (secret,) = InMemory.kept.values()
    return msgspec.json.decode(secret, type=SignInTokens)


def says_that_it_ended(computer: Computer) -> None:
    for command in (("environments",), ("environment", "show")):
        written = computer(command[0], "--plane", "Skyone", *command[1:])
        assert (written.code, written.out) == (1, "")
        assert written.beside.endswith(f": {ENDED}\n")


def test_commands_use_the_sign_in_and_renew_it(computer, plane, signed_in):
    assert "payroll" in computer.environments("--plane", "Skyone")
    assert kept() == signed_in  # good still
    assert PASSWORD not in str(InMemory.kept)
    assert signed_in.refresh_token not in (folders.settings() / FILE).read_text()
    before = signed_in
    for _ in range(2):
        plane.clock.goes_on(minutes=16)
        assert "payroll" in computer.environments("--plane", "Skyone")
        after = kept()
        assert after.session == signed_in.session
        assert after.refresh_token != before.refresh_token
        assert not plane.knows(before.access_token)
        before = after
    plane.clock.goes_on(minutes=16)
    assert computer("environment", "--plane", "Skyone", "show").code == 0
    assert kept().refresh_token != before.refresh_token


def test_a_sign_in_that_has_ended_is_said_and_another_one_begun(
    computer, plane, signed_in, at_a_terminal
):
    with plane.caller(signed_in.access_token) as ana:
        assert ana.delete("me/sessions").status_code == 204
    says_that_it_ended(computer)
    at_a_terminal(PASSWORD)
    again = computer("sign-in", "--plane", "skyone", "--email", ANA)
    assert (again.code, again.out) == (0, "Signed in to Test as Ana.\n")
    assert kept().session != signed_in.session
    assert "payroll" in computer.environments("--plane", "Skyone")


def test_whoever_signs_out_is_signed_out_there_and_here(computer, plane, signed_in):
    other = plane.tokens()
    plane.clock.goes_on(minutes=16)
    assert computer("plane", "use", "Skyone").code == 0
    written = computer("sign-out")
    assert (written.code, written.out, written.beside) == (0, "", "")
    assert not InMemory.kept
    assert plane.refreshed(signed_in.refresh_token).status_code == 401
    assert plane.refreshed(other["refreshToken"]).status_code == 200
    says_that_it_ended(computer)
    assert computer("sign-out").code == 0


def test_signing_out_everywhere_ends_the_sign_ins_of_other_computers(computer, plane, signed_in):
    other = plane.tokens()
    assert computer("sign-out", "--everywhere", "--plane", "Skyone").code == 0
    assert plane.refreshed(other["refreshToken"]).status_code == 401
    assert not InMemory.kept


def test_a_code_is_asked_for_until_it_is_right(computer, plane, at_a_terminal):
    tokens = plane.signed_up()
    _, codes = plane.enrolled(tokens["accessToken"])
    at_a_terminal(ANA, PASSWORD, "000000", "1" * 200, codes[0])
    written = computer("plane", "add", "Skyone", plane.running.url)
    assert written.code == 0
    assert written.beside.count("The code is wrong, or was used before.") == 2
    assert "payroll" in computer.environments("--plane", "Skyone")


def test_a_sign_in_takes_the_place_of_a_token(computer, plane, at_a_terminal):
    plane.signed_up()
    computer.add("Skyone", plane.running.url)
    assert list(InMemory.kept.values()) == [TOKEN]
    at_a_terminal(ANA, PASSWORD)
    assert computer("sign-in", "--plane", "Skyone").code == 0
    assert plane.knows(kept().access_token)
    assert "payroll" in computer.environments("--plane", "Skyone")
    with_token = computer("environments", "--plane", "Skyone", *computer.token("no"))
    assert "does not accept the sign-in" in with_token.beside


def test_without_a_keychain_nobody_is_signed_in(computer, plane, at_a_terminal, monkeypatch):
    plane.signed_up()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    at_a_terminal(ANA, PASSWORD)
    written = computer("plane", "add", "Skyone", plane.running.url)
    assert (written.code, written.out) == (1, "")
    assert "A sign-in is kept in the keychain and nowhere else" in written.beside
    assert computer.listed() == {"this-computer": True}


def test_nothing_is_kept_of_whoever_is_refused(computer, plane, at_a_terminal):
    plane.signed_up()
    at_a_terminal(ANA, "Wrong-one-1")
    written = computer("plane", "add", "Skyone", plane.running.url)
    assert written.code == 1
    assert "The email address or the password is wrong." in written.beside
    at_a_terminal("ana", PASSWORD)
    written = computer("plane", "add", "Skyone", plane.running.url)
    assert (written.code, "“ana” is no email address." in written.beside) == (2, True)
    at_a_terminal(ANA, PASSWORD * 30)
    written = computer("plane", "add", "Skyone", plane.running.url)
    assert "The email address or the password is wrong." in written.beside
    assert computer.listed() == {"this-computer": True}
    assert not InMemory.kept


def test_nobody_is_signed_in_where_another_control_plane_answers(
    computer, plane, signed_in, at_a_terminal
):
    file = folders.settings() / FILE
    file.write_text(file.read_text().replace(msgspec.json.decode(file.read_bytes())[0]["id"], "x"))
    at_a_terminal(ANA, PASSWORD)
    written = computer("sign-in", "--plane", "Skyone")
    assert written.code == 1
    assert "Another control plane answers there than the one you joined" in written.beside
    assert kept() == signed_in
    with plane.caller(signed_in.access_token) as ana:  # by invitation, and this one
        assert len(ana.get("me/sessions").json()["sessions"]) == 2


def test_what_is_wrong_in_a_command_is_said(computer, plane):
    computer.add("Skyone", plane.running.url)
    for command, said in (
        (("sign-in",), "Nobody signs in to the control plane of this computer."),
        (("sign-out", "--plane", "this-computer"), "Nobody signs in to the control plane of"),
        (("sign-in", "--plane", "nobody"), "There is no control plane “nobody”."),
        (("sign-in", "--plane", "Skyone"), "There is no terminal to ask for the password."),
        (("plane", "add", "x", plane.running.url), "There is no terminal to ask for the password."),
    ):
        written = computer(*command)
        assert written.code == 2, command
        assert said in written.beside
    written = computer("sign-out", "--plane", "Skyone")
    assert (written.code, written.beside) == (1, f"autosky: {ENDED}\n")


def test_where_people_do_not_sign_in_that_is_said(computer, tmp_path):
    with running_control_plane(tmp_path / "alone") as running:
        computer.add("Skyone", running.url)
        written = computer("sign-in", "--plane", "Skyone")
    assert written.code == 1
    assert "People do not sign in to Skyone: it is used with a token." in written.beside
