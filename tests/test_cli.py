"""The `autosky` command."""

import ssl
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from autosky_desktop import __version__, cli
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect import askpass
from autosky_desktop.system.connect.answering import AskpassListener
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target
from tests.support.tls_files import tls_files

RESOURCES = Path(__file__).parents[1] / "resources"


def autosky(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-u", "-m", "autosky_desktop.cli", *arguments]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )


def test_it_tells_its_version_and_its_commands(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"autosky {__version__}\n"
    assert cli.main([]) == 0
    assert "  serve  " in capsys.readouterr().out
    assert cli.main(["fly"]) == 2


def test_it_prints_the_contract(capsys):
    assert cli.main(["openapi"]) == 0
    assert capsys.readouterr().out == (RESOURCES / "openapi.json").read_text()


def test_the_window_s_way_in_loads_nothing_it_does_not_need():
    program = "import sys, autosky_desktop.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"asyncio", "argparse", "msgspec", "litestar", "sqlalchemy", "dbos"} & set(loaded)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_a_control_plane_on_its_own_takes_its_token_from_a_file_nobody_else_reads(tmp_path):
    token = tmp_path / "token"
    token.write_text("a-long-secret\n")
    options = ["serve", "--data", str(tmp_path / "data"), "--port", "0"]
    options += ["--token-file", str(token)]
    token.chmod(0o644)
    with autosky(*options) as refused:
        assert "chmod 600" in refused.communicate()[1]
    assert refused.returncode == 2

    token.chmod(0o600)
    with autosky(*options) as serving:
        assert serving.stdout
        url = serving.stdout.readline().removeprefix("Listening on ").strip()
        headers = {"Authorization": "Bearer a-long-secret"}
        assert httpx.get(f"{url}/v1/me", headers=headers).status_code == 200
        assert httpx.get(f"{url}/v1/me").status_code == 401
        serving.terminate()
        serving.communicate()
    assert serving.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_a_control_plane_with_a_certificate_speaks_https(tmp_path):
    files, token = tls_files(tmp_path), tmp_path / "token"
    token.write_text("a-long-secret\n")
    token.chmod(0o600)
    options = ["serve", "--data", str(tmp_path / "data"), "--port", "0"]
    options += ["--token-file", str(token), "--tls-certificate", str(files.certificate)]
    with autosky(*options) as half:
        said = half.communicate(timeout=30)[1]
    assert (half.returncode, said) == (
        2, "autosky serve: --tls-certificate and --tls-key need each other\n",
    )  # fmt: skip
    with autosky(*options, "--tls-key", str(token)) as refused:
        said = refused.communicate(timeout=30)[1]
    assert (refused.returncode, said) == (
        2, f"autosky serve: {token} does not hold the key of {files.certificate}\n",
    )  # fmt: skip
    with autosky(*options, "--tls-key", str(files.key)) as serving:
        assert serving.stdout
        url = serving.stdout.readline().removeprefix("Listening on ").strip()
        assert url.startswith("https://")
        trusted = ssl.create_default_context(cafile=str(files.certificate))
        headers = {"Authorization": "Bearer a-long-secret"}
        assert httpx.get(f"{url}/v1/me", headers=headers, verify=trusted).status_code == 200
        serving.terminate()
        serving.communicate()
    assert serving.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_a_folder_is_served_by_one_control_plane_at_a_time(tmp_path):
    token, data = tmp_path / "token", tmp_path / "data"
    token.write_text("a-long-secret\n")
    token.chmod(0o600)
    options = ["serve", "--data", str(data), "--port", "0", "--token-file", str(token)]
    with autosky(*options) as serving:
        assert serving.stdout
        assert serving.stdout.readline().startswith("Listening on ")
        with autosky(*options) as second:
            told = second.communicate(timeout=30)
        assert (second.returncode, told) == (
            1,
            ("", f"autosky serve: another control plane serves {data} already\n"),
        )
        serving.terminate()
    with autosky(*options) as next_one:
        assert next_one.stdout
        assert next_one.stdout.readline().startswith("Listening on ")
        next_one.terminate()


@pytest.mark.skipif(sys.platform == "win32", reason="sockets of files")
def test_it_stands_in_for_the_helper_of_ssh_where_there_is_no_python(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    aim = Target(server="s", title="t", protocol=Protocol.SSH, host="db", port=22, account="ana")
    monkeypatch.setenv(askpass.SOCKET, "s")
    with Secret("M4rker") as secret:
        answering = AskpassListener(Path("s"), aim, "ana", secret)
    with autosky("askpass", "ana@db's password: ") as asking:
        assert asking.communicate()[0] == "M4rker\n"
    with autosky("askpass", "ana@db's password: ") as asking_again:
        assert asking_again.communicate()[0] == ""
    assert (asking.returncode, asking_again.returncode) == (0, 1)
    answering.close()
