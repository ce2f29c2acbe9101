"""Who answers for SSH there: its host key's fingerprint, before anything is sent.

By ssh-keyscan, which signs in nowhere. It cannot look through a jump host: a server behind one
is known by the fingerprint that the control plane names, or not at all.
"""

import asyncio
import base64
import binascii
import hashlib
import shutil
import subprocess

from autosky_desktop.system.connect import process
from autosky_desktop.system.connect.probe import NotSeen, Why
from autosky_desktop.system.connect.process import ClientFailed, ClientMissing

SECONDS = 5
PREFERRED = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ssh-rsa")
"""As ssh itself prefers them, so that the key that was looked at is the one it will be shown."""


async def host_key(host: str, port: int, seconds: int = SECONDS) -> str:
    """The fingerprint ("SHA256:…") of the key that ssh would be shown.

    Raises NotSeen, ClientMissing, ClientFailed.
    """
    said = await asyncio.to_thread(_scan, host, port, seconds)
    found = keys(said)
    if not found:
        raise NotSeen(Why.SILENT)
    return found[min(found, key=_rank)]


async def known_line(host: str, port: int, shown: str, seconds: int = SECONDS) -> str:
    """The line for a known_hosts of the key with the fingerprint `shown`; empty: nobody shows it.

    What somebody in between would say is another key, and so no line. Raises as `host_key` does.
    """
    said = await asyncio.to_thread(_scan, host, port, seconds)
    return next((f"{line}\n" for line in said.splitlines() if shown in keys(line).values()), "")


def keys(said: str) -> dict[str, str]:
    """Fingerprints by the kind of key, out of lines as known_hosts has them."""
    found = {}
    for line in said.splitlines():
        words = line.split()
        if len(words) == 3 and not line.startswith("#"):
            found[words[1]] = fingerprint(words[2])
    return {kind: shown for kind, shown in found.items() if shown}


def fingerprint(key: str) -> str:
    """Of a key in base64; empty when it is none."""
    try:
        digest = hashlib.sha256(base64.b64decode(key, validate=True)).digest()
    except binascii.Error:
        return ""
    return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


def _rank(kind: str) -> int:
    return PREFERRED.index(kind) if kind in PREFERRED else len(PREFERRED)


def _scan(host: str, port: int, seconds: int) -> str:
    program = shutil.which("ssh-keyscan")
    if program is None:
        raise ClientMissing("ssh-keyscan")
    try:
        return subprocess.run(
            [program, "-T", str(seconds), "-p", str(port), "--", host],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds * 3,
            env=process.environment(),
            check=False,
        ).stdout.decode(errors="replace")
    except subprocess.TimeoutExpired:
        raise NotSeen(Why.SILENT) from None
    except OSError as cause:
        raise ClientFailed("no-scan") from cause
