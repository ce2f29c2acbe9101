"""What ssh runs for a password: asks the program that started it, or else the person.

Run as a file of its own by a bare Python: nothing of this package may be imported here.
"""

import getpass
import os
import socket
import sys

SOCKET = "AUTOSKY_ASKPASS"
GIVEN = b"+"
SECONDS = 10.0


def main(prompt: str) -> int:
    answer = asked(os.environ.get(SOCKET, ""), prompt)
    if answer is None:
        shown = "".join(letter for letter in prompt if letter.isprintable())
        try:
            answer = getpass.getpass(shown).encode()
        except (EOFError, KeyboardInterrupt, OSError):
            return 1
    sys.stdout.buffer.write(answer + b"\n")
    return 0


def asked(path: str, prompt: str) -> bytes | None:
    """What the program answers; None: it has no answer, or has gone."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(SECONDS)
            line.connect(path)
            line.sendall(prompt.encode(errors="replace"))
            line.shutdown(socket.SHUT_WR)
            with line.makefile("rb") as answers:
                answer = answers.read()
    except OSError:
        return None
    return answer[1:] if answer.startswith(GIVEN) else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
