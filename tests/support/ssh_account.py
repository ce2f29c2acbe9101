"""A throw-away account of this computer, for servers that sign people in."""

import pwd
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from tests.support.waiting import eventually

IN_USE = 8
"""What userdel ends with while somebody is signed in."""


class Account(Struct, frozen=True):
    name: str
    password: str


@contextmanager
def throw_away_account(password: str) -> Iterator[Account]:
    """Yield an account, and take it away with its home and its processes. Needs root."""
    name = f"autosky-{secrets.token_hex(4)}"
    subprocess.run(["useradd", "--create-home", "--shell", "/bin/bash", name], check=True)
    try:
        subprocess.run(["chpasswd"], input=f"{name}:{password}\n".encode(), check=True)
        yield Account(name, password)
    finally:
        eventually(lambda: _taken_away(name), within=20)


def _taken_away(name: str) -> bool:
    """Return whether it is gone: a server may still be about to do something in its name."""
    user = str(pwd.getpwnam(name).pw_uid)
    subprocess.run(["pkill", "-KILL", "-U", user], check=False)
    taken = subprocess.run(["userdel", "--remove", name], check=False, capture_output=True)
    assert taken.returncode in (0, IN_USE), taken.stderr
    return taken.returncode == 0
