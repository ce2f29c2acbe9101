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
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from autosky_desktop.words import command_line as words
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from autosky_desktop.domain.mail import MailServer
    from autosky_desktop.server.process.certificate import Certificate

LOOPBACK = "127.0.0.1"
DATABASES = ("postgresql", "postgres")
LOG_FORMATS = ("text", "json")

FASTEST = 1_000_000
LONGEST = 20
"""The most digits of a number that are read: more would only take time."""


SERVE, MIGRATE = "autosky serve", "autosky migrate"
DATABASE_PASSWORD = "AUTOSKY_DATABASE_PASSWORD"  # noqa: S105
"""The variable that holds the password, where no file does."""

TOKEN = re.compile("[!-~]{1,1000}")

Size = tuple[int, int]
"""The number of environments, and of servers in each."""


def refuse(sentence: str, program: str = SERVE) -> NoReturn:
    """Write one sentence and exit with 2, as a shell expects of a wrong call."""
    sys.stderr.write(f"{program}: {sentence}\n")
    raise SystemExit(2)


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        refuse(message, self.prog)


def migrating() -> argparse.ArgumentParser:
    """Return what reads the command line of `autosky migrate`."""
    made = Parser(prog=MIGRATE, description=_(words.MIGRATE))
    _add_database(made, required=True)
    return made


def _add_database(made: argparse.ArgumentParser, *, required: bool = False) -> None:
    made.add_argument("--database", metavar="URL", required=required, help=_(words.DATABASE))
    made.add_argument(
        "--database-password-file", type=Path, metavar="FILE", help=_(words.DATABASE_PASSWORD_FILE)
    )


def parser() -> argparse.ArgumentParser:
    import socket  # not for the desktop, which reads its own options with `speed`

    made = Parser(prog=SERVE, description=_(words.SERVE))
    add = made.add_argument
    here = Path.cwd()  # serving begins by going elsewhere
    add("--embedded", type=Path, metavar="FOLDER", help=_(words.EMBEDDED))
    add("--data", type=Path, metavar="FOLDER", default=Path("autosky-data"))
    _add_database(made)
    add("--host", default=LOOPBACK)
    add("--port", type=_whole(0, 65535), default=8470)
    add("--token-file", type=Path, metavar="FILE", help=_(words.TOKEN_FILE))
    add("--tls-certificate", type=here.joinpath, metavar="FILE", help=_(words.TLS_CERTIFICATE))
    add("--tls-key", type=here.joinpath, metavar="FILE", help=_(words.TLS_KEY))
    add("--sign-in", action="store_true", help=_(words.SIGN_IN))
    add("--openid", type=here.joinpath, metavar="FILE", help=_(words.OPENID))
    add("--metrics", type=_address, metavar="[HOST:]PORT", help=_(words.METRICS))
    add("--log-format", choices=LOG_FORMATS, default=LOG_FORMATS[0], help=_(words.LOG_FORMAT))
    add("--name", default=socket.gethostname(), help=_(words.NAME))
    add("--smtp", metavar="HOST:PORT", help=_(words.SMTP))
    add("--mail-from", metavar="ADDRESS", help=_(words.MAIL_FROM))
    add("--smtp-login", type=Path, metavar="FILE", help=_(words.SMTP_LOGIN))
    add("--speed", type=speed, help=_(words.SPEED))
    add("--empty", action="store_true", help=_(words.EMPTY))
    add("--endpoints", type=here.joinpath, metavar="FILE", help=_(words.ENDPOINTS))
    add(
        "--environments",
        type=_many_or_file(here),
        metavar="N|FILE",
        help=_(words.ENVIRONMENTS),
    )
    add(
        "--servers",
        type=_whole(1, 1_000),
        metavar="M",
        default=20,
        help=_(words.SERVERS),
    )
    return made


