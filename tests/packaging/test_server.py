"""A team's control plane is set up as docs/operations.md and packaging/server say: what these name
exists, and the commands of the page do what it says.
"""

import argparse
import configparser
import inspect
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import httpx
import psycopg
import pytest
import uvicorn.config
import yaml

from autosky_desktop.console.main import group
from autosky_desktop.server.api import sockets
from autosky_desktop.server.process import command_line
from autosky_desktop.server.process.leaving import GIVEN_UP
from tests.support.postgresql import PostgresServer, programs
from tests.support.served import TOKEN, Served
from tests.support.serving import ROOT
from tests.support.signing_in import ANA, PASSWORD

SERVER = ROOT / "packaging" / "server"
PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")
BLOCK = re.compile(r"^```sh\n(.+?)^```", re.DOTALL | re.MULTILINE)
VARIABLE = re.compile(r"\b(?!AF_)[A-Z]+(?:_[A-Z]+)+\b")
STOPPED_WITHIN = 10
"""Seconds; tests/server/process/test_served.py measures it."""
PROGRAM = "/opt/autosky/bin/autosky"
PORT = "8471"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a team's server runs on Linux")


def commands_under(title: str) -> list[str]:
    """Return the commands under a heading of the page, block by block."""
    _, _, after = PAGE.partition(f"# {title}\n")
    return BLOCK.findall(re.split(r"^#", after, maxsplit=1, flags=re.MULTILINE)[0])


def given_to_serve(words: list[str]) -> argparse.Namespace:
    """Return what `autosky serve` reads of them, each option by its whole name. Exits like it."""
    parser = command_line.parser()
    parser.allow_abbrev = False
    return parser.parse_args(words)


@pytest.fixture(scope="module")
def unit() -> dict[str, dict[str, str]]:
    read = configparser.ConfigParser(interpolation=None, strict=True)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string((SERVER / "autosky@.service").read_text())
    return {name: dict(read[name]) for name in read.sections()}


@pytest.fixture(scope="module")
def composition() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((SERVER / "compose.yaml").read_text())
    return found


