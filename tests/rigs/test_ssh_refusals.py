"""Why a real server let nobody in, or out at once: told by what was asked and handed over."""

import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from autosky_desktop.domain.activity import Activity
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system.connect import ssh_agent as agents
from autosky_desktop.words import activity
from autosky_desktop.words import connecting as words
from tests.support import ssh_server
from tests.support.evening import NOW
from tests.support.ssh_account import Account
from tests.support.ssh_server import new_key, ssh_agent
from tests.support.ssh_way import Way, aim, types
from tests.support.traces import marker

pytestmark = pytest.mark.skipif(bool(ssh_server.missing()), reason=ssh_server.missing())

MARKER = marker("ssh-refusals")
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
@pytest.mark.parametrize("password", [MARKER, ""])
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
    assert "with an empty password" in words.ended(
        REFUSED, server="DB", account="ana", word="ssh", reason="second"
    )


@pytest.mark.parametrize("language", ["C", "C.UTF-8"])
@pytest.mark.parametrize("asks", ["password", "keyboard-interactive"])
def test_a_password_of_an_account_with_a_long_name_is_handed_over(
    asks: str,
    language: str,
    folder: Path,
    account: Account,
    way: Way,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In any language: ssh may write its letters in numbers."""
    monkeypatch.setenv("LC_ALL", language)
    long = Account("ana.maria-de-oliveira@são-paulo.corp.example", "wrong")
    lines = ("KbdInteractiveAuthentication yes", f"AuthenticationMethods {asks}")
    with ssh_server.ssh_server(folder / "a", account, *lines) as server:
        went = way.goes(aim(server, long), long.password)
    assert (went.ended, went.reason) == (ConnectionOutcome.WRONG_PASSWORD, "password")


@pytest.mark.parametrize("forward", ["LocalForward", "RemoteForward"])
def test_a_port_that_a_persons_configuration_forwards_and_cannot_have_is_told(
    forward: str, folder: Path, account: Account, configure: Callable[[str], None]
) -> None:
    """As beside another session that has it."""
    with socket.socket() as taken, ssh_server.ssh_server(folder / "a", account) as server:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        configure(f"{forward} 127.0.0.1:{port} 127.0.0.1:1\nExitOnForwardFailure yes\n")
        own = Way(folder / "settings", own=True)
        went = own.goes(aim(server, account), account.password, stays=True)
    assert (went.ended, went.reason) == (ConnectionOutcome.CLIENT_FAILED, "forward")
    told = words.ended(went.ended, server="DB", account="ana", word="ssh", reason=went.reason)
    assert told.startswith("Your SSH configuration forwards a port")


@pytest.mark.parametrize(
    ("ways", "password", "ends"),
    [
        ("keyboard-interactive,password", MARKER, (True, "closed", "")),
        ("password,keyboard-interactive", MARKER, (True, "closed", "")),
        ("password,keyboard-interactive", "wrong", (False, "wrong-password", "password")),
        ("password,password", MARKER, (False, "refused", "second")),
        ("password,password", "wrong", (False, "wrong-password", "password")),
    ],
)
def test_a_password_that_is_wanted_in_two_ways_is_handed_over_in_both(
    ways: str,
    password: str,
    ends: tuple[bool, str, str],
    folder: Path,
    account: Account,
    way: Way,
) -> None:
    """But ssh itself asks for it once in each way, and a wrong one is handed over once."""
    lines = ("KbdInteractiveAuthentication yes", f"AuthenticationMethods {ways}")
    with ssh_server.ssh_server(folder / "a", account, *lines) as server:
        went = way.goes(aim(server, account), password)
        failed = server.log.read_text().count("Failed ")
    assert went.ended
    assert (went.up, went.ended.value, went.reason) == ends
    assert failed == (password == "wrong")


@pytest.mark.parametrize("shell", ["/no/such/shell", "/etc/passwd"])
def test_a_login_shell_that_cannot_be_run_is_no_proof_of_a_wrong_password(
    shell: str, folder: Path, account: Account, way: Way
) -> None:
    """The server says no more than that it refuses: so neither do we."""
    subprocess.run(["usermod", "--shell", shell, account.name], check=True)
    with ssh_server.ssh_server(folder / "a", account) as server:
        went = way.goes(aim(server, account), account.password)
        assert "not allowed because shell" in server.log.read_text()
    assert went.ended is ConnectionOutcome.WRONG_PASSWORD
    told = words.ended(went.ended, server="DB", account="ana", word="ssh", reason=went.reason)
    assert told.startswith("The server refused this user or password. It answers the same when")
    assert "a login shell that does not exist" in told
    entry = Activity(id="a", at=NOW, kind="connect", outcome="failed", reason=went.ended.value)
    assert activity.reason(entry) == "The user or the password was refused."


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


@pytest.mark.parametrize("named", ["{folder}/agent", "$KEYS", ""])
@pytest.mark.parametrize("password", [MARKER, ""])
def test_an_agent_that_never_answers_is_done_without(
    password: str,
    named: str,
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
    agent = f"IdentityAgent {named.format(folder=folder)}\n" if named else ""
    monkeypatch.setenv("KEYS", str(folder / "agent"))
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


@pytest.mark.parametrize("named", [True, False])
def test_a_jump_host_is_not_waited_for_where_its_agent_never_answers(
    named: bool,
    folder: Path,
    account: Account,
    configure: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One of the environment is done without; one that is `named` there only its person mends."""
    monkeypatch.setattr(agents, "SECONDS", 0.2)
    agent = f" IdentityAgent {folder}/agent\n" if named else ""
    with (
        silent_agent(folder / "agent"),
        ssh_server.ssh_server(folder / "a", account) as server,
        ssh_server.ssh_server(folder / "b", account) as hop,
    ):
        configure(
            f"Host jump\n HostName 127.0.0.1\n Port {hop.port}\n User {account.name}\n{agent}"
            " StrictHostKeyChecking no\n UserKnownHostsFile /dev/null\n"
            "Host db\n HostName 127.0.0.1\n ProxyJump jump\n"
        )
        way, to = Way(folder / "settings", own=True), aim(server, account, host="db")
        if named:
            assert way.fails(to) == ("client-failed", "silent-agent")
            return
        monkeypatch.setenv("SSH_AUTH_SOCK", str(folder / "agent"))
        threading.Thread(target=types, args=(account.password, hop), daemon=True).start()
        assert way.goes(to, account.password, server.fingerprint).up
