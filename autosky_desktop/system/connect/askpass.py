"""The program that ssh runs for a password: it asks whoever started it, or else the person.

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
    """Return what the person types; None if nothing, and after a wrong password, which is asked for
    elsewhere.
    """
    if refused:
        return None
    try:
        return getpass.getpass(_shown(prompt)).encode()
    except (EOFError, KeyboardInterrupt, OSError):
        return None


def _noted(prompt: str) -> int:
    """Show a notice, such as to touch a security key, and take nothing that is typed meanwhile."""
    try:
        Path("/dev/tty").write_text(f"{_shown(prompt)}\n", encoding="utf-8")
    except OSError:
        return 1
    signal.pause()
    return 0


def _shown(prompt: str) -> str:
    """Return the question without what would act on the terminal. It may have several lines."""
    return "".join(letter for letter in prompt if letter.isprintable() or letter == "\n")


def asked(path: str, prompt: str) -> bytes:
    """Return the program's answer: GIVEN and the password, or REFUSED; empty if there is none."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(SECONDS)
            line.connect(path)
            line.sendall(os.fsencode(prompt))
            line.shutdown(socket.SHUT_WR)
            with line.makefile("rb") as answers:
                return answers.read()
    except OSError:
        return b""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
