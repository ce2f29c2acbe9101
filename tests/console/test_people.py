"""The commands about people, spoken to a control plane at which they sign in."""

import sys

import pytest

from autosky_desktop import cli
from tests.console.conftest import Written
from tests.support.control_plane import TOKEN
from tests.support.signing_in import ANA, BEA, PASSWORD, Team, team


class People:
    """The commands, with the token of the control plane or of somebody who has signed in."""

    def __init__(self, plane: Team, tmp_path, capsys) -> None:
        self.plane, self._folder, self._capsys = plane, tmp_path, capsys

    def __call__(self, *arguments: str, token: str = TOKEN) -> Written:
        file = self._folder / "token"
        file.write_text(token)
        file.chmod(0o600)
        reach = ("--url", self.plane.running.url, "--token-file", str(file))
        return self.run(*arguments, *reach)

    def run(self, *arguments: str) -> Written:
        code = cli.main(("user", *arguments))
        out, beside = self._capsys.readouterr()
        return Written(code, out, beside)

    def signed_up(self, *arguments: str) -> str:
        """Add somebody, and return the access token of their first sign-in."""
        added = self("add", *arguments, "--json")
        assert added.code == 0, added.beside
        ticket = added.json[0]["invitation"]["ticket"]
        answer = self.plane.post("sign-in/invitation", ticket=ticket, password=PASSWORD)
        token: str = answer.json()["tokens"]["accessToken"]
        return token

    def role_in(self, environment: str, name: str) -> str | None:
        listed = self("list", "--environment", environment, "--json").json[0]
        return next((it["role"] for it in listed if it["name"] == name), None)


@pytest.fixture
def user(tmp_path, capsys):
    with team(tmp_path / "data") as plane:
        yield People(plane, tmp_path, capsys)


@pytest.fixture
def typed(monkeypatch):
    """Has the next answers typed unseen, as at a terminal."""

    def answer(*lines: str) -> None:
        left = iter(lines)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _prompt: next(left))
        monkeypatch.setattr("click.termui.visible_prompt_func", lambda _prompt: next(left))

    return answer


def test_the_first_administrator_adds_the_others(user):
    ana = user.signed_up(ANA, "--name", "Ana", "--role", "manager", "--everywhere")
    added = user("add", BEA, "--name", "Bea", "--role", "operator", "--environment", "Payroll",
                 "--environment", "erp-staging", "--group", "night", token=ana)  # fmt: skip
    told = added.out.splitlines()
    assert (added.code, told[:3]) == (
        0,
        [
            "Bea was added.",
            "Bea has the role of operator in Payroll now.",
            "Bea has the role of operator in ERP Staging now.",
        ],
    )
    assert "This invitation for Bea is good until" in added.beside
    answer = user.plane.post("sign-in/invitation", ticket=told[3], password=PASSWORD)
    with user.plane.caller(answer.json()["tokens"]["accessToken"]) as bea:
        me = bea.get("me").json()
    assert (me.get("everywhere"), me["roles"]) == (
        None, {"payroll": "operator", "erp-staging": "operator"},
    )  # fmt: skip
    listed = user("list", token=ana)
    assert [line.split() for line in listed.out.splitlines()] == [
        ["Name", "Email", "Role", "everywhere", "Groups", "May", "sign", "in"],
        ["Ana", ANA, "manager", "Yes"],
        ["Bea", BEA, "night", "Yes"],
    ]
    assert [it["role"] for it in user("list", "--json").json[0]] == ["manager", None]


def test_a_role_is_given_changed_and_taken(user):
    user.signed_up(ANA, "--name", "Ana")
    given = user("role", ANA, "viewer", "--environment", "Payroll", "--everywhere")
    assert (given.code, given.out.splitlines()) == (
        0,
        [
            f"{ANA} has the role of viewer in all environments now.",
            f"{ANA} has the role of viewer in Payroll now.",
        ],
    )
    assert user("role", ANA, "none", "--everywhere").out == (
        f"{ANA} no longer has a role in all environments.\n"
    )
    assert user.role_in("erp-staging", "Ana") is None
    assert user("role", ANA, "operator", "--environment", "payroll").code == 0
    assert user.role_in("payroll", "Ana") == "operator"
    taken = user("role", ANA, "none", "--environment", "payroll")
    assert taken.out == f"{ANA} no longer has a role of their own in Payroll.\n"
    assert user.role_in("payroll", "Ana") is None


@pytest.mark.parametrize("name", ["night ", "", "ni\nght"])
def test_what_looks_like_another_group_is_told_to_be_none(user, name):
    refused = user("add", ANA, "--group", name)
    assert (refused.code, "is no name of a group" in refused.beside) == (2, True)
    user.signed_up(ANA, "--name", "Ana")
    assert user("groups", ANA, "--in", name).code == 2
    assert user("role", name, "viewer", "--everywhere", "--group").code == 2


