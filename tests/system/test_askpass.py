"""What ssh's helper does in a terminal of its own."""

import os
import shutil
import socket
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autosky_desktop.system.connect import askpass

pytestmark = pytest.mark.skipif(not shutil.which("setsid"), reason="there is no setsid here")


@contextmanager
def helper(prompt: str, **more: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """The helper with that question, and the other end of its terminal."""
    terminal, own = os.openpty()
    words = ["setsid", "--ctty", "--wait", sys.executable, "-I", "-S", askpass.__file__, prompt]
    try:
        with subprocess.Popen(
            words, stdin=own, stdout=subprocess.PIPE, stderr=own, env={**os.environ, **more}
        ) as process:
            yield process, terminal
    finally:
        os.close(own)
        os.close(terminal)


def heard(terminal: int, words: bytes) -> bool:
    said = b""
    while words not in said:
        said += os.read(terminal, 1024)
    return True


def echoes(terminal: int) -> bool:
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def test_words_that_want_no_answer_are_shown_and_take_none() -> None:
    with helper("Confirm user presence for key ED25519-SK", SSH_ASKPASS_PROMPT="none") as (
        process,
        terminal,
    ):
        assert heard(terminal, b"Confirm user presence")
        assert echoes(terminal)
        os.write(terminal, b"for the session\n")
        assert process.poll() is None
        process.terminate()  # as ssh does once the key was touched
        assert process.wait(10)
        assert process.stdout
        assert process.stdout.read() == b""


@pytest.mark.parametrize("language", ["C", "C.UTF-8", "pt_BR.ISO8859-1"])
def test_a_question_comes_whole_to_who_can_answer_it(language: str, tmp_path: Path) -> None:
    """Byte by byte, whatever the language is called: by that it is known."""
    prompt = "joão@db's password: "
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        with helper(prompt, LC_ALL=language, **{askpass.SOCKET: str(tmp_path / "s")}):
            caller, _ = listening.accept()
            with caller, caller.makefile("rb") as words:
                heard_there = words.read()
                caller.sendall(askpass.GIVEN)
    assert heard_there == prompt.encode()


def test_a_question_of_several_lines_stays_one() -> None:
    with helper("(ana@db) Choose:\n\n 1. Push \x1b[31mto\r you\n\nOption: ") as (process, terminal):
        assert heard(terminal, b"(ana@db) Choose:\r\n\r\n 1. Push [31mto you\r\n\r\nOption: ")
        os.write(terminal, b"1\n")
        assert process.wait(10) == 0


def test_a_question_is_answered_unseen() -> None:
    with helper("Enter passphrase for key: ") as (process, terminal):
        assert heard(terminal, b"Enter passphrase for key: ")
        assert not echoes(terminal)
        os.write(terminal, b"secret\n")
        assert process.wait(10) == 0
        assert process.stdout
        assert process.stdout.read() == b"secret\n"
