"""The commands about API tokens, at a real control plane of a team."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.console.conftest import Computer
from tests.support.control_plane import running_control_plane
from tests.support.signing_in import ANA, ELSEWHERE, PASSWORD, Team, team


@pytest.fixture
def plane(tmp_path) -> Iterator[Team]:
    with team(tmp_path / "team") as plane:
        yield plane


@pytest.fixture
def signed_in(computer: Computer, plane: Team, at_a_terminal: Callable[..., None]) -> Computer:
    plane.signed_up()
    at_a_terminal(ANA, PASSWORD)
    assert computer("plane", "add", "Skyone", plane.running.url).code == 0
    assert computer("plane", "use", "Skyone").code == 0
    return computer


def test_a_token_is_made_used_listed_and_revoked(signed_in, plane):
    made = signed_in("token", "create", "Nightly report", "--days", "30")
    assert made.code == 0
    token = made.out.removesuffix("\n")
    assert plane.knows(token)
    assert made.beside.startswith("This token is not shown again. Its id is ")
    (listed,) = signed_in("token", "list", "--json").json[0]
    assert listed["id"] in made.beside
    assert (listed["description"], listed["role"]) == ("Nightly report", "viewer")
    row = signed_in("token", "list").out.splitlines()[1]
    assert row.startswith(f"{listed['id']}  Nightly report  viewer")
    assert row.split()[-2:] == ["Any", "All"]
    assert token not in signed_in("token", "list").out
    assert "payroll" in signed_in.environments(*signed_in.token(token))
    assert signed_in("token", "revoke", listed["id"]).code == 0
    assert not plane.knows(token)
    assert signed_in("token", "list").out == ""


def test_a_token_is_held_to_what_was_said(signed_in, plane):
    options = ("--role", "operator", "--address", "127.0.0.0/29", "--environment", "payroll")
    made = signed_in("token", "create", "Nightly", "--days", "1", *options, "--json").json[0]
    about = made["made"]
    assert (about["role"], about["addresses"]) == ("operator", ["127.0.0.0/29"])
    assert about["environments"] == ["payroll"]
    assert plane.knows(made["token"])
    assert not plane.knows(made["token"], place=ELSEWHERE)
    assert signed_in.environments(*signed_in.token(made["token"])) == {"payroll"}
    row = signed_in("token", "list").out.splitlines()[1]
    assert "operator" in row
    assert "127.0.0.0/29" in row
    plane.clock.now += timedelta(hours=25)
    assert not plane.knows(made["token"])


def test_what_is_refused_is_said(signed_in):
    made = signed_in("token", "create", "Nightly", "--role", "manager").out.strip()
    for command, code, said in (
        (("create", "x", "--address", "nowhere"), 2, "“nowhere” is no address and no network."),
        (("create", " "), 2, "Say in up to 200 letters what the token is for."),
        (("create", "x" * 201), 2, "Say in up to 200 letters what the token is for."),
        (("create", "x", "--environment", "nowhere"), 2, "There is no environment “nowhere”."),
        (("create", "x", "--days", "0"), 2, "--days"),
        (("revoke", "nothing"), 1, "There is no token nothing of yours."),
        (("create", "x", *signed_in.token(made)), 1, "A token is made and revoked by somebody who"),
    ):
        written = signed_in("token", *command)
        assert (written.code, written.out) == (code, ""), command
        assert said in written.beside


def test_where_people_do_not_sign_in_there_are_no_tokens(computer, tmp_path):
    with running_control_plane(tmp_path / "alone") as running:
        computer.add("Skyone", running.url)
        for command in (("list",), ("create", "Nightly")):
            written = computer("token", *command, "--plane", "Skyone")
            assert written.code == 1
            assert "This control plane has one token for all." in written.beside
