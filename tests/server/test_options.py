"""What `autosky serve` makes of its command line."""

import pytest

from autosky_desktop.server import options


def smtp(*arguments: str):
    return options.smtp(options.parser().parse_args(arguments))


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


def test_its_password_is_in_a_file_nobody_else_can_read(tmp_path):
    login = tmp_path / "login"
    login.write_text("autosky\ns3cret word\n")
    login.chmod(0o600)
    said = ("--smtp", "mail:25", "--mail-from", "a@example.com", "--smtp-login", str(login))
    assert (smtp(*said).account, smtp(*said).password) == ("autosky", "s3cret word")
    login.chmod(0o640)
    with pytest.raises(SystemExit, match="chmod 600"):
        smtp(*said)


@pytest.mark.parametrize(
    ("said", "needs"),
    [
        (("--smtp", "mail:25"), "needs --mail-from"),
        (("--smtp", "mail:25", "--mail-from", "a..b@c.de"), "is no address that mail can come"),
        (("--smtp", "mail:x", "--mail-from", "a@b.de"), "is not HOST:PORT"),
    ],
)
def test_half_of_it_is_refused_in_a_sentence(said, needs):
    with pytest.raises(SystemExit, match=needs):
        smtp(*said)
