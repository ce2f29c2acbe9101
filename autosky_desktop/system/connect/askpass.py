"""What ssh runs for a password: asks the program that started it, or else the person.

Run as a file of its own by a bare Python: nothing of this package may be imported here.
"""

import getpass
import os
import signal
import socket
import sys
from pathlib import Path

SOCKET = "AUTOSKY_ASKPASS"
GIVEN = b"+"
REFUSED = b"-"
SECONDS = 10.0
NOTE = "none"
"""What ssh calls words that want no answer: it ends us when it goes on."""


def main(prompt: str) -> int:
    if os.environ.get("SSH_ASKPASS_PROMPT") == NOTE:
        return _noted(prompt)
    said = asked(os.environ.get(SOCKET, ""), prompt)
    answer = said[1:] if said.startswith(GIVEN) else _typed(prompt, refused=said == REFUSED)
    if answer is None:
        return 1
    sys.stdout.buffer.write(answer + b"\n")
    return 0


def _typed(prompt: str, *, refused: bool) -> bytes | None:
    """What the person answers; one whose password was wrong is asked elsewhere, and not here."""
    if refused:
        return None
    try:
        return getpass.getpass(_shown(prompt)).encode()
    except (EOFError, KeyboardInterrupt, OSError):
        return None


def _noted(prompt: str) -> int:
    """As that a security key wants to be touched: whatever is typed is not for us."""
    try:
        Path("/dev/tty").write_text(f"{_shown(prompt)}\n", encoding="utf-8")
    except OSError:
        return 1
    signal.pause()
    return 0


def _shown(prompt: str) -> str:
    return "".join(letter for letter in prompt if letter.isprintable())


def asked(path: str, prompt: str) -> bytes:
    """What the program says: GIVEN and the answer, or REFUSED; empty: it has none, or has gone."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(SECONDS)
            line.connect(path)
            line.sendall(prompt.encode(errors="replace"))
            line.shutdown(socket.SHUT_WR)
            with line.makefile("rb") as answers:
                return answers.read()
    except OSError:
        return b""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