def _whole(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `least` to `most`, with a sentence for any other."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and least <= (number := int(text[:LONGEST])) <= most:
            return number
        raise argparse.ArgumentTypeError(words.no_number(text, least, most))

    return read


def _address(text: str) -> tuple[str, int]:
    """Read where to listen: a port, of this computer alone, or of the host that is named."""
    host, named, port = text.rpartition(":")
    return host.strip("[]") if named else LOOPBACK, _whole(0, 65535)(port)


def speed(text: str) -> float:
    """Read how fast the demo's cloud runs, as somebody typed it."""
    try:
        given = float(text)
    except ValueError:
        given = math.nan
    if not 0 < given <= FASTEST:  # nor is it anything when it is no number
        raise argparse.ArgumentTypeError(words.no_speed(text, FASTEST))
    return given


def _many_or_file(here: Path) -> Callable[[str], int | Path]:
    """Return a reader of what is a number, or else a file."""
    number = _whole(1, 10_000)
    return lambda text: number(text) if text.lstrip("+-").isdigit() else here / text


def size(given: argparse.Namespace) -> Size | None:
    many = given.environments
    return (many, given.servers) if isinstance(many, int) else None


def environments_file(given: argparse.Namespace) -> Path | None:
    return given.environments if isinstance(given.environments, Path) else None


def refuse_half_a_sign_in(given: argparse.Namespace) -> None:
    """Exit where people are to sign in and cannot."""
    if given.sign_in and find_spec("argon2") is None:
        refuse(_(words.SIGN_IN_MISSING))
    if given.openid is not None and not given.sign_in:
        refuse(_(words.OPENID_ALONE))


def own_token(given: argparse.Namespace) -> str:
    """Return the token that callers bring; "" where people sign in and none was given."""
    return "" if given.sign_in and given.token_file is None else token(given.token_file)


def token(file: Path | None) -> str:
    found = _asked(_(words.TOKEN) + " ") if file is None else _secret(file).strip()
    if not TOKEN.fullmatch(found):
        refuse(words.no_token(file))
    return found


def _asked(question: str) -> str:
    """Return what is typed unseen. Exits where there is no terminal to ask at."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would be seen
            return getpass.getpass(question)
    except (getpass.GetPassWarning, EOFError):
        refuse(_(words.NO_TERMINAL))


def certificate(given: argparse.Namespace) -> "Certificate | None":
    """Return the certificate, or None to speak HTTP alone. Exits when it is none."""
    if given.tls_certificate is None and given.tls_key is None:
        return None
    from autosky_desktop.server.process.certificate import Certificate, InvalidCertificate

    if given.tls_certificate is None or given.tls_key is None:
        refuse(_(words.HALF_A_CERTIFICATE))
    try:
        return Certificate(given.tls_certificate, given.tls_key)
    except InvalidCertificate as error:
        refuse(str(error))


def smtp(given: argparse.Namespace) -> "MailServer | None":
    """Return the mail server, or None to send no mail. Exits when only half of it was given."""
    if given.smtp is None:
        return None
    from autosky_desktop.domain.mail import SUBMISSION, MailServer, host_and_port, is_address

    if not given.mail_from:
        refuse(_(words.SENDER_MISSING))
    if not is_address(given.mail_from):
        refuse(words.no_sender(given.mail_from))
    named = host_and_port(given.smtp)
    if named is None and ":" in given.smtp:
        refuse(words.no_mail_server(given.smtp))
    host, port = named or (given.smtp, SUBMISSION)
    account, password = _login(given.smtp_login) if given.smtp_login else ("", "")
    return MailServer(
        host=host.strip("[]"),
        port=port,
        sender=given.mail_from,
        account=account,
        password=password,
    )


def database(given: argparse.Namespace, program: str = SERVE) -> "URL | None":
    """Return the address of the database with its password, which everybody on the computer could
    read on the command line. Exits where it stands there, or where it is no address.
    """
    if given.database is None:
        return None
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(given.database)
    except (ArgumentError, ValueError):
        refuse(_(words.NO_DATABASE), program)
    if url.drivername not in DATABASES or not url.database:
        refuse(_(words.NO_DATABASE), program)
    if url.password is not None or "password" in url.query:
        refuse(words.seen_password(DATABASE_PASSWORD), program)
    file: Path | None = given.database_password_file
    password = _secret(file, program).strip() if file else os.environ.pop(DATABASE_PASSWORD, None)
    return url.set(password=password)


def _login(file: Path) -> tuple[str, str]:
    lines = _secret(file).splitlines()
    if len(lines) != 2:
        refuse(words.no_login(file))
    return lines[0], lines[1]


def _secret(file: Path, program: str = SERVE) -> str:
    try:
        if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
            refuse(words.others_read(file), program)
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        refuse(words.unreadable(file, error), program)
