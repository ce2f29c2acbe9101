"""A throw-away account of this computer, for servers that sign people in."""

import pwd
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from tests.support.waiting import eventually


class Account(Struct, frozen=True):
    name: str
    password: str


@contextmanager
def throw_away_account(password: str) -> Iterator[Account]:
    """Taken away again with its home and whatever still runs in its name. Needs root."""
    name = f"autosky-{secrets.token_hex(4)}"
    subprocess.run(["useradd", "--create-home", "--shell", "/bin/bash", name], check=True)
    try:
        subprocess.run(["chpasswd"], input=f"{name}:{password}\n".encode(), check=True)
        yield Account(name, password)
    finally:
        user = str(pwd.getpwnam(name).pw_uid)
        eventually(lambda: _ended_everything_of(user), within=10)
        subprocess.run(["userdel", "--remove", name], check=True, capture_output=True)


def _ended_everything_of(user: str) -> bool:
    """Whether nothing was left to end (pkill's code then is 1)."""
    return subprocess.run(["pkill", "-KILL", "-U", user], check=False).returncode == 1
