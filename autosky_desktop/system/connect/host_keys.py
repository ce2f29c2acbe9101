"""The host key by which an SSH server is known, read before anything is sent to it.

ssh itself looks, because only ssh goes the way that the session will go: by the person's
configuration, over the same addresses, with the same algorithms. It stops before it signs in.
"""

import asyncio
import base64
import binascii
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from msgspec import Struct

from autosky_desktop.system import clock
from autosky_desktop.system.connect import process, ssh_agent, ssh_words
from autosky_desktop.system.connect import target as gate
from autosky_desktop.system.connect.probe import FRESH, NOBODY, NotSeen, Why
from autosky_desktop.system.connect.process import ClientFailed, ClientMissing

SECONDS = 30.0
"""For one look at all the addresses of a name; ssh itself gives each of them ten."""
MOST_KINDS = 4
"""Of keys that a server is asked for until the wanted one comes."""

KINDS = ("ed25519", "ecdsa", "rsa")
"""As ssh-keyscan calls them, the preferred one first."""

REVOKED = "@revoked"
KNOWN_HOSTS = re.compile(r"^(?:user|global)knownhostsfile (.+)$", re.MULTILINE)
FILES = re.compile(r" (?=/)")
"""Between the files that ssh prints, whose names may have spaces."""

CERTIFICATE = "-cert-v01@openssh.com"
FIELDS = {"ssh-ed25519": 1, "ssh-rsa": 2, "ssh-dss": 4}
FIELDS_OF_ECDSA = 2
"""How many fields the key has that a certificate is about, by its kind."""


