"""ssh itself looks who answers, before anything is sent: with few connections, by the same way."""

import asyncio
import os
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from autosky_desktop.domain.connecting import TrustVerdict
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system.connect import host_keys
from autosky_desktop.system.connect.trust import Pin
from tests.support import own_files, ssh_server
from tests.support.evening import NOW
from tests.support.raw_server import greeting
from tests.support.slow_names import asked_alone, slow_names
from tests.support.ssh_account import Account
from tests.support.ssh_server import certified, new_key, public, shown
from tests.support.ssh_way import REAL, Way, aim, relay
from tests.support.traces import marker
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(bool(ssh_server.missing()), reason=ssh_server.missing())

MARKER = marker("ssh-looks")
MOST = 2
"""Connections that a click may cost: servers count them."""
TOO_MANY_USERS = b"SSH-2.0-other\r\n" + bytes([0, 0, 0, 28, 4, 1, 0, 0, 0, 2, 0, 0, 0, 14])
TOO_MANY_USERS += b"Too many users" + bytes(4)
"""What a server says that lets nobody in now."""


@pytest.fixture
def way(folder: Path) -> Way:
    return Way(folder / "settings")


@pytest.mark.parametrize("line", ["", "MaxStartups 1", "PerSourceMaxStartups 1"])
def test_a_click_costs_two_connections(line: str, folder: Path, account: Account, way: Way) -> None:
    """The first one, and those to a server that is known by now."""
    with ssh_server.ssh_server(folder / "a", account, line) as server:
        for times in (1, 2, 3):
            assert way.goes(aim(server, account), MARKER).up
            assert server.connections() <= MOST * times


def test_a_server_with_a_certificate_is_known_by_its_key(
    folder: Path, account: Account, way: Way
) -> None:
    key = new_key(folder / "key")
    certificate = certified(key, new_key(folder / "authority"))
    line = f"HostCertificate {certificate}"
    with ssh_server.ssh_server(folder / "a", account, line, key=key) as server:
        first = way.goes(aim(server, account), MARKER)
        assert (first.look.verdict, first.look.seen) == (TrustVerdict.NEW, server.fingerprint)
        again = way.goes(aim(server, account), MARKER)
        named = way.goes(aim(server, account), MARKER, named=server.fingerprint)
        assert server.connections() <= MOST * 3
    assert (first.up, again.up, named.up) == (True, True, True)
    assert again.look.verdict is named.look.verdict is TrustVerdict.SAME


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_a_server_that_has_got_a_key_more_is_still_the_pinned_one(
    kind: str, folder: Path, account: Account, way: Way
) -> None:
    key, better = new_key(folder / "key", kind), new_key(folder / "better")
    with ssh_server.ssh_server(folder / "a", account, key=key) as server:
        assert way.goes(aim(server, account), MARKER).up
    line = f"HostKey {better}"
    with ssh_server.ssh_server(folder / "b", account, line, key=key) as server:
        again = way.goes(aim(server, account), MARKER)
        assert server.connections() <= MOST
    assert (again.look.verdict, again.look.seen, again.up) == (TrustVerdict.SAME, shown(key), True)


@pytest.mark.parametrize("pinned", [True, False])
def test_any_key_of_a_server_may_be_the_one_that_is_named(
    pinned: bool, folder: Path, account: Account, way: Way
) -> None:
    """Or that was pinned before kinds were kept: known once, it is asked for first."""
    keys = [new_key(folder / kind, kind) for kind in ("ed25519", "ecdsa", "rsa")]
    rsa = shown(keys[-1])
    lines = [f"HostKey {key}" for key in keys]
    with ssh_server.ssh_server(folder / "a", account, *lines, key=keys[-1]) as server:
        to, named = aim(server, account), "" if pinned else rsa
        if pinned:
            way.trust.pin(Pin(
                server=to.server, protocol=to.protocol, fingerprint=rsa, name="DB 01",
                address=to.host, since=NOW,
            ))  # fmt: skip
        first = way.goes(to, MARKER, named)
        before = server.connections()
        again = way.goes(to, MARKER, named)
        assert server.connections() - before <= MOST
    for went in (first, again):
        assert (went.look.verdict, went.look.seen, went.up) == (TrustVerdict.SAME, rsa, True)


@pytest.mark.parametrize("named", [True, False])
def test_a_key_that_is_gone_or_another_is_told(
    named: bool, folder: Path, account: Account, way: Way
) -> None:
    with ssh_server.ssh_server(folder / "a", account) as server:
        assert way.goes(aim(server, account), MARKER).up
        before = server.fingerprint
    kinds = [f"HostKey {new_key(folder / kind, kind)}" for kind in ("ecdsa", "rsa")]
    with ssh_server.ssh_server(folder / "b", account, *kinds) as server:
        went = way.goes(aim(server, account), MARKER, before if named else "")
        assert "password" not in server.log.read_text()
    verdict = TrustVerdict.NAMED_OTHERWISE if named else TrustVerdict.CHANGED
    assert (went.look.verdict, went.look.known) == (verdict, before)


