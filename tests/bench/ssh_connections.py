"""The bench of SSH connections: one click may cost a server at most two, session included.

    python tests/bench/ssh_connections.py

A real server of each kind, on loopback; its own log is what counts. Ends with 1 when a click costs
more. What is done only once for a server is told and has no bar. Needs root, for its account.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.screen import virtual_screen
from tests.support.ssh_account import Account, throw_away_account
from tests.support.ssh_server import Server, certified, missing, new_key, shown, ssh_server
from tests.support.ssh_way import Way, aim

BAR = 2
MARKER = "M4rker-of-the-bench"


def main() -> int:
    if why := missing():
        sys.stdout.write(f"not run: {why}\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="autosky-bench-") as name, computer(Path(name)) as who:
        worst = max(click for kind in KINDS for click in clicks(Path(name), who, kind))
    sys.stdout.write(f"at most {worst} connections a click (bar {BAR})\n")
    return 1 if worst > BAR else 0


KINDS = ("one key", "MaxStartups 1", "a certificate", "three keys", "three keys, RSA is named")


def clicks(folder: Path, account: Account, kind: str) -> Iterator[int]:
    """Yield what each of three clicks costs; the first looks for a named key among all keys."""
    folder /= kind.replace(" ", "-")
    folder.mkdir()
    keys = [new_key(folder / it, it) for it in ("ed25519", "ecdsa", "rsa")]
    lines = [kind] if kind.startswith("Max") else []
    if kind == "a certificate":
        lines = [f"HostCertificate {certified(keys[0], new_key(folder / 'authority'))}"]
    if kind.startswith("three"):
        lines = [f"HostKey {key}" for key in keys]
    named = shown(keys[-1]) if kind.endswith("named") else ""
    way = Way(folder / "settings")
    with ssh_server(folder / "server", account, *lines, key=keys[0]) as server:
        costs = [cost(way, server, account, named) for _click in range(3)]
    sys.stdout.write(f"{kind}: {', '.join(map(str, costs))}\n")
    yield from costs[1 if named else 0 :]


def cost(way: Way, server: Server, account: Account, named: str) -> int:
    before = server.connections()
    assert way.goes(aim(server, account), MARKER, named).up
    return server.connections() - before


@contextmanager
def computer(folder: Path) -> Iterator[Account]:
    """Yield a screen and folders for the client, and an account for the servers."""
    os.environ.pop("SSH_AUTH_SOCK", None)
    os.environ.pop("WAYLAND_DISPLAY", None)
    with virtual_screen() as display, throw_away_account(MARKER) as account:
        os.environ.update(DISPLAY=display, HOME=str(folder), XDG_RUNTIME_DIR=str(folder / "run"))
        yield account


if __name__ == "__main__":
    sys.exit(main())
