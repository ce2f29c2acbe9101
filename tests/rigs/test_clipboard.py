"""What other programs of a real screen read of a copied password."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.program import Desk
from tests.support.waiting import eventually

COPIES = Path(__file__).with_name("copies_a_password.py")
MARKER = "M4rker-of-the-clipboard"


def pasted(desk: Desk, kind: str = "UTF8_STRING") -> str:
    command = ["xclip", "-selection", "clipboard", "-out", "-target", kind]
    environment = {"PATH": os.defpath, "DISPLAY": desk.display}
    found = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=20)
    return found.stdout


@contextmanager
def copying(desk: Desk, milliseconds: int) -> Iterator["subprocess.Popen[str]"]:
    environment = {**os.environ, "DISPLAY": desk.display, "QT_QPA_PLATFORM": "xcb"}
    environment.pop("XAUTHORITY", None)
    with subprocess.Popen(
        [sys.executable, str(COPIES), str(milliseconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as program:
        assert program.stdout
        assert program.stdout.readline() == "copied\n"
        try:
            yield program
        finally:
            program.kill()


def test_it_can_be_pasted_with_the_hint_and_is_gone_after_its_time(desk: Desk) -> None:
    with copying(desk, 3000):
        assert eventually(lambda: pasted(desk)) == MARKER
        assert pasted(desk, "x-kde-passwordManagerHint") == "secret"
        eventually(lambda: pasted(desk) == "")


def test_it_is_gone_when_the_program_quits(desk: Desk) -> None:
    with copying(desk, 600_000) as program:
        assert eventually(lambda: pasted(desk)) == MARKER
        assert program.stdin
        program.stdin.close()
        assert program.stdout
        assert program.stdout.readline() == "left: \n"
        assert program.wait(20) == 0
        assert pasted(desk) == ""