class HostKey(Struct, frozen=True):
    """A public key as known_hosts has it: its kind, and the rest in base64."""

    kind: str
    key: str

    @property
    def text(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint as in `Endpoint`."""
        digest = hashlib.sha256(base64.b64decode(self.key)).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def host_key(text: str) -> HostKey | None:
    """Return the key of "kind base64", of a certificate the key it is about; None if it is none."""
    if not gate.HOST_KEY.fullmatch(text.strip()):
        return None
    kind, _, key = text.strip().partition(" ")
    try:
        blob = base64.b64decode(key, validate=True)
        if kind.endswith(CERTIFICATE):
            kind = kind.removesuffix(CERTIFICATE)
            blob = _certified(kind, blob)
    except (binascii.Error, ValueError):
        return None
    return HostKey(kind, base64.b64encode(blob).decode()) if kind and blob else None


class SshAddress(Struct, frozen=True):
    """The address of an SSH server, and the account to sign in to there."""

    host: str
    port: int
    account: str


Look = HostKey | NotSeen | ClientMissing | ClientFailed


class HostKeys:
    """A reader of host keys. What was seen while a form was filled in serves the connection that
    follows, once: each look is a connection, and servers count those.
    """

    def __init__(self, own: Callable[[], bool]) -> None:
        """Look with the person's own configuration of ssh where `own` returns True."""
        self._own = own
        self._seen: dict[tuple[str, int], tuple[float, Look]] = {}
        self._settled: dict[tuple[str, int], str] = {}
        self._turns: defaultdict[tuple[str, int], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def answers(self, place: SshAddress, known: str = "") -> bool:
        """Return whether somebody answers. `known` is the key that is expected, if it is known."""
        at = place.host, place.port
        async with self._turns[at]:
            since, _seen = self._seen.get(at, (-FRESH, None))
            if clock.steady() - since < FRESH:
                return True
            look = await self._looked(place, known or self._settled.get(at, ""))
            if isinstance(look, NotSeen) and look.why in NOBODY:
                return False
            self._seen[at] = clock.steady(), look
            return True

    async def shown(self, place: SshAddress, known: str = "", wanted: str = "") -> HostKey:
        """Return the key that ssh is shown: the one with the fingerprint `wanted`, if there is one.

        Raises NotSeen, ClientMissing, ClientFailed.
        """
        at = place.host, place.port
        known = known or self._settled.get(at, "")
        if not await self.answers(place, known):
            raise NotSeen(Why.UNREACHABLE)
        _since, look = self._seen.pop(at)
        if isinstance(look, Exception):
            raise look
        expected = host_key(known)
        asked_for = expected is not None and expected.fingerprint == wanted
        if wanted and look.fingerprint != wanted and not asked_for:
            look = await self._among_others(place, look, wanted)
        if look.fingerprint == wanted:
            self._settled[at] = look.text
        return look

    async def _among_others(self, place: SshAddress, first: HostKey, wanted: str) -> HostKey:
        """Look for the wanted key: a server has one of each kind, and shows the kind asked for."""
        seen = [first.kind]
        while len(seen) < MOST_KINDS:
            look = await self._looked(place, without=seen)
            if not isinstance(look, HostKey) or look.kind in seen:
                break  # it has no other
            if look.fingerprint == wanted:
                return look
            seen.append(look.kind)
        return first

    async def _looked(
        self, place: SshAddress, known: str = "", without: Sequence[str] = ()
    ) -> Look:
        try:
            if sys.platform == "win32":
                return await asyncio.to_thread(_scanned, place, known, without)
            return await _look(place, known, without, own=self._own())
        except (NotSeen, ClientMissing, ClientFailed) as cause:
            return cause


async def _look(place: SshAddress, known: str, without: Sequence[str], *, own: bool) -> HostKey:
    program = shutil.which("ssh")
    if program is None:
        raise ClientMissing("ssh")
    where = place.host, place.port, place.account
    words = ssh_words.looking(program, *where, known=known, without=without, own=own)
    more = process.persons_own() | await _without_agent(program, where) if own else {}
    said = await _said(words, more, place.port)
    shown = (it for it in reversed(said.splitlines()) if it.startswith(ssh_words.SHOWN))
    key = host_key(next(shown, "").removeprefix(ssh_words.SHOWN))
    if key is None:
        raise NotSeen(ssh_words.unseen(said))
    if own and key.text in await _revoked(program, where):
        raise NotSeen(Why.REVOKED)
    return key


async def _revoked(program: str, where: tuple[str, int, str]) -> set[str]:
    """Return the keys that the person's lists of known servers call revoked, of whomever: those
    lists trust nobody here, and ssh is not shown them.
    """
    printed = await ssh_agent.printed(ssh_words.configured(program, *where))
    found = KNOWN_HOSTS.findall(printed)
    return set(await asyncio.to_thread(_marked, [it for line in found for it in FILES.split(line)]))


def _marked(files: Sequence[str]) -> list[str]:
    """Return the keys marked as revoked; a list that cannot be read revokes none."""
    lines: list[str] = []
    for file in map(Path, files):
        with suppress(OSError):
            if file.is_file():
                lines += file.read_text(errors="replace").splitlines()
    marked = (line.split() for line in lines if line.startswith(REVOKED))
    return [" ".join(words[2:4]) for words in marked]


async def _without_agent(program: str, where: tuple[str, int, str]) -> dict[str, str]:
    """Return what the environment must say so that a jump host does not wait for a silent agent."""
    agents = await ssh_agent.on_the_way(ssh_words.configured(program, *where))
    silent = await ssh_agent.silent_before(agents, ssh_agent.SECONDS)
    return {ssh_agent.BY_ENVIRONMENT: ""} if silent else {}


async def _said(words: Sequence[str], more: Mapping[str, str], port: int) -> str:
    """Run a program, and return what it complains of. Whatever it has started ends with it.

    Raises NotSeen where it takes too long, silent only if it has got through to such a port.
    """
    with _in_memory() as complaints:
        try:
            started = await asyncio.create_subprocess_exec(
                *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
                stderr=complaints, start_new_session=True,
                env=process.environment(**{**more, "SSH_ASKPASS_REQUIRE": "never"}),
            )  # fmt: skip
        except OSError as cause:
            raise ClientFailed("no-look") from cause
        try:
            async with asyncio.timeout(SECONDS):
                await started.wait()
        except TimeoutError:
            through = await asyncio.to_thread(process.is_through, started.pid, port)
            raise NotSeen(Why.SILENT if through else Why.UNREACHABLE) from None
        finally:
            if started.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(started.pid, signal.SIGKILL)
                await started.wait()
        complaints.seek(0)
        return complaints.read().decode(errors="replace")


def _in_memory() -> IO[bytes]:
    """Return a file that wants no room on a disk, where the system has such."""
    if sys.platform == "linux":
        return os.fdopen(os.memfd_create("ssh"), "w+b")
    return tempfile.TemporaryFile()


def _scanned(place: SshAddress, known: str, without: Sequence[str]) -> HostKey:
    """Return the key that ssh-keyscan sees; on Windows, whose ssh may not tell what it is shown."""
    program = shutil.which("ssh-keyscan")
    if program is None:
        raise ClientMissing("ssh-keyscan")
    expected = host_key(known)
    for kinds in ([_short(expected.kind)] if expected else []), KINDS:
        said = _scan([program, "-T", "5", "-t", ",".join(kinds)], place) if kinds else ""
        for line in said.splitlines():
            key = host_key(line.partition(" ")[2])
            if key and key.kind not in without:
                return key
    raise NotSeen(Why.UNREACHABLE)


def _scan(words: list[str], place: SshAddress) -> str:
    try:
        return subprocess.run(
            [*words, "-p", str(place.port), "--", place.host],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS,
            env=process.environment(), check=False,
        ).stdout.decode(errors="replace")  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotSeen(Why.SILENT) from None
    except OSError as cause:
        raise ClientFailed("no-look") from cause


def _short(kind: str) -> str:
    """Return what ssh-keyscan calls a kind: "ed25519" for "ssh-ed25519"."""
    return kind.removeprefix("ssh-").partition("-")[0]


def _certified(kind: str, blob: bytes) -> bytes:
    """Return the key in a certificate: its name and a nonce come first, then the fields of the key.

    Raises ValueError.
    """
    fields = []
    for _field in range(2 + FIELDS.get(kind, FIELDS_OF_ECDSA)):
        length = int.from_bytes(blob[:4], "big")
        fields.append(blob[4 : 4 + length])
        blob = blob[4 + length :]
    if not all(fields):
        raise ValueError("no certificate")
    plain = [kind.encode(), *fields[2:]]
    return b"".join(len(field).to_bytes(4, "big") + field for field in plain)
