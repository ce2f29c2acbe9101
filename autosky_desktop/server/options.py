"""What `autosky serve` is told: on its command line, and secrets in files of their own."""

import argparse
import getpass
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autosky_desktop.domain.mail import MailServer

LOOPBACK = "127.0.0.1"
THIS_COMPUTER = "This computer"
SUBMISSION = 587

Size = tuple[int, int]
"""Environments, and servers in each."""


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="autosky serve", description="Run a control plane.")
    add = made.add_argument
    here = Path.cwd()  # serving begins by going elsewhere
    add("--embedded", type=Path, metavar="FOLDER", help="serve the desktop on stdin and stdout")
    add("--data", type=Path, metavar="FOLDER", default=Path("autosky-data"))
    add("--host", default=LOOPBACK)
    add("--port", type=int, default=8470)
    add("--token-file", type=Path, metavar="FILE", help="readable by nobody else; else asked for")
    add("--name", default=THIS_COMPUTER, help="what the control plane calls itself")
    add("--smtp", metavar="HOST:PORT", help="the mail server that letters leave by")
    add("--mail-from", metavar="ADDRESS", help="the sender of those letters")
    add("--smtp-login", type=Path, metavar="FILE", help="user and password, a line each; as above")
    add("--speed", type=float, default=1.0, help="how fast the demo's cloud is")
    add("--endpoints", type=here.joinpath, metavar="FILE", help="real machines as servers")
    add("--environments", type=int, metavar="N", help="begin a new folder with so many, no demo")
    add("--servers", type=int, metavar="M", default=20, help="of each of those environments")
    return made


def crowd(given: argparse.Namespace) -> Size | None:
    return (given.environments, given.servers) if given.environments else None


def token(file: Path | None) -> str:
    if file is None:
        return getpass.getpass("Token callers must bring: ")
    return _secret(file).strip()


def smtp(given: argparse.Namespace) -> "MailServer | None":
    """The mail server, None: no mail is sent. Leaves the program when half of it is said."""
    if given.smtp is None:
        return None
    from autosky_desktop.domain.mail import MailServer, is_address

    if not given.mail_from:
        raise SystemExit("autosky serve: --smtp needs --mail-from")
    if not is_address(given.mail_from):
        raise SystemExit(f"autosky serve: {given.mail_from} is no address that mail can come from")
    host, port = _address(given.smtp)
    account, password = _login(given.smtp_login) if given.smtp_login else ("", "")
    return MailServer(
        host=host, port=port, sender=given.mail_from, account=account, password=password
    )


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon:
        return text, SUBMISSION
    if not port.isdecimal():
        raise SystemExit(f"autosky serve: {text} is not HOST:PORT")
    return host.strip("[]"), int(port)


def _login(file: Path) -> tuple[str, str]:
    lines = _secret(file).splitlines()
    if len(lines) != 2:
        raise SystemExit(f"autosky serve: {file} must hold a user and a password, a line each")
    return lines[0], lines[1]


def _secret(file: Path) -> str:
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise SystemExit(f"autosky serve: others may read {file}; chmod 600 it")
    return file.read_text()
