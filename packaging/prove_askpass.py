"""Prove that a frozen program gives ssh the password it asks for.

usage: prove_askpass.py AUTOSKY     the frozen command
"""

import socket
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

QUESTION, ANSWER = b"ana@127.0.0.1's password: ", b"only for this proof"


def main(autosky: str) -> int:
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as line:
        path = str(Path(folder) / "socket")
        line.bind(path)
        line.listen(1)
        line.settimeout(30.0)
        helper = subprocess.Popen(
            [autosky, "askpass", QUESTION],
            env={"AUTOSKY_ASKPASS": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        caller, _ = line.accept()
        with caller, caller.makefile("rb") as words:
            asked = words.read()
            caller.sendall(b"+" + ANSWER)
        said, _ = helper.communicate(timeout=30)
    if (asked, said, helper.returncode) == (QUESTION, ANSWER + b"\n", 0):
        return 0
    print(f"Frozen, asked by ssh: {asked!r} became {said!r} and code {helper.returncode}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
