"""The key of a server as ssh tells it, and why there is none."""

import shutil
from pathlib import Path

import pytest

from autosky_desktop.system.connect import ssh_words
from autosky_desktop.system.connect.host_keys import host_key
from autosky_desktop.system.connect.probe import Why
from tests.support.ssh_server import certified, new_key, public, shown


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="there is no ssh-keygen here")
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_certificate_is_about_the_plain_key(kind: str, tmp_path: Path) -> None:
    key = new_key(tmp_path / "key", kind)
    certificate = certified(key, new_key(tmp_path / "authority")).read_text()
    for text in (public(key), " ".join(certificate.split()[:2])):
        found = host_key(text)
        assert found
        assert (found.text, found.fingerprint) == (public(key), shown(key))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ssh-ed25519",
        "ssh-ed25519 ",
        "ssh-ed25519 AAA",
        "ssh-ed25519-cert-v01@openssh.com AAAA",
        "NONE NONE",
        "ssh-ed25519 AAAA; rm -rf /",
        "ssh-ed25519' AAAA",
    ],
)
def test_what_is_no_key_is_none(text: str) -> None:
    found = host_key(text)
    assert found is None or found.text == text


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("ssh: Could not resolve hostname db: Name or service not known", Why.NO_NAME),
        ("ssh: connect to host db port 22: Connection refused", Why.REFUSED),
        ("ssh: connect to host db port 22: Connection timed out", Why.UNREACHABLE),
        ("ssh: connect to host db port 22: No route to host", Why.UNREACHABLE),
        ("Connection timed out during banner exchange", Why.SILENT),
        ("Connection closed by UNKNOWN port 65535", Why.WAY),
        ("Connection reset by 10.0.0.1 port 22", Why.CLOSED),
        ("Bad owner or permissions on /home/ana/.ssh/config", Why.CONFIG),
        ("Unable to negotiate with 10.0.0.1 port 22: no matching cipher found.", Why.OLD),
        ("something that nobody knows", Why.UNKNOWN),
    ],
)
def test_why_nobody_was_seen_is_read_from_what_ssh_says(said: str, why: Why) -> None:
    assert ssh_words.unseen(said) is why
