"""What stands between this computer and a server, or in its words, and is no hindrance."""

import os
import shlex
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system.connect.target import Hop
from tests.support import own_files, ssh_server
from tests.support.silence import silent_on_ipv6
from tests.support.ssh_account import Account
from tests.support.ssh_server import certified, new_key, ssh_agent
from tests.support.ssh_way import REAL, Way, aim, types

pytestmark = pytest.mark.skipif(bool(ssh_server.missing()), reason=ssh_server.missing())


@pytest.fixture
def way(folder: Path) -> Way:
    return Way(folder / "settings")


@pytest.fixture
def two_addresses(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A name that leads to ::1 first and then to 127.0.0.1, for ssh."""
    hosts, programs = folder / "hosts", folder / "programs"
    hosts.write_text("::1 both.example\n127.0.0.1 both.example\n")
    programs.mkdir()
    alone = own_files.told({"/etc/hosts": hosts})
    (programs / "ssh").write_text(f'#!/bin/sh\nexec {shlex.join([*alone, REAL])} "$@"\n')
    (programs / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    return "both.example"


@pytest.mark.parametrize("lost", [True, False])
def test_an_address_that_leads_nowhere_is_followed_by_the_next(
    lost: bool, folder: Path, account: Account, way: Way, two_addresses: str
) -> None:
    """Packets to it are lost, or it refuses them."""
    with ssh_server.ssh_server(folder / "a", account) as server, ExitStack() as parts:
        if lost:
            parts.enter_context(silent_on_ipv6(server.port))
        assert way.goes(aim(server, account, host=two_addresses), account.password).up


def test_what_a_banner_says_is_no_end_of_a_connection(
    folder: Path, account: Account, way: Way
) -> None:
    banner = folder / "banner"
    banner.write_text(
        "Permission denied (publickey).\nHost key verification failed.\nshown ssh-ed25519 AAAA\n"
        "brief\ncode 0\nToo many authentication failures\n"
    )
    with ssh_server.ssh_server(folder / "a", account, f"Banner {banner}") as server:
        assert way.goes(aim(server, account), account.password).up
        wrong = way.goes(aim(server, account), "wrong")
    assert (wrong.ended, wrong.reason) == (ConnectionOutcome.WRONG_PASSWORD, "password")


@pytest.mark.parametrize("shell", ["/usr/sbin/nologin", "/no/such/shell", "/bin/bash"])
def test_a_persons_own_shell_need_not_run_commands(
    shell: str, folder: Path, account: Account, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", shell)
    with ssh_server.ssh_server(folder / "a", account) as server:
        assert way.goes(aim(server, account), account.password).up


def test_a_shell_that_is_no_other_shells_like_is_no_hindrance(
    folder: Path, account: Account, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stood in for by one that, as nushell, writes to no file by `>` and has a `date` of its own.
    xterm would put another in its place, so it is told behind that.
    """
    programs, shell = folder / "programs", folder / "nu"
    programs.mkdir()
    shell.write_text('#!/bin/sh\ncase $2 in *">"*|*date*) exit 1;; esac\nexec /bin/sh "$@"\n')
    (programs / "xterm").write_text(
        f'#!/bin/sh\nshift 3\nexec {shutil.which("xterm")} -e env SHELL={shell} "$@"\n'
    )
    for file in (shell, programs / "xterm"):
        file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    with ssh_server.ssh_server(folder / "a", account) as server:
        assert way.goes(aim(server, account), account.password).up


@pytest.mark.parametrize("named", ["$SSH_TPM_AUTH_SOCK", "${KEYS}/agent"])
def test_an_agent_that_a_persons_configuration_names_by_the_environment_is_asked(
    named: str,
    folder: Path,
    account: Account,
    configure: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    configure(f"IdentityAgent {named}\n")
    with (
        ssh_agent(folder / "keys", account) as (agent, public),
        ssh_server.ssh_server(folder / "a", account, f"AuthorizedKeysFile {public}") as server,
    ):
        monkeypatch.setenv("SSH_TPM_AUTH_SOCK", str(agent))
        monkeypatch.setenv("KEYS", str(agent.parent))
        assert Way(folder / "settings", own=True).goes(aim(server, account)).up


@pytest.fixture
def small_disk(folder: Path) -> Iterator[Path]:
    """A place with nearly no room, from which no program may be run."""
    place = folder / "run"
    place.mkdir(mode=0o700)
    mount = ["mount", "-t", "tmpfs", "-o", "noexec,size=64k,mode=700", "none", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a disk of its own is not allowed here")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_runtime_folder_that_runs_no_programs_is_done_without(
    folder: Path, account: Account, way: Way, small_disk: Path
) -> None:
    with ssh_server.ssh_server(folder / "a", account) as server:
        assert way.goes(aim(server, account), account.password).up
    assert not list(small_disk.iterdir())


def test_a_full_disk_for_temporary_files_is_no_hindrance(
    folder: Path, account: Account, way: Way, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "elsewhere"))
    monkeypatch.setenv("TMPDIR", str(small_disk))
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    (small_disk / "all").write_bytes(bytes(64 * 1024))
    with ssh_server.ssh_server(folder / "a", account) as server:
        assert way.goes(aim(server, account), account.password).up


def test_what_a_server_tells_before_it_asks_is_no_hindrance(
    folder: Path, account: Account, way: Way
) -> None:
    """By a PAM of its own."""
    (folder / "told").write_text("This account ends in 3 days.\n")
    (folder / "pam").write_text(
        f"auth optional pam_echo.so file={folder}/told\nauth required pam_unix.so\n"
        "account required pam_unix.so\nsession required pam_permit.so\n"
    )
    alone = own_files.told({"/etc/pam.d/sshd": folder / "pam"})
    lines = ("PasswordAuthentication no", "KbdInteractiveAuthentication yes")
    with ssh_server.ssh_server(folder / "a", account, *lines, under=alone) as server:
        assert way.goes(aim(server, account), account.password).up
        assert "Accepted keyboard-interactive" in server.log.read_text()


@pytest.mark.parametrize("named", [True, False])
def test_a_jump_host_of_the_persons_configuration_may_ask_in_the_terminal(
    named: bool, folder: Path, account: Account, configure: Callable[[str], None]
) -> None:
    """Whoever is behind it can then only be known by name."""
    with (
        ssh_server.ssh_server(folder / "a", account) as server,
        ssh_server.ssh_server(folder / "b", account) as hop,
    ):
        configure(
            f"Host db\n HostName 127.0.0.1\n ProxyJump {account.name}@127.0.0.1:{hop.port}\n"
            "Host 127.0.0.1\n StrictHostKeyChecking no\n UserKnownHostsFile /dev/null\n"
        )
        way = Way(folder / "settings", own=True)
        to = aim(server, account, host="db")
        if not named:
            assert way.fails(to) == ("unreachable", "way")
            return
        threading.Thread(target=types, args=(account.password, hop), daemon=True).start()
        assert way.goes(to, account.password, server.fingerprint).up
        assert "Accepted password" in server.log.read_text()


@pytest.mark.parametrize("kind", ["a certificate", "the last of three", "none of three"])
def test_behind_a_jump_host_the_named_key_is_looked_for_by_the_session(
    kind: str, folder: Path, account: Account, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [new_key(folder / it, it) for it in ("ed25519", "ecdsa", "rsa")]
    lines = [f"HostKey {key}" for key in keys]
    if kind == "a certificate":
        lines = [f"HostCertificate {certified(keys[0], new_key(folder / 'authority'))}"]
    named = {"a certificate": keys[0], "the last of three": keys[-1]}.get(kind)
    named = named or new_key(folder / "another")
    with (
        ssh_agent(folder / "keys", account) as (agent, public),
        ssh_server.ssh_server(folder / "b", account, f"AuthorizedKeysFile {public}") as hop,
        ssh_server.ssh_server(folder / "a", account, *lines, key=keys[0]) as server,
    ):
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent))
        through = Hop(host="127.0.0.1", port=hop.port, fingerprint=hop.fingerprint)
        went = way.goes(
            aim(server, account, hop=through), account.password, ssh_server.shown(named)
        )
        sent = "Accepted password" in server.log.read_text()
    untrusted = kind == "none of three"
    assert (went.up, sent) == (not untrusted, not untrusted)
    assert (went.ended is ConnectionOutcome.UNTRUSTED) is untrusted