def test_the_unit_is_one_of_systemd(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is missing here")
    here = str(Path(sys.executable).with_name("autosky"))
    written = tmp_path / f"autosky@{PORT}.service"
    written.write_text((SERVER / "autosky@.service").read_text().replace(PROGRAM, here))
    command = ["systemd-analyze", "verify", "--man=no", str(written)]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (said.returncode, said.stderr) == (0, "")


def test_the_unit_starts_a_worker_with_options_that_there_are(
    unit: dict[str, dict[str, str]],
) -> None:
    service = unit["Service"]
    options = (SERVER / "serve.conf").read_text().splitlines()[-1].removeprefix("OPTIONS=")
    started = service["ExecStart"].replace("%i", PORT).replace("$OPTIONS", options)
    program, serve, *words = started.split()
    assert (program, serve) == (PROGRAM, "serve")
    given = given_to_serve(words)
    assert (given.port, given.metrics) == (int(PORT), ("127.0.0.1", 18471))
    state = service["StateDirectory"].replace("%i", PORT)
    assert given.data == Path("/var/lib") / state
    assert given.database_password_file.parent == Path(service["EnvironmentFile"]).parent


def test_the_unit_fits_how_a_worker_ends(unit: dict[str, dict[str, str]]) -> None:
    service = unit["Service"]
    assert service["Restart"] == "always"
    assert str(GIVEN_UP) not in service["RestartPreventExitStatus"].split()
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert STOPPED_WITHIN < int(service["TimeoutStopSec"]) <= 2 * STOPPED_WITHIN
    assert int(service["LimitNOFILE"]) >= sockets.UNLIMITED + sockets.KEPT_BACK


def test_a_wrong_option_ends_it_with_the_code_after_which_nobody_starts_it_again(
    unit: dict[str, dict[str, str]],
) -> None:
    with pytest.raises(SystemExit) as ended:
        given_to_serve(["--no-such-option"])
    assert str(ended.value.code) in unit["Service"]["RestartPreventExitStatus"].split()


def test_the_composition_starts_workers_with_options_that_there_are(
    composition: dict[str, Any],
) -> None:
    workers = [it for name, it in composition["services"].items() if name.startswith("worker-")]
    assert len(workers) == 2
    for worker in workers:
        serve, *words = worker["command"]
        assert serve == "serve"
        given = given_to_serve(words)
        for secret in (given.token_file, given.database_password_file):
            assert secret.parent == Path("/run/secrets")
            assert secret.name in worker["secrets"]
        assert f"http://127.0.0.1:{given.port}/v1/readyz" in worker["healthcheck"]["test"][-1]
        assert any(mount.startswith(f"{given.data}:") for mount in worker["tmpfs"])
        assert worker["restart"] == "always"
        assert int(worker["stop_grace_period"].removesuffix("s")) > STOPPED_WITHIN


def test_the_composition_names_what_it_has(composition: dict[str, Any]) -> None:
    services = composition["services"]
    for service in services.values():
        assert set(service.get("secrets", ())) <= set(composition["secrets"])
        assert set(service.get("depends_on", ())) <= set(services)
    worker = services["worker-1"]
    built = (SERVER / worker["build"]["context"]).resolve()
    assert built == ROOT
    assert (built / worker["build"]["dockerfile"]).is_file()
    proxy = services["proxy"]
    address = proxy["networks"]["default"]["ipv4_address"]
    assert worker["environment"] == {"FORWARDED_ALLOW_IPS": address}
    settings = (SERVER / proxy["volumes"][0].partition(":")[0]).read_text()
    port = given_to_serve(worker["command"][1:]).port
    named = re.findall(r"^ +server ([^;]+);", settings, re.MULTILINE)
    assert named == [f"{name}:{port}" for name in services if name.startswith("worker-")]
    assert set(re.findall(r"/run/secrets/([\w-]+)", settings)) == set(proxy["secrets"])
    made = "".join(commands_under("In containers"))
    assert all(re.search(rf"\b{name}$", made, re.MULTILINE) for name in composition["secrets"])


def test_the_container_is_made_of_what_there_is() -> None:
    lines = (SERVER / "Containerfile").read_text().splitlines()
    copied = [word for it in lines if it.startswith("COPY") for word in it.split()[1:-1]]
    assert [it for it in copied if not (ROOT / it).exists()] == []
    assert any("packaging/requirements/dev.txt" in it for it in lines)
    assert (ROOT / "packaging/requirements/dev.txt").is_file()


def test_every_variable_that_is_named_is_read_by_somebody() -> None:
    texts = [PAGE, *(it.read_text() for it in SERVER.iterdir() if it.is_file())]
    named = {name for text in texts for name in VARIABLE.findall(text)}
    read = {command_line.DATABASE_PASSWORD, "FORWARDED_ALLOW_IPS"}
    assert "FORWARDED_ALLOW_IPS" in inspect.getsource(uvicorn.config)
    of_postgresql_image = {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE"}
    own_of_the_page = {"PUT_BACK"}
    assert named == read | of_postgresql_image | own_of_the_page


def test_every_option_that_the_page_names_is_one_of_ours() -> None:
    made = [command_line.parser(), command_line.migrating()]
    ours = {it for parser in made for it in parser._option_string_actions} | options_of(group())
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", BLOCK.sub("", PAGE)))
    assert named <= ours
    assert {"--sign-in", "--tls-key", "--database", "--metrics"} <= named


def options_of(command: click.Command) -> set[str]:
    own = {"--help"} | {option for it in command.params for option in it.opts}
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return own.union(*map(options_of, below))


def test_every_address_of_the_api_that_the_page_names_is_one() -> None:
    contract = json.loads((ROOT / "resources/openapi.json").read_text("utf-8"))
    there = {re.sub(r"\{\w+\}", "{}", it) for it in contract["paths"]}
    named = re.findall(r"/v1(?:/(?:[a-z-]+|\{\w+\}))+", PAGE)
    assert {re.sub(r"\{\w+\}", "{}", it) for it in named} <= there
    assert "/v1/readyz" in named


def test_every_command_of_ours_in_the_page_is_one() -> None:
    joined = "".join(BLOCK.findall(PAGE)).replace("\\\n", " ")
    lines = [it.partition(">")[0] for it in joined.splitlines()]
    named = [shlex.split(it)[1:] for it in lines if it.startswith("autosky ")]
    assert len(named) >= 3
    for words in named:
        command: click.Command = group()
        context = command.make_context("autosky", list(words))
        rest = words
        while isinstance(command, click.Group):
            _, found, rest = command.resolve_command(context, rest)
            assert found is not None
            command = found
            context = command.make_context(command.name, list(rest), parent=context)


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"\b(?:packaging/server|tests)/[\w@./-]+\w", PAGE))
    secrets = {it for it in named if it.startswith("packaging/server/secrets")}
    assert [it for it in named - secrets if not (ROOT / it).is_file()] == []
    assert f"/{min(secrets)}/" in (ROOT / ".gitignore").read_text().splitlines()