@pytest.mark.parametrize(
    "line", ["HostKeyAlgorithms ssh-rsa", "KexAlgorithms diffie-hellman-group1-sha1"]
)
def test_a_server_that_only_knows_old_algorithms_is_told_so_until_they_are_allowed(
    line: str, folder: Path, account: Account, way: Way, configure: Callable[[str], None]
) -> None:
    key = new_key(folder / "key", "rsa")
    with ssh_server.ssh_server(folder / "a", account, line, key=key) as server:
        assert way.fails(aim(server, account)) == ("refused", "old")
        name, _, algorithm = line.partition(" ")
        configure(f"{name} +{algorithm}\n")
        assert Way(folder / "settings", own=True).goes(aim(server, account), MARKER).up


@pytest.mark.parametrize(
    ("host", "lines"),
    [
        ("web-prod", "Host web-prod\n HostName 127.0.0.1\n"),
        ("203.0.113.9", "Host 203.0.113.9\n ProxyCommand {relay}\n"),
        ("web-prod", "Host web-prod\n ProxyCommand {relay}\n HostKeyAlias db\n"),
    ],
)
def test_who_is_reached_by_the_persons_configuration_only_is_reached(
    host: str, lines: str, folder: Path, account: Account, configure: Callable[[str], None]
) -> None:
    with ssh_server.ssh_server(folder / "a", account) as server:
        configure(lines.format(relay=relay(folder, server.port)))
        went = Way(folder / "settings", own=True).goes(aim(server, account, host=host), MARKER)
        assert went.up
        assert server.connections() <= MOST


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("ProxyCommand false\n", ("unreachable", "way")),
        ("ProxyUseFdpass yes\nProxyCommand false\n", ("unreachable", "way")),
        ("NoSuchOption yes\n", ("client-failed", "config")),
        ("ForkAfterAuthentication yes\n", ("client-failed", "config")),
        ("HostName name.invalid\n", ("unreachable", "")),
    ],
)
def test_a_configuration_that_leads_nowhere_is_told(
    lines: str,
    reason: tuple[str, str],
    folder: Path,
    account: Account,
    configure: Callable[[str], None],
) -> None:
    configure(lines)
    nobody = ssh_server.Server(ssh_server.free_port(), "", Path())
    assert Way(folder / "settings", own=True).fails(aim(nobody, account)) == reason


@pytest.mark.parametrize("there", [True, False])
def test_a_key_that_the_persons_configuration_revokes_is_told_as_that(
    there: bool, folder: Path, account: Account, configure: Callable[[str], None]
) -> None:
    """Also where the list of revoked keys is gone: ssh then trusts nobody."""
    revoked = folder / "revoked"
    with ssh_server.ssh_server(folder / "a", account) as server:
        if there:
            revoked.write_text(f"{server.host_key}\n")
        configure(f"RevokedHostKeys {revoked}\n")
        why = Way(folder / "settings", own=True).fails(aim(server, account))
    assert why == ("untrustworthy", "revoked")


@pytest.mark.parametrize("revoked", ["* {key}", "other.example {key}", "* ssh-ed25519 AAAA", ""])
def test_a_key_that_a_list_of_known_servers_calls_revoked_is_told_as_that(
    revoked: str, folder: Path, account: Account, configure: Callable[[str], None]
) -> None:
    """Though the list trusts nobody: what is in it otherwise does not count."""
    known = folder / "known hosts"
    with ssh_server.ssh_server(folder / "a", account) as server:
        line = f"@revoked {revoked.format(key=server.host_key)} by us\n" if revoked else ""
        known.write_text(f"# of ours\n\n@cert-authority * ssh-ed25519 AAAA\n{line}")
        configure(f'UserKnownHostsFile {folder}/none "{known}"\n')
        why = Way(folder / "settings", own=True).fails(aim(server, account))
        assert why == (("untrustworthy", "revoked") if "{key}" in revoked else ("", ""))
        assert Way(folder / "without").fails(aim(server, account)) == ("", "")


