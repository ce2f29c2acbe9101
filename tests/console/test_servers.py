"""The console's commands about environments, servers, shutdowns and sessions."""

import pytest

from autosky_desktop import cli
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.providers.simulated.faults import NO_CAPACITY


def test_the_environments_are_listed_as_the_window_lists_them(console):
    written = console("environments")
    assert written.code == 0
    rows = written.out.splitlines()
    assert rows[0].split()[:3] == ["Id", "Name", "Label"]
    assert any(row.startswith("payroll ") and "Production" in row for row in rows)
    ids = {it["id"] for it in console("environments", "--json").json[0]}
    assert "erp-staging" in ids


def test_an_environment_that_cannot_be_read_says_why_and_what_to_do(console):
    console.running.break_cloud(Faults(busy_every=1))
    for _look in range(200):
        written = console("environments")
        if written.beside:
            break
    assert any("Not reachable" in row for row in written.out.splitlines())
    assert "cannot be read now. " in written.beside
    assert "It is asked again by itself, ever more slowly." in written.beside


def test_servers_are_found_by_the_name_of_their_environment(console):
    written = console("servers", "ERP staging")
    assert written.code == 0
    assert "PREP-ERP-STG-01" in written.out
    states = {it["name"]: it["status"] for it in console("servers", "payroll", "--json").json[0]}
    assert states["PREP-PAYROLL-01"] == "stopped"


def test_what_is_not_there_is_said(console):
    written = console("servers", "nothing")
    assert written.code == 2
    assert "There is no environment “nothing”." in written.beside
    assert "There is no server “nobody”." in console("start", "nobody").beside
    assert console("fly").code == 2


def test_a_server_is_started_and_waited_for_and_stopped(console):
    written = console("start", "prep-payroll-01", "--hours", "3", "--wait")
    assert (written.code, written.out) == (0, "PREP-PAYROLL-01: Running.\n")
    again = console("start", "PREP-PAYROLL-01")
    assert again.code == 1
    assert "PREP-PAYROLL-01: Already running." in again.beside
    stopped = console("stop", "PREP-PAYROLL-01", "--wait", "--yes", "--json")
    assert stopped.json[0]["status"] == "stopped"


def test_what_the_cloud_refuses_ends_with_1_and_its_words(console):
    console.running.break_cloud(Faults(start_refused=NO_CAPACITY))
    written = console("start", "prep-payroll-01", "--wait")
    assert written.code == 1
    assert "32 vCPUs" in written.beside


def test_nothing_that_hurts_is_done_where_nobody_can_be_asked(console):
    written = console("stop", "web-payroll-01")
    assert written.code == 2
    assert "Add --yes" in written.beside
    assert "WEB-PAYROLL-01" in written.beside
    states = {it["id"]: it["status"] for it in console("servers", "payroll", "--json").json[0]}
    assert states["web-payroll-01"] == "running"


@pytest.mark.parametrize(("typed", "code"), [("Payroll", 0), ("payroll", 1), ("", 1)])
def test_in_production_the_name_is_typed_before_people_lose_their_sessions(
    console, at_a_terminal, typed, code
):
    at_a_terminal(typed)
    written = console("restart", "web-payroll-01")
    assert written.code == code, written.beside
    assert ("Nothing was done." in written.beside) is bool(code)


def test_a_shutdown_is_shown_extended_skipped_and_cancelled(console):
    console("start", "prep-payroll-01", "--hours", "2", "--wait")
    before = console("shutdown", "payroll", "--json").json[0]["at"]
    assert "PREP-PAYROLL-01 runs until" in console("shutdown", "payroll").out
    assert console("shutdown", "payroll", "--until", "1h").code == 0
    after = console("shutdown", "prep-payroll-01", "--json").json[0]["at"]
    assert after > before
    cancelled = console("shutdown", "payroll", "--cancel")
    assert cancelled.out == "PREP-PAYROLL-01 runs until somebody stops it.\n"
    assert console("shutdown", "payroll", "--json").json == [None]
    assert "No shutdown is scheduled." in console("shutdown", "payroll", "--cancel").beside
    assert console("shutdown", "payroll", "--until", "30m").code == 0
    assert console("shutdown", "payroll", "--json").json[0]["reason"] == "moved"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--until", "25:00"), "“25:00” is no time"),
        (("--until", "2020-01-01 10:00"), "has passed"),
        (("--until", "1h", "--cancel"), "Give one of"),
        (("--until", "9999-12-31 23:59"), "is no time"),
    ],
)
def test_a_shutdown_that_cannot_be_is_refused(console, arguments, said):
    console("start", "prep-payroll-01", "--wait")
    written = console("shutdown", "payroll", *arguments)
    assert (written.code, said in written.beside) == (2, True), written.beside


def test_a_shutdown_is_moved_no_further_than_allowed_and_that_is_said(console):
    console("start", "prep-payroll-01", "--wait")
    written = console("shutdown", "payroll", "--until", "2099-12-31 23:59")
    assert "as the control plane limits it" in written.beside


def test_sessions_are_listed_and_ended_by_account(console):
    every = console("sessions", "payroll", "--json").json[0]
    account = every[0]["account"]
    ended = console("sessions", "payroll", "--end", account.upper(), "--yes", "--json")
    assert ended.code == 0
    assert ended.json[0]["ended"] == [it["id"] for it in every if it["account"] == account]
    left = {it["account"] for it in console("sessions", "payroll", "--json").json[0]}
    assert account not in left
    missing = console("sessions", "payroll", "--end", account, "--yes")
    assert (missing.code, f"{account} is not signed in." in missing.beside) == (1, True)


def test_a_token_that_is_wrong_and_a_plane_that_is_gone_are_sentences(console, tmp_path, capsys):
    wrong = tmp_path / "wrong"
    wrong.write_text("another-one")
    wrong.chmod(0o600)
    token = ("--token-file", str(wrong))
    for url in (console.running.url, "http://127.0.0.1:9"):
        assert cli.main(["environments", "--url", url, *token]) == 1
        assert capsys.readouterr().err.startswith("autosky: The control plane ")
