"""An OpenSSH server of this computer's own, on loopback."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from tests.support.ssh_account import Account
from tests.support.usage import children
from tests.support.waiting import eventually

PROGRAMS = ("ssh", "ssh-keyscan", "ssh-keygen", "/usr/sbin/sshd", "xterm", "Xvfb", "useradd")


def missing() -> str:
    """Return why there can be no server; empty when there can."""
    if os.getuid():
        return "accounts for the SSH server are root's to make"
    lost = [name for name in PROGRAMS if not shutil.which(name)]
    return f"missing: {', '.join(lost)}" if lost else ""


class Server(Struct, frozen=True):
    """An OpenSSH server; `host_key` is its whole public key."""

    port: int
    fingerprint: str
    log: Path
    host_key: str = ""
    process: int = 0

    def idle(self) -> bool:
        """Return whether it has let go of every connection: until then each may count as one that
        begins.
        """
        return not children(self.process)

    def connections(self) -> int:
        """Return how many connections it has accepted."""
        return self.log.read_text().count("Connection from ")


@contextmanager
def ssh_server(
    folder: Path,
    account: Account,
    *lines: str,
    key: Path | None = None,
    under: Sequence[str] = (),
) -> Iterator[Server]:
    """Yield a server. `lines` come first in its configuration, so that they count. `key` is what it
    is known by, or else one of its own. `under` are words that start it.
    """
    folder.mkdir()
    key, port = key or new_key(folder / "key"), free_port()
    Path("/run/sshd").mkdir(exist_ok=True)
    (folder / "cfg").write_text(
        "\n".join((
            *lines, f"Port {port}", "ListenAddress 127.0.0.1", f"HostKey {key}", "PidFile none",
            "UsePAM yes", "PasswordAuthentication yes", "KbdInteractiveAuthentication no",
            "StrictModes no", f"AllowUsers {account.name}", "LogLevel VERBOSE", "",
        ))
    )  # fmt: skip
    log = folder / "log"
    process = subprocess.Popen([*under, "/usr/sbin/sshd", "-D", "-f", folder / "cfg", "-E", log])
    try:
        eventually(lambda: log.exists() and "listening" in log.read_text(), within=10)
        yield Server(port, shown(key), log, public(key), process.pid)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def ssh_agent(folder: Path, account: Account, keys: int = 1) -> Iterator[tuple[Path, Path]]:
    """Yield an agent of its own with that many keys: its socket, and the last one's public key as
    servers read it.
    """
    folder.mkdir()
    for above in (folder, folder.parent):
        above.chmod(0o755)
    every = [new_key(folder / f"key{number}") for number in range(keys)]
    key, socket_ = every[-1], folder / "agent"
    shutil.chown(key.with_suffix(".pub"), account.name)
    process = subprocess.Popen(["ssh-agent", "-D", "-a", socket_], stdout=subprocess.DEVNULL)
    try:
        known = {**os.environ, "SSH_AUTH_SOCK": str(socket_)}
        # the socket is there before anybody listens at it
        eventually(lambda: subprocess.run(["ssh-add", "-q", *every], env=known).returncode == 0)
        yield socket_, key.with_suffix(".pub")
    finally:
        process.terminate()
        process.wait()


def new_key(file: Path, kind: str = "ed25519") -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", file], check=True)
    return file


def certified(key: Path, authority: Path) -> Path:
    """Return the certificate of a host key."""
    words = ["ssh-keygen", "-q", "-s", authority, "-I", "host", "-h", "-n", "db"]
    subprocess.run([*words, key.with_suffix(".pub")], check=True)
    return key.with_name(f"{key.name}-cert.pub")


def public(key: Path) -> str:
    """Return the public key: its kind, and the rest in base64."""
    return " ".join(key.with_suffix(".pub").read_text().split()[:2])


def shown(key: Path) -> str:
    """Return the fingerprint as OpenSSH itself prints it."""
    said = subprocess.run(["ssh-keygen", "-lf", key], check=True, capture_output=True, text=True)
    return said.stdout.split()[1]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
