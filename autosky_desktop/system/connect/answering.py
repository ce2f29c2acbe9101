"""A listener that hands one password to ssh's helper, once: over a socket nobody else can reach."""

import os
import re
import socket
import struct
import sys
import threading
from pathlib import Path

from autosky_desktop.system.connect.askpass import GIVEN, REFUSED
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target

SECONDS = 60.0
PATIENCE = 2.0
LONGEST_PROMPT = 4096
ACCEPTED = b" with partial success."


USER_BYTES, HOST_BYTES = 30, 128
"""How much of a name some versions of ssh put into their question; others put all."""
KINDS = r"(enter|your|unix|ldap|ad|domain|windows|kerberos|radius|tacacs\+?|login) "
"""What servers put before the word when they ask through PAM."""


def is_ours(prompt: str, account: str, host: str) -> bool:
    """Return whether ssh asks for that account's password there. The beginning is ssh's own text;
    what a server says itself comes after it, and is no reason to hand over anything else. Lines
    that tell something may stand before the one that asks.
    """
    who = rf"{_whole_or_cut(account, USER_BYTES)}@{_whole_or_cut(host, HOST_BYTES)}'s password"
    whole = rf"\(({re.escape(account)}|{re.escape(_in_ascii(account))})@{re.escape(host)}\)"
    asked = rf"{whole} (.*\n)*({KINDS})*password( for {re.escape(account)}(@[\w.:-]+)?)?"
    return bool(re.fullmatch(rf"({who}|{asked}): ?", prompt, re.IGNORECASE))


def _whole_or_cut(name: str, most: int) -> str:
    """Return a pattern for a name, whole or cut by bytes, perhaps in the middle of a letter."""
    cut = name.encode()[:most].decode(errors="replace")
    return f"({re.escape(name)}|{re.escape(cut)})"


def _in_ascii(name: str) -> str:
    """Return the name as ssh writes it where the language has no such letters (LANG=C)."""
    return "".join(chr(it) if it < 128 else f"\\{it:03o}" for it in name.encode())


class AskpassListener:
    """A listener that answers once, until `close` is called or `seconds` are over. `handed`: it
    has; `more`: the server asked for something else after that.

    Asked for that password again, it refuses: ssh goes from one way of signing in to the next with
    what was wrong already, and the person is to hear of it instead of being asked in the terminal.
    A server that wants it in two ways says that it has accepted it the first time: `said` is where
    ssh writes that. A person's own configuration may call the server something else: `called` holds
    those names.
    """

    def __init__(
        self, path: Path, target: Target, account: str, secret: Secret, seconds: float = SECONDS,
        *, called: Path | None = None, said: Path | None = None,
    ) -> None:  # fmt: skip
        self.handed = self.more = False
        self._path, self._called, self._said = path, called, said
        self._times = 0
        self._account, self._host = account, target.host
        self._secret = Secret(secret.reveal().decode())
        self._over = threading.Event()
        self._late = threading.Timer(seconds, self.close)
        self._late.daemon = True
        self._line = socket.socket(socket.AF_UNIX)
        try:
            self._line.bind(str(path))
            path.chmod(0o600)
            self._line.listen(4)
        except OSError:
            self._line.close()
            self._secret.forget()
            raise
        self._late.start()
        threading.Thread(target=self._serve, name="askpass", daemon=True).start()

    def close(self) -> None:
        self._over.set()
        self._late.cancel()
        self._secret.forget()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        with self._line:
            self._line.settimeout(PATIENCE)
            while not self._over.is_set():
                self._one()

    def _one(self) -> None:
        try:
            caller, _ = self._line.accept()
            with caller:
                caller.settimeout(PATIENCE)
                if is_same_person(caller):
                    self._answer(caller)
        except OSError:  # nobody came, or left again
            return

    def _answer(self, caller: socket.socket) -> None:
        with caller.makefile("rb") as words:
            prompt = words.read(LONGEST_PROMPT).decode(errors="replace")
        if not any(is_ours(prompt, self._account, name) for name in self._names()):
            self.more = self.more or self.handed
            return
        given = self._secret.reveal() if self._times <= self._accepted() else b""
        self._times += bool(given)
        self.handed = self._times > 0
        caller.sendall(GIVEN + given if given else REFUSED)

    def _accepted(self) -> int:
        """Return how often the server has said that the password was right, and not enough."""
        if self._said is None or not self._said.exists():
            return 0
        return self._said.read_bytes().count(ACCEPTED)

    def _names(self) -> list[str]:
        if self._called and self._called.exists():
            return self._called.read_text(errors="replace").splitlines()
        return [self._host]


def is_same_person(caller: socket.socket) -> bool:
    """Return whether the kernel says the caller is this person; on macOS it cannot tell, but the
    folder lets nobody else in.
    """
    if sys.platform != "linux":
        return True
    said = caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", said)[1] == os.getuid())
