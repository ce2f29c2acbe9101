"""`--endpoints`: real machines behind the demo's servers, from the command line to the answer."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from autosky_desktop.app import Beginning, Given, _serving
from autosky_desktop.domain.errors import CannotStart
from autosky_desktop.server.providers.simulated import real_endpoints
from autosky_desktop.system.embedded import EmbeddedControlPlane
from autosky_desktop.words.errors import sentence
from tests.support.process import Embedded

MACHINE = {"privateIp": "127.0.0.1", "port": 2222, "protocol": "ssh", "account": "tester"}
SERVER = "servers/db-erp-prod-01"
DEMO = Beginning(Path.cwd(), demo=True)


def written(folder: Path, said: str) -> Path:
    file = folder / "endpoints.json"
    file.write_text(said)
    return file


def test_a_desktop_s_control_plane_points_where_the_file_says(tmp_path):
    file = written(tmp_path, json.dumps({"DB-ERP-PROD-01": MACHINE}))
    with Embedded(tmp_path / "data", more=("--endpoints", str(file))) as plane:
        with plane.client() as client:
            endpoint, server = client.get(f"{SERVER}/endpoint").json(), client.get(SERVER).json()
        assert {name: endpoint[name] for name in MACHINE} == MACHINE
        assert server["privateIp"] == "127.0.0.1"
        assert plane.leave() == 0


def test_the_file_is_found_from_where_the_command_was_given(tmp_path):
    """Serving begins by going into the data folder."""
    file = written(tmp_path, "{")
    said = serve("--endpoints", file.name, cwd=tmp_path)
    assert f"{file} does not say where servers are" in said


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"DB-1": {"port": "22"}}', "port of 'DB-1' must be a whole number from 1 to 65535."),
        ('{"DB-1": {"port": 70000}}', "port of 'DB-1' must be a whole number from 1 to 65535."),
        ('{"DB-1": {"publicIp": 5}}', "publicIp of 'DB-1' must be text of 1 to 64 letters."),
        ('{"DB-1": {"publicIp": ""}}', "publicIp of 'DB-1' must be text of 1 to 64 letters."),
        ('{"DB-1": {"protocol": "telnet"}}', 'protocol of \'DB-1\' must be "rdp" or "ssh".'),
        ('{"DB-1": {"mood": 1}}', "'DB-1' has a field 'mood', which is not known."),
        ('{"DB-1": 5}', "'DB-1' must be an object."),
        (
            '{"DB-1": {"gateway": {"host": "a"}}}',
            "gateway of 'DB-1' must be an object with a host and a port.",
        ),
        (
            '{"DB-1": {"gateway": {"host": "a", "port": 0}}}',
            "gateway.port of 'DB-1' must be a whole number from 1 to 65535.",
        ),
        ("[1]", "must hold an object, with servers by their names."),
        ('{"DB-1": {"port": 22},}', "does not say where servers are: JSON is malformed"),
        (
            '{"DB-1": {"port": 22}}',
            "no server is called 'DB-1'; among those there are: APP-POS-01, DB-ERP",
        ),
    ],
)
def test_a_wrong_file_is_one_sentence_on_the_command_line(tmp_path, text, told):
    said = serve("--endpoints", str(written(tmp_path, text)), cwd=tmp_path)
    assert said.startswith("autosky serve: ")
    assert told in said
    assert said.count("\n") == 1


def test_a_wrong_file_is_a_sentence_in_the_window(tmp_path):
    file = written(tmp_path, '{"DB-1": {"port": 22}}')
    given = Given(endpoints=file)
    plane = EmbeddedControlPlane(tmp_path / "data", *_serving(given, DEMO))
    try:
        with pytest.raises(CannotStart) as wrong:
            plane.address()
    finally:
        plane.close()
    assert wrong.value.reason == "endpoints-refused"
    told = sentence(wrong.value)
    assert told.startswith("The file given with --endpoints cannot be used: no server is called")


def test_each_field_that_can_be_wrong_can_be_told():
    gateway = real_endpoints.RealGateway.__struct_encode_fields__
    told = {
        "",
        *real_endpoints.RealEndpoint.__struct_encode_fields__,
        *(f"gateway.{it}" for it in gateway),
    }
    assert told == set(real_endpoints.FIELDS)


def test_without_a_file_nothing_is_said_of_one(tmp_path):
    assert "--endpoints" not in _serving(Given(), DEMO)
    assert _serving(Given(endpoints=Path("a.json")), DEMO)[-1] == str(Path.cwd() / "a.json")


def serve(*arguments: str, cwd: Path) -> str:
    """What `autosky serve` says before it gives up."""
    token = cwd / "token"
    token.write_text("only-for-tests")
    token.chmod(0o600)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = str(held.getsockname()[1])
    command = [sys.executable, "-m", "autosky_desktop.cli", "serve", "--token-file", str(token)]
    ended = subprocess.run(
        [*command, "--data", str(cwd / "data"), "--port", port, *arguments],
        cwd=cwd, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (1, "")
    return ended.stderr