def test_a_group_has_roles_and_people_come_and_go(user):
    user.signed_up(ANA, "--name", "Ana", "--group", "night")
    assert user("role", "ops", "manager", "--everywhere", "--group").code == 0
    assert user("groups", ANA).out == "Ana is in: night.\n"
    assert user("groups", ANA, "--in", "ops", "--out", "night").out == "Ana is in: ops.\n"
    assert [it["role"] for it in user("list", "--json").json[0]] == ["manager"]
    held = user("list", "--environment", "payroll").out.splitlines()
    assert held[1].split() == ["Group", "ops", "manager", "everywhere"]
    refused = user("groups", ANA, "--out", "night")
    assert (refused.code, "Ana is not in the group night." in refused.beside) == (2, True)
    refused = user("groups", ANA, "--out", "ops")
    assert refused.code == 1
    assert "Somebody has to remain who is a manager everywhere." in refused.beside


def test_who_is_removed_cannot_do_anything_any_more(user, typed):
    user.signed_up(ANA, "--name", "Ana", "--role", "manager", "--everywhere")
    bea = user.signed_up(BEA, "--name", "Bea")
    asked = user("remove", BEA)
    assert (asked.code, "Add --yes" in asked.beside) == (2, True)
    typed("n")
    kept = user("remove", BEA)
    assert (kept.code, "Remove Bea (bea@erp.example)?" in kept.beside) == (1, True)
    assert user.plane.knows(bea)
    assert user("remove", BEA.upper(), "--yes").out == "Bea was removed.\n"
    assert not user.plane.knows(bea)
    assert [it["name"] for it in user("list", "--json").json[0]] == ["Ana"]
    last = user("remove", ANA, "--yes")
    assert (last.code, "Somebody has to remain" in last.beside) == (1, True)


def test_the_person_who_is_invited_chooses_a_password(user, typed):
    assert user("add", ANA, "--no-invitation").out == f"{ANA} was added.\n"
    made = user("invite", ANA)
    ticket = made.out.strip()
    typed(ticket, "short", "short", PASSWORD, PASSWORD)
    accepted = user.run("accept", user.plane.running.url)
    assert (accepted.code, "The password is chosen." in accepted.out) == (0, True)
    assert "Choose another password: 8 to 32 characters" in accepted.beside
    with user.plane.caller(user.plane.tokens()["accessToken"]) as ana:
        assert len(ana.get("me/sessions").json()["sessions"]) == 1
    typed(ticket, PASSWORD, PASSWORD)
    again = user.run("accept", user.plane.running.url)
    assert (again.code, "was used already" in again.beside) == (1, True)


def test_who_lost_the_authenticator_too_is_invited_without_a_code(user):
    ana = user.signed_up(ANA)
    user.plane.enrolled(ana)
    for more, wants_code in ((), True), (("--without-code",), False):
        ticket = user("invite", ANA, *more).out.strip()
        answer = user.plane.post("sign-in/invitation", ticket=ticket, password=PASSWORD)
        assert (answer.json().get("tokens") is None) is wants_code


def test_what_a_person_may_not_do_is_refused(user):
    user.signed_up(ANA, "--name", "Ana", "--role", "manager", "--everywhere")
    bea = user.signed_up(BEA, "--role", "manager", "--environment", "payroll")
    for command in (
        ("list",), ("add", "rui@erp.example"), ("invite", ANA), ("remove", ANA, "--yes"),
        ("role", BEA, "manager", "--everywhere"),
    ):  # fmt: skip
        refused = user(*command, token=bea)
        assert refused.code == 1, command
        assert "That takes the role of manager." in refused.beside
        assert "Ask Ana for it." in refused.beside
    assert user("role", ANA, "viewer", "--environment", "payroll", token=bea).code == 0
    assert user.role_in("payroll", "Ana") == "manager"  # everywhere is the wider one


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (("add", "nobody"), 2, "“nobody” is no email address."),
        (("add", BEA, "--role", "viewer"), 2, "Say where: with --environment, or"),
        (("add", BEA, "--everywhere"), 2, "Say with --role which role they get there."),
        (("add", BEA, "--role", "viewer", "--environment", "x"), 2, "no environment “x”"),
        (("add", ANA.upper()), 1, "has the email address ANA@ERP.EXAMPLE already."),
        (("role", ANA, "viewer"), 2, "Say where"),
        (("role", BEA, "viewer", "--everywhere"), 1, "Nobody here has that email address."),
        (("invite", BEA), 2, f"Nobody here has the email address {BEA}."),
        (("remove", BEA, "--yes"), 2, f"Nobody here has the email address {BEA}."),
    ],
)
def test_what_cannot_be_is_said_and_nobody_is_added(user, command, code, said):
    user.signed_up(ANA)
    written = user(*command)
    assert (written.code, said in written.beside) == (code, True), written.beside
    assert [it["email"] for it in user("list", "--json").json[0]] == [ANA]


def test_where_people_do_not_sign_in_nobody_is_added(console, typed):
    for command in ("list",), ("add", ANA):
        refused = console("user", *command)
        assert refused.code == 1
        assert "People do not sign in to this control plane." in refused.beside
    with console.running.client() as client:
        assert client.get("people").json()["persons"] == []


def test_an_invitation_is_accepted_at_a_terminal_and_at_an_address(user, typed, capsys):
    url = user.plane.running.url
    refused = user.run("accept", url)
    assert (refused.code, "terminal" in refused.beside) == (2, True)
    typed()
    assert "no address of a control plane" in user.run("accept", "ftp://x").beside