def bash(commands: str, folder: Path) -> str:
    """Run commands of the page, each of which has to end well. Return what they say."""
    path = f"{Path(sys.executable).parent}:{programs()}:{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        check=True,
        timeout=120,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PATH": path},
    )
    return ran.stdout


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Served]:
    """A control plane at which nobody has signed in yet."""
    with Served(tmp_path, "--sign-in") as plane:
        yield plane


def test_the_page_adds_the_first_administrator_who_makes_a_token(
    team: Served, tmp_path: Path
) -> None:
    def at_the_team(commands: str) -> str:
        there = commands.replace("https://autosky.example.com", team.url)
        assert there != commands
        return there

    token = tmp_path / "own-token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    add = [it for it in commands_under("People, and the first administrator") if "user add" in it]
    ticket = bash(at_the_team(*add), tmp_path).split()[-1]
    chosen = {"ticket": ticket, "password": PASSWORD}
    accepted = httpx.post(f"{team.url}/v1/sign-in/invitation", json=chosen)
    assert accepted.status_code == 200, accepted.text
    own = tmp_path / "own-of-ana"
    own.write_text(accepted.json()["tokens"]["accessToken"])
    own.chmod(0o600)
    make = at_the_team("".join(commands_under("API tokens")))
    signed_in = make.replace("--plane team", f"--url {team.url} --token-file {own.name}")
    assert signed_in != make
    bash(signed_in, tmp_path)
    made = tmp_path / "token"
    assert made.stat().st_mode & 0o077 == 0
    headers = {"Authorization": f"Bearer {made.read_text().strip()}"}
    me = httpx.get(f"{team.url}/v1/me", headers=headers).json()
    assert (me["operator"], me["everywhere"]) == ("Ana", "operator")


def come_from(plane: Served, forwarded: str) -> str:
    """Sign in by way of a proxy on this computer. Return where the caller is taken to be."""
    said = {"X-Forwarded-For": forwarded}
    asked = {"email": ANA, "password": PASSWORD}
    with httpx.Client(base_url=f"{plane.url}/v1/", headers=said) as caller:
        access = caller.post("sign-in", json=asked).json()["tokens"]["accessToken"]
        caller.headers["Authorization"] = f"Bearer {access}"
        newest = caller.get("me/sessions").json()["sessions"][0]
    address: str = newest["address"]
    return address


def add_ana(plane: Served) -> None:
    with httpx.Client(base_url=f"{plane.url}/v1/", headers=plane.headers) as administrator:
        key = {"Idempotency-Key": "ana"}
        settings = {"name": "Ana", "email": ANA}
        person = administrator.post("people", headers=key, json=settings).json()["id"]
        ticket = administrator.post(f"people/{person}/invitation", json={}).json()["ticket"]
        chosen = {"ticket": ticket, "password": PASSWORD}
        assert administrator.post("sign-in/invitation", json=chosen).status_code == 200


def test_a_proxy_on_this_computer_says_where_callers_are(team: Served) -> None:
    add_ana(team)
    assert come_from(team, "192.0.2.7") == "192.0.2.7"


def test_no_other_proxy_than_those_named_says_where_callers_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "172.30.84.10")
    with Served(tmp_path, "--sign-in") as plane:
        add_ana(plane)
        assert come_from(plane, "192.0.2.7") == "127.0.0.1"


def test_the_page_backs_up_a_database_and_puts_it_back(
    postgresql: PostgresServer, tmp_path: Path
) -> None:
    names = ("autosky", "autosky_put_back")
    commands = "".join(commands_under("Back up and put back"))
    there = commands
    for name in (*names, "postgres"):
        pattern = rf"postgresql://autosky@db\.example\.com/{name}\b(?!_)"
        there = re.sub(pattern, f"'{postgresql.url(name)}'", there)
    assert "example.com" not in there
    with psycopg.connect(postgresql.url("postgres"), autocommit=True) as server:
        try:
            server.execute("CREATE DATABASE autosky")
            with psycopg.connect(postgresql.url("autosky")) as lost:
                lost.execute("CREATE TABLE kept AS SELECT 7 AS number")
            bash(there, tmp_path)
            with psycopg.connect(postgresql.url("autosky_put_back")) as put_back:
                assert put_back.execute("SELECT number FROM kept").fetchall() == [(7,)]
        finally:
            for name in names:
                server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
