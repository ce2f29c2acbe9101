"""What `autosky serve` makes of its command line."""

import socket
import subprocess
import sys

import pytest

from autosky_desktop.server.process import command_line


def smtp(*arguments: str):
    return command_line.smtp(command_line.parser().parse_args(arguments))


def test_without_a_mail_server_no_mail_is_sent():
    assert smtp() is None


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("mail.example.com:25", ("mail.example.com", 25)),
        ("mail.example.com", ("mail.example.com", 587)),
        ("[::1]:2525", ("::1", 2525)),
    ],
)
def test_a_mail_server_has_a_host_and_a_port(given, address):
    found = smtp("--smtp", given, "--mail-from", "autosky@example.com")
    assert (found.host, found.port) == address
    assert (found.account, found.sender) == ("", "autosky@example.com")


def test_its_password_is_in_a_file_nobody_else_can_read(tmp_path, capsys):
    login = tmp_path / "login"
    login.write_text("autosky\ns3cret word\n")
    login.chmod(0o600)
    said = ("--smtp", "mail:25", "--mail-from", "a@example.com", "--smtp-login", str(login))
    assert (smtp(*said).account, smtp(*said).password) == ("autosky", "s3cret word")
    login.chmod(0o640)
    assert "chmod 600" in refused(capsys, lambda: smtp(*said))


@pytest.mark.parametrize(
    ("said", "needs"),
    [
        (("--smtp", "mail:25"), "needs --mail-from"),
        (("--smtp", "mail:25", "--mail-from", "a..b@c.de"), "is no address that mail can come"),
        (("--smtp", "mail:x", "--mail-from", "a@b.de"), "is not HOST:PORT"),
        (("--smtp", "mail:99999", "--mail-from", "a@b.de"), "is not HOST:PORT"),
        (("--smtp", "::1", "--mail-from", "a@b.de"), "is not HOST:PORT"),
    ],
)
def test_half_of_it_is_refused_in_a_sentence(said, needs, capsys):
    assert needs in refused(capsys, lambda: smtp(*said))


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--port", "99999"), ("--port", "-1"), ("--port", "http"), ("--port", "9" * 5000),
        ("--speed", "nan"), ("--speed", "-1"), ("--speed", "0"), ("--speed", "1e400"),
        ("--speed", "fast"), ("--environments", "-5"), ("--environments", "0"),
        ("--servers", "0"), ("--servers", "1.5"), ("--servers", "١"),
    ],
)  # fmt: skip
def test_what_no_control_plane_can_be_made_of_is_refused_in_a_sentence(option, value, capsys):
    said = refused(capsys, lambda: command_line.parser().parse_args([f"{option}={value}"]))
    assert option in said
    assert value in said


@pytest.mark.parametrize(
    "option", ["--port=0", "--port=65535", "--speed=0.005", "--environments=1"]
)
def test_what_can_be_served_is_taken(option):
    command_line.parser().parse_args([option])


def test_a_token_is_read_from_a_file_that_holds_one(tmp_path, capsys):
    file = tmp_path / "token"
    assert "cannot be read" in refused(capsys, lambda: command_line.token(file))
    for content in (b"", b"\n", b"two words", b"two\nlines", b"jos\xe9", b"x" * 2000):
        file.write_bytes(content)
        file.chmod(0o600)
        assert str(file) in refused(capsys, lambda: command_line.token(file))
    file.write_text("a-long-secret\n")
    assert command_line.token(file) == "a-long-secret"


def refused(capsys, ask) -> str:
    """The one sentence that it leaves the program with."""
    with pytest.raises(SystemExit) as left:
        ask()
    said = capsys.readouterr().err
    assert (left.value.code, said.count("\n"), said[:14]) == (2, 1, "autosky serve:")
    return said


def test_without_a_terminal_no_token_is_asked_for(tmp_path):
    command = [sys.executable, "-m", "autosky_desktop.cli", "serve", "--port", "0"]
    ended = subprocess.run(
        [*command, "--data", str(tmp_path / "data")], stdin=subprocess.DEVNULL,
        start_new_session=True, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        "autosky serve: there is no terminal to ask for the token: "
        "put it in a file, for --token-file\n"
    )


def test_a_control_plane_is_called_like_its_computer_unless_it_is_named():
    assert command_line.parser().parse_args([]).name == socket.gethostname()
    assert command_line.parser().parse_args(["--name", "Plant 2"]).name == "Plant 2"


def test_where_people_sign_in_a_token_is_not_asked_for(tmp_path, capsys):
    given = command_line.parser().parse_args(["--sign-in"])
    assert command_line.own_token(given) == ""
    file = tmp_path / "token"
    file.write_text("a-long-secret")
    file.chmod(0o600)
    given = command_line.parser().parse_args(["--sign-in", "--token-file", str(file)])
    assert command_line.own_token(given) == "a-long-secret"
    command_line.refuse_half_a_sign_in(given)
    alone = command_line.parser().parse_args(["--openid", "openid.toml"])
    said = refused(capsys, lambda: command_line.refuse_half_a_sign_in(alone))
    assert "--openid needs --sign-in" in said
