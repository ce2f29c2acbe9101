"""What stands between this computer and a server, or in its words, and is no hindrance."""

import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from autosky_desktop.domain.connection import ConnectionOutcome
from tests.support import ssh_server
from tests.support.ssh_account import Account
from tests.support.ssh_server import Server
from tests.support.ssh_way import Way, aim
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(bool(ssh_server.missing()), reason=ssh_server.missing())


@pytest.fixture
def way(folder: Path) -> Way:
    return Way(folder / "settings")


@contextmanager
def silent_on_ipv6(port: int) -> Iterator[None]:
    """Nobody takes up connections to that port any more: packets to it are lost."""
    with ExitStack() as parts:
        full = parts.enter_context(socket.socket(socket.AF_INET6))
        full.bind(("::1", port))
        full.listen(0)
        for _place in range(3):
            waiting = parts.enter_context(socket.socket(socket.AF_INET6))
            waiting.setblocking(False)
            waiting.connect_ex(("::1", port))
        yield


@pytest.mark.parametrize("broken", [True, False])
def test_a_name_with_an_address_that_leads_nowhere_is_tried_at_the_next(
    broken: bool, folder: Path, account: Account, way: Way
) -> None:
    """Whose packets are lost, or that refuses. As a name that has both kinds of address."""
    with ssh_server.ssh_server(folder / "a", account) as server, ExitStack() as parts:
        if broken:
            parts.enter_context(silent_on_ipv6(server.port))
        assert way.goes(aim(server, account, host=both_kinds()), account.password).up


def both_kinds() -> str:
    """A name of this computer that leads to ::1 first, and to 127.0.0.1."""
    for name in ("localhost", "ip6-localhost", socket.gethostname()):
        try:
            found = [it[4][0] for it in socket.getaddrinfo(name, 22, type=socket.SOCK_STREAM)]
        except OSError:
            continue
        if found[:1] == ["::1"] and "127.0.0.1" in found:
            return name
    pytest.skip("no name of this computer has addresses of both kinds")


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
    assert (wrong.ended, wrong.reason) == (ConnectionOutcome.WRONG_PASSWORD, "")


@pytest.mark.parametrize("shell", ["/usr/sbin/nologin", "/no/such/shell", "/bin/bash"])
def test_a_persons_own_shell_need_not_run_commands(
    shell: str, folder: Path, account: Account, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELL", shell)
    with ssh_server.ssh_server(folder / "a", account) as server:
        assert way.goes(aim(server, account), account.password).up


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


def types(password: str, hop: Server) -> None:
    """A person in the terminal, again until the jump host has let them in."""
    window = subprocess.run(
        ["xdotool", "search", "--sync", "--onlyvisible", "--class", "xterm"],
        capture_output=True, text=True, check=True,
    ).stdout.split()[0]  # fmt: skip

    def typed() -> bool:
        for words in (["windowfocus", window], ["type", password], ["key", "Return"]):
            subprocess.run(["xdotool", *words], check=True)
        try:
            return eventually(lambda: "Accepted password" in hop.log.read_text(), within=3)
        except AssertionError:
            return False

    eventually(typed, within=20)
