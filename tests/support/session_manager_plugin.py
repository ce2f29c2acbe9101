"""A stand-in for AWS's Session Manager plugin, held to what that documents and its source shows.

Like it, it tells its version; is called with what opens the session (or the name of the variable
that holds it), region, operation, profile, request and address of the service; opens a port of
localhost, or of the host that SSM_PLUGIN_LOCAL_HOST names, and says which; takes leave of AWS when
it is interrupted, and not when it is ended otherwise; and ends with code 0 whatever went wrong.

It forwards to the port that the token stands for. What happened is written beside the program.
"""

import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import NoReturn

VERSION = "1.2.707.0"
VARIABLE = "AWS_SSM_START_SESSION_RESPONSE"


class StandIn:
    """The program in a folder. `said` is its record, line by line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        program = folder / "session-manager-plugin"
        program.write_text(f"#!{sys.executable}\n{Path(__file__).read_text()}")
        program.chmod(0o755)
        self.is_version(VERSION)
        self.leads({})

    def is_version(self, version: str) -> None:
        (self.folder / "version").write_text(version)

    def leads(self, tokens: dict[str, int]) -> None:
        """Let each of these tokens open a tunnel to that port of this computer."""
        (self.folder / "tunnels.json").write_text(json.dumps(tokens))

    @property
    def said(self) -> list[str]:
        record = self.folder / "record"
        return record.read_text().splitlines() if record.exists() else []


def main() -> None:
    here, arguments = Path(__file__).parent, sys.argv
    if arguments[1:] == ["--version"]:
        print((here / "version").read_text())
        return
    with (here / "record").open("a") as record:
        record.write(f"called {json.dumps(arguments[1:])} {json.dumps(sorted(os.environ))}\n")
    response, _region, operation, _profile, request, _service = arguments[1:]
    if response.startswith(VARIABLE):
        response = os.environ.pop(response, "")
    session = json.loads(response)
    assert operation == "StartSession"
    assert json.loads(request)["Target"]
    print(f"\nStarting session with SessionId: {session['SessionId']}", flush=True)
    port = json.loads((here / "tunnels.json").read_text()).get(session["TokenValue"])
    if port is None:
        print("Cannot perform start session: websocket: bad handshake", flush=True)
        return
    if port:
        _forward(here, session["SessionId"], port)
    threading.Event().wait()  # a plugin that never gets through


def _forward(here: Path, session: str, port: int) -> None:
    def leave(_number: int, _frame: object) -> NoReturn:
        with (here / "record").open("a") as record:
            record.write(f"terminated {session}\n")
        print(f"\n\nExiting session with sessionId: {session}.\n\n", flush=True)
        os._exit(0)

    signal.signal(signal.SIGINT, leave)
    host = os.environ.get("SSM_PLUGIN_LOCAL_HOST") or "localhost"
    listener = socket.create_server((host, 0))
    print(f"Port {listener.getsockname()[1]} opened for sessionId {session}.", end="")
    print("\nWaiting for connections...", flush=True)
    while True:
        here_, _ = listener.accept()
        there = socket.create_connection(("127.0.0.1", port))
        for one, other in ((here_, there), (there, here_)):
            threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    try:
        while heard := one.recv(65536):
            other.sendall(heard)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        other.close()


if __name__ == "__main__":
    main()
