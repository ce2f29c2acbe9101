"""The `autosky environment` commands, against a control plane that runs."""

import subprocess
import sys
import tomllib

import httpx
import pytest

from autosky_desktop import cli
from autosky_desktop.domain.environment_settings import Leftover
from tests.support.control_plane import TOKEN, running_control_plane
from tests.support.plugins import Acme
from tests.support.waiting import eventually


@pytest.fixture
def console(tmp_path, capsys):
    """Runs a command; returns its exit code and what it wrote."""
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    acme = Acme()
    acme.leaves = [Leftover(kind="image", id="i-7", name="v76", why="Nothing runs it.")]
    with running_control_plane(tmp_path / "data", plugins=[acme]) as running:

        def run(*arguments: str) -> tuple[int, str]:
            reach = ["--url", running.url, "--token-file", str(token)]
            try:
                code = cli.main(["environment", *reach, *arguments])
            except SystemExit as ended:
                code = int(str(ended.code))
            written = capsys.readouterr()
            return code, written.out + written.err

        yield run


def test_the_providers_are_listed_with_their_options(console):
    code, said = console("providers")
    assert code == 0
    assert "acme  Acme\n    --host  Host (needed)\n" in said


def test_what_was_found_says_whose_it_is(console):
    assert (
        console("add", "--name", "Shop", "--provider", "acme", "--host", "h", "--machine", "m-1")[0]
        == 0
    )
    code, said = console("find", "--provider", "acme", "--host", "h")
    assert code == 0
    assert "m-1  Machine 1  belongs to Shop\nm-2  Machine 2\n" in said


def test_a_check_ends_with_1_when_something_does_not_work(console):
    wanted = ("check", "--provider", "acme", "--host", "h")
    assert console(*wanted)[0] == 0
    code, said = console(*wanted, "--trouble", "credentials")
    assert code == 1
    assert "failed  read      The token has expired.\n" in said
    assert "renew the credentials" in said


def test_an_environment_is_added_shown_changed_paused_and_removed(console):
    added = console(
        "add", "--name", "My Shop", "--provider", "acme", "--host", "h", "--run-hours", "6"
    )
    assert added == (0, "My Shop was added. Its id is my-shop.\n")
    assert console("edit", "my-shop", "--label", "staging", "--trouble", "hangs")[0] == 0
    code, said = console("show", "my-shop")
    assert code == 0
    shop = tomllib.loads(said)["my-shop"]
    assert (shop["name"], shop["label"], shop["run_hours"]) == ("My Shop", "staging", 6)
    assert shop["settings"] == {"host": "h", "trouble": "hangs"}
    assert console("edit", "my-shop", "--trouble", "")[0] == 0
    assert console("leftovers", "my-shop") == (0, "image   i-7  v76  Nothing runs it.\n")
    assert console("leftovers", "payroll") == (0, "")
    assert console("pause", "my-shop") == (0, "My Shop is paused.\n")
    assert console("resume", "my-shop")[0] == 0
    assert console("remove", "my-shop")[0] == 0
    assert "my-shop" not in console("show")[1]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "--name", "X", "--provider", "unheard-of"), 2, "no provider “unheard-of”"),
        (("add", "--name", "X", "--provider", "acme", "--colour", "red"), 2, "--colour"),
        (("add", "--name", "X", "--provider", "acme"), 1, "“Host” is needed."),
        (("add", "--name", "X", "--provider", "acme", "--host", "h", "--run-hours", "99"), 2, "24"),
        (
            ("add", "--name", "X", "--provider", "acme", "--host", "h", "--id", "payroll"),
            1,
            "“payroll”",
        ),
        (("remove", "nothing"), 1, "no longer there"),
        (("show", "payroll", "more"), 2, "more"),
    ],
)
def test_what_cannot_be_is_said(console, arguments, code, said):
    ended, written = console(*arguments)
    assert (ended, said in written) == (code, True), written


def test_without_an_address_it_speaks_to_the_one_of_the_data_folder(tmp_path, capsys):
    data = ["--data", str(tmp_path / "data")]
    assert cli.main(["environment", *data, "show", "payroll"]) == 0
    assert 'provider = "simulated"' in capsys.readouterr().out


def test_a_control_plane_that_follows_a_file_has_what_stands_in_it_and_no_demo(tmp_path):
    file, token = tmp_path / "team.toml", tmp_path / "token"
    file.write_text(
        '[shop]\nname = "Shop"\nprovider = "simulated"\nsettings = {example = "payroll"}\n'
    )
    token.write_text(TOKEN)
    token.chmod(0o600)
    command = [sys.executable, "-m", "autosky_desktop.cli", "serve", "--port", "0"]
    command += ["--data", str(tmp_path / "data"), "--token-file", str(token)]
    with subprocess.Popen(
        [*command, "--environments", str(file)], stdout=subprocess.PIPE, text=True
    ) as serving:
        try:
            assert serving.stdout
            url = serving.stdout.readline().removeprefix("Listening on ").strip()
            with httpx.Client(
                base_url=f"{url}/v1/", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30
            ) as client:
                there = eventually(lambda: client.get("environments").json()["environments"])
            assert [it["id"] for it in there] == ["shop"]
        finally:
            serving.terminate()
