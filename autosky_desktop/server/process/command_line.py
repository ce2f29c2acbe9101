"""Reads what `autosky serve` is told on its command line, and secrets from files of their own."""

import argparse
import getpass
import math
import os
import re
import stat
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from autosky_desktop.words.command_line import SERVE
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.domain.mail import MailServer

LOOPBACK = "127.0.0.1"

FASTEST = 1_000_000
LONGEST = 20
"""The most digits of a number that are read: more would only take time."""


TOKEN = re.compile("[!-~]{1,1000}")

Size = tuple[int, int]
"""The number of environments, and of servers in each."""


def refuse(sentence: str) -> NoReturn:
    """Write one sentence and exit with 2, as a shell expects of a wrong call."""
    sys.stderr.write(f"autosky serve: {sentence}\n")
    raise SystemExit(2)


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        refuse(message)


def parser() -> argparse.ArgumentParser:
    import socket  # not for the desktop, which reads its own options with `speed`

    made = Parser(prog="autosky serve", description=_(SERVE))
    add = made.add_argument
    here = Path.cwd()  # serving begins by going elsewhere
    add("--embedded", type=Path, metavar="FOLDER", help="serve the desktop on stdin and stdout")
    add("--data", type=Path, metavar="FOLDER", default=Path("autosky-data"))
    add("--host", default=LOOPBACK)
    add("--port", type=_whole(0, 65535), default=8470)
    add("--token-file", type=Path, metavar="FILE", help="readable by nobody else; else asked for")
    add("--name", default=socket.gethostname(), help="what the control plane calls itself")
    add("--smtp", metavar="HOST:PORT", help="the mail server that letters leave by")
    add("--mail-from", metavar="ADDRESS", help="the sender of those letters")
    add("--smtp-login", type=Path, metavar="FILE", help="user and password, a line each; as above")
    add("--speed", type=speed, default=1.0, help="how fast the demo's cloud is")
    add("--endpoints", type=here.joinpath, metavar="FILE", help="real machines as servers")
    add(
        "--environments",
        type=_whole(1, 10_000),
        metavar="N",
        help="begin a new folder with so many, no demo",
    )
    add(
        "--servers",
        type=_whole(1, 1_000),
        metavar="M",
        default=20,
        help="of each of those environments",
    )
    return made


def _whole(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `least` to `most`, with a sentence for any other."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and least <= (number := int(text[:LONGEST])) <= most:
            return number
        raise argparse.ArgumentTypeError(f"{text} is no number from {least} to {most}")

    return read


def speed(text: str) -> float:
    """Read how fast the demo's cloud runs, as somebody typed it."""
    try:
        given = float(text)
    except ValueError:
        given = math.nan
    if not 0 < given <= FASTEST:  # nor is it anything when it is no number
        raise argparse.ArgumentTypeError(f"{text} is no speed above 0, up to {FASTEST}")
    return given


def size(given: argparse.Namespace) -> Size | None:
    return (given.environments, given.servers) if given.environments else None


def token(file: Path | None) -> str:
    if file is None:
        found, where = _asked("Token callers must bring: "), "the answer"
    else:
        found, where = _secret(file).strip(), str(file)
    if not TOKEN.fullmatch(found):
        refuse(f"{where} must be a token: letters, digits and signs, without spaces")
    return found


def _asked(question: str) -> str:
    """Return what is typed unseen. Exits where there is no terminal to ask at."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would be seen
            return getpass.getpass(question)
    except (getpass.GetPassWarning, EOFError):
        refuse("there is no terminal to ask for the token: put it in a file, for --token-file")


def smtp(given: argparse.Namespace) -> "MailServer | None":
    """Return the mail server, or None to send no mail. Exits when only half of it was given."""
    if given.smtp is None:
        return None
    from autosky_desktop.domain.mail import SUBMISSION, MailServer, host_and_port, is_address

    if not given.mail_from:
        refuse("--smtp needs --mail-from")
    if not is_address(given.mail_from):
        refuse(f"{given.mail_from} is no address that mail can come from")
    named = host_and_port(given.smtp)
    if named is None and ":" in given.smtp:
        refuse(f"{given.smtp} is not HOST:PORT")
    host, port = named or (given.smtp, SUBMISSION)
    account, password = _login(given.smtp_login) if given.smtp_login else ("", "")
    return MailServer(
        host=host.strip("[]"),
        port=port,
        sender=given.mail_from,
        account=account,
        password=password,
    )


def _login(file: Path) -> tuple[str, str]:
    lines = _secret(file).splitlines()
    if len(lines) != 2:
        refuse(f"{file} must hold a user and a password, a line each")
    return lines[0], lines[1]


def _secret(file: Path) -> str:
    try:
        if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
            refuse(f"others may read {file}; chmod 600 it")
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"{file} cannot be read: {error}")