def test_an_ssh_that_cannot_say_whom_it_sees_is_told_as_old(
    folder: Path, account: Account, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stood in for by what OpenSSH 8.0 says: no version before 8.5 knows the command."""
    said = "command-line: line 0: Bad configuration option: knownhostscommand"
    (folder / "ssh").write_text(f"#!/bin/sh\necho '{said}' >&2; exit 255\n")
    (folder / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    nobody = ssh_server.Server(ssh_server.free_port(), "", Path())
    assert way.fails(aim(nobody, account)) == ("client-failed", "client-old")


@pytest.mark.parametrize("file", ["~/.ssh/%Z", "~nobody-of-that-name/key"])
def test_a_key_file_that_a_configuration_names_wrongly_is_told_as_that(
    file: str, folder: Path, account: Account, configure: Callable[[str], None]
) -> None:
    configure(f"CertificateFile {file}\n")
    with ssh_server.ssh_server(folder / "a", account) as server:
        why = Way(folder / "settings", own=True).fails(aim(server, account))
    assert why == ("client-failed", "config")


def test_an_ssh_that_ends_for_another_reason_is_not_told_as_a_silent_server(
    folder: Path, account: Account, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "ssh").write_text("#!/bin/sh\necho 'ssh: symbol lookup error' >&2; exit 127\n")
    (folder / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    nobody = ssh_server.Server(ssh_server.free_port(), "", Path())
    assert way.fails(aim(nobody, account)) == ("client-failed", "unknown")


@pytest.mark.parametrize(
    ("said", "closes", "why"),
    [
        (b"", True, ("refused", "closed")),
        (b"Exceeded MaxStartups\r\n", True, ("refused", "closed")),
        (b"SSH-2.0-other\r\n", True, ("refused", "closed")),
        (b"\x15\x03\x01\x00\x02\x02\x46\n", False, ("untrustworthy", "not-ssh")),
        (b"SSH-1.5-other\r\n", False, ("untrustworthy", "not-ssh")),
        (b"SSH-2.0-other\r\n" + bytes(200), False, ("untrustworthy", "not-ssh")),
        (b"220 mail.example ready\r\n" * 1100, False, ("untrustworthy", "not-ssh")),
        (b"x" * 20000, False, ("untrustworthy", "not-ssh")),
        (TOO_MANY_USERS, False, ("refused", "closed")),
        (b"", False, ("unreachable", "silent")),
    ],
)
def test_who_accepts_and_is_not_seen_is_told_apart_from_nobody(
    said: bytes, closes: bool, why: tuple[str, str], account: Account, way: Way
) -> None:
    with greeting(said, closes=closes) as port:
        assert way.fails(aim(ssh_server.Server(port, "", Path()), account)) == why


def test_a_name_that_nobody_finds_in_time_is_not_told_as_a_silent_server(
    folder: Path, account: Account, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [*own_files.told(asked_alone(folder)), REAL]
    (folder / "ssh").write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
    (folder / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setattr(host_keys, "SECONDS", 1.0)
    with slow_names(100):
        nobody = ssh_server.Server(ssh_server.free_port(), "", Path())
        assert way.fails(aim(nobody, account, host="db.example")) == ("unreachable", "")


def test_a_server_that_never_comes_to_the_end_of_its_greeting_is_told_as_silent(
    account: Account, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tar pit, before ssh itself has had enough of it."""
    monkeypatch.setattr(host_keys, "SECONDS", 1.0)
    with greeting(b"wait\r\n", closes=False) as port:
        nobody = ssh_server.Server(port, "", Path())
        assert way.fails(aim(nobody, account)) == ("unreachable", "silent")


def test_a_look_that_is_cancelled_leaves_nothing_running(
    folder: Path, account: Account, configure: Callable[[str], None]
) -> None:
    began = folder / "began"
    configure(f'ProxyCommand sh -c "echo $$ >{began}; exec sleep 1000"\n')
    nobody = aim(ssh_server.Server(ssh_server.free_port(), "", Path()), account)

    async def work() -> None:
        look = asyncio.ensure_future(Way(folder / "settings", own=True).access.answers(nobody))
        await asyncio.to_thread(eventually, lambda: began.exists() and began.read_text(), within=10)
        look.cancel()
        with pytest.raises(asyncio.CancelledError):
            await look

    asyncio.run(work())
    number = began.read_text().strip()
    eventually(lambda: not Path(f"/proc/{number}").exists(), within=30)


def test_looks_at_one_address_take_turns_and_serve_one_connection(
    folder: Path, account: Account, way: Way
) -> None:
    """That of the form, and that of a person who is faster."""
    with ssh_server.ssh_server(folder / "a", account, "MaxStartups 1") as server:
        to = aim(server, account)

        async def both() -> list[bool]:
            return await asyncio.gather(way.access.answers(to), way.access.answers(to))

        assert asyncio.run(both()) == [True, True]
        assert way.goes(to, MARKER).up
        assert server.connections() <= MOST
        assert way.trust.pins[0].host_key == public(folder / "a" / "key")
        eventually(server.idle)
        assert way.goes(to, "wrong").ended is ConnectionOutcome.WRONG_PASSWORD
