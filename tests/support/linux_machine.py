"""A Linux machine for tests: an OpenSSH server with processes and a /run of its own, to which
people sign in with terminals. Root of this computer makes it.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from autosky_desktop.server.providers.channels.ssh import SshAccess
from tests.support.ssh_account import Account
from tests.support.ssh_server import Server, new_key, ssh_server
from tests.support.waiting import eventually

APART = r"""
unshare --mount --pid --fork --kill-child --mount-proc sh -c '
    mount -t tmpfs none /run && mkdir /run/sshd && exec "$@"
' - "$@" &
trap "kill -KILL $!" TERM  # which unshare itself does not hear
wait $!
"""
"""Runs a program whose processes, and what they write in /run, end with it."""


class Machine(Struct, frozen=True):
    """A machine that lets the account and root in by one key."""

    server: Server
    key: Path
    account: Account

    def access(self, account: str = "root", *, sudo: bool = False) -> SshAccess:
        return SshAccess(
            host="127.0.0.1", port=self.server.port, account=account, key_file=str(self.key),
            sudo=sudo,
        )  # fmt: skip

    def words(self, account: str, *more: str) -> list[str]:
        known = self.key.with_name("known")
        return [
            "ssh", "-i", str(self.key), "-p", str(self.server.port), "-l", account,
            "-o", "StrictHostKeyChecking=accept-new", "-o", f"UserKnownHostsFile={known}",
            "-o", "BatchMode=yes", *more, "127.0.0.1",
        ]  # fmt: skip

    @contextmanager
    def person(self, account: str = "") -> Iterator["Person"]:
        """Yield somebody who is signed in with a terminal."""
        words = self.words(account or self.account.name, "-tt")
        pipe = subprocess.PIPE
        with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT) as process:
            assert process.stdout
            os.set_blocking(process.stdout.fileno(), False)
            person = Person(process)
            try:
                person.types("echo in and $((40 + 2))\n")
                person.sees("in and 42")
                yield person
            finally:
                process.kill()

    def lets_in(self, account: str = "") -> bool:
        """Return whether somebody new is let in now."""
        words = [*self.words(account or self.account.name), "true"]
        return subprocess.run(words, capture_output=True, check=False).returncode == 0


class Person:
    """Somebody at a terminal."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self.seen = b""

    def types(self, text: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

    def sees(self, text: str) -> None:
        """Wait until that stands on the terminal."""
        eventually(lambda: text.encode() in self._screen(), within=20)

    def is_gone(self) -> bool:
        """Wait until the session has ended."""
        return eventually(lambda: self._process.poll() is not None, within=20)

    def _screen(self) -> bytes:
        assert self._process.stdout
        self.seen += (self._process.stdout.read() or b"").replace(b"\r", b"")
        return self.seen


@contextmanager
def linux_machine(folder: Path, account: Account) -> Iterator[Machine]:
    """Yield a machine whose server runs."""
    folder.mkdir()
    folder.chmod(0o755)
    key = new_key(folder / "id")
    allowed = folder / "allowed"
    allowed.write_text(key.with_suffix(".pub").read_text())
    lines = ("AllowUsers root", "PermitRootLogin prohibit-password")
    lines = (*lines, f"AuthorizedKeysFile {allowed}")
    with ssh_server(folder / "sshd", account, *lines, under=("sh", "-c", APART, "-")) as server:
        yield Machine(server, key, account)
