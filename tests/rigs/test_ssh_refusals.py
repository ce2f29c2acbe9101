"""Why a real server let nobody in, or out at once: told by what was asked and handed over."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system.connect import ssh_agent as agents
from tests.support import ssh_server
from tests.support.ssh_account import Account
from tests.support.ssh_server import new_key, ssh_agent
from tests.support.ssh_way import Way, aim

pytestmark = pytest.mark.skipif(bool(ssh_server.missing()), reason=ssh_server.missing())

REFUSED = ConnectionOutcome.REFUSED
KEYS = 7
"""More than a server tries (MaxAuthTries is 6)."""


@pytest.fixture
def way(folder: Path) -> Way:
    return Way(folder / "settings")


@contextmanager
def many_keys(folder: Path, account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An agent with many keys; yields the last one's public file."""
    with ssh_agent(folder / "keys", account, KEYS) as (socket_, last):
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket_))
        yield last


def test_a_typed_password_signs_in_though_an_agent_has_too_many_keys(
    folder: Path, account: Account, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        many_keys(folder, account, monkeypatch),
        ssh_server.ssh_server(folder / "a", account) as server,
    ):
        assert way.goes(aim(server, account), account.password).up
        assert "Accepted password" in server.log.read_text()
        wrong = way.goes(aim(server, account), "wrong")
        assert wrong.ended is ConnectionOutcome.WRONG_PASSWORD
        none = way.goes(aim(server, account))
        assert (none.up, none.ended, none.reason) == (False, REFUSED, "too-many-keys")


@pytest.mark.parametrize(
    "lines",
    [
        ("PasswordAuthentication no",),
        ("PasswordAuthentication no", "GSSAPIAuthentication yes"),
        ("AuthenticationMethods publickey",),
    ],
)
@pytest.mark.parametrize("password", ["M4rker-of-ssh", ""])
def test_a_server_that_takes_no_passwords_is_told_so(
    password: str, lines: tuple[str, ...], folder: Path, account: Account, way: Way
) -> None:
    with ssh_server.ssh_server(folder / "a", account, *lines) as server:
        went = way.goes(aim(server, account), password)
    assert (went.ended, went.reason) == (REFUSED, "no-passwords")


@pytest.mark.parametrize(
    "lines", ["BatchMode yes", "PasswordAuthentication no", "PreferredAuthentications publickey"]
)
def test_a_password_that_nobody_asked_for_is_not_wrong(
    lines: str, folder: Path, account: Account, configure: Callable[[str], None]
) -> None:
    """Here the person's own configuration keeps ssh from asking."""
    configure(f"{lines}\nLogLevel QUIET\n")
    with ssh_server.ssh_server(folder / "a", account) as server:
        went = Way(folder / "settings", own=True).goes(aim(server, account), account.password)
    assert (went.ended, went.reason) == (REFUSED, "not-asked")


def test_a_password_that_is_not_enough_is_not_wrong(
    folder: Path, account: Account, way: Way
) -> None:
    with ssh_server.ssh_server(
        folder / "a", account, "AuthenticationMethods password,publickey"
    ) as server:
        went = way.goes(aim(server, account), account.password)
    assert (went.ended, went.reason) == (REFUSED, "second")


@pytest.mark.parametrize(
    "line",
    ["ForceCommand echo not today; exit 7", "ForceCommand exit 1", "ChrootDirectory /no/such"],
)
def test_a_session_that_ends_at_once_is_no_success(
    line: str, folder: Path, account: Account, way: Way
) -> None:
    with ssh_server.ssh_server(folder / "a", account, line) as server:
        went = way.goes(aim(server, account), account.password, stays=True)
    assert (went.up, went.ended, went.reason) == (True, REFUSED, "brief")


def test_a_session_that_ends_well_is_just_closed(folder: Path, account: Account, way: Way) -> None:
    with ssh_server.ssh_server(folder / "a", account, "ForceCommand exit 0") as server:
        went = way.goes(aim(server, account), account.password, stays=True)
    assert (went.up, went.ended, went.reason) == (True, ConnectionOutcome.CLOSED, "")


@contextmanager
def silent_agent(path: Path) -> Iterator[list[bytes]]:
    """Takes every question, which the list has, and answers none: as one that is locked."""
    asked: list[bytes] = []
    kept = []

    def serve() -> None:
        with suppress(OSError):  # it is over
            while True:
                caller, _ = listening.accept()
                kept.append(caller)
                asked.append(caller.recv(64))

    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield asked
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for caller in kept:
                caller.close()


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("password", ["M4rker-of-ssh", ""])
def test_an_agent_that_never_answers_is_done_without(
    password: str,
    named: bool,
    folder: Path,
    account: Account,
    configure: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With a password, or with a key that is no agent's; `named` by the own configuration."""
    monkeypatch.setattr(agents, "SECONDS", 0.2)
    monkeypatch.setattr(agents, "PATIENCE", 0.2)
    key = new_key(folder / "own")
    public_key = folder / "own.pub"
    shutil.chown(public_key, account.name)
    folder.chmod(0o755)
    agent = f"IdentityAgent {folder}/agent\n" if named else ""
    configure(f"IdentityFile {key}\n{agent}")
    line = "PubkeyAuthentication no" if password else f"AuthorizedKeysFile {public_key}"
    with (
        silent_agent(folder / "agent") as asked,
        ssh_server.ssh_server(folder / "a", account, line) as server,
    ):
        if not named:
            monkeypatch.setenv("SSH_AUTH_SOCK", str(folder / "agent"))
        assert Way(folder / "settings", own=True).goes(aim(server, account), password).up
        assert len(asked) == 1
