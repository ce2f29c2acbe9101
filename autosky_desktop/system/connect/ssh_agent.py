"""The person's ssh-agent: whether it answers, for a silent one would keep ssh waiting for ever."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from autosky_desktop.system.connect import process
from autosky_desktop.system.connect.process import ClientFailed

SECONDS = 5.0
PATIENCE = 20.0
"""The same where keys are all there is to sign in with: it may have to be unlocked."""

NAMED, JUMPS = "identityagent ", "proxyjump "
BY_ENVIRONMENT = "SSH_AUTH_SOCK"

LIST_KEYS = bytes([0, 0, 0, 1, 11])
HEAD = 5


class Agents(NamedTuple):
    """The sockets of the agents that ssh will ask, empty for none: for the server, and for the jump
    hosts before it.
    """

    own: str
    before: frozenset[str] = frozenset()


async def on_the_way(configured: Sequence[str] = (), hop: Sequence[str] = ()) -> Agents:
    """Return the agents by the person's configuration, where that counts: then these are the
    command lines that print it, of the server and of a jump host that we lead through.
    """
    said = await printed(configured)
    jumps = [it for it in _value(said, JUMPS, "none").split(",") if it != "none"]
    places = [it if "://" in it else f"ssh://{it}" for it in jumps]
    printing = [*([hop] if hop else []), *([configured[0], "-G", "--", it] for it in places)]
    return Agents(_path(said), frozenset([_path(await printed(it)) for it in printing]))


async def silent_before(agents: Agents, seconds: float) -> bool:
    """Return whether the environment's agent is silent for a jump host: then ssh must do without.

    Raises ClientFailed where it is one that only the person's configuration could leave out.
    """
    silent = [it for it in agents.before if not await answers(it, seconds)]
    if any(it != os.environ.get(BY_ENVIRONMENT) for it in silent):
        raise ClientFailed("silent-agent")
    return bool(silent)


def _path(configured: str) -> str:
    named = _value(configured, NAMED, BY_ENVIRONMENT)
    if named == "none":
        return ""
    if named.startswith("$"):
        return os.environ.get(named[1:], "")
    return os.environ.get(BY_ENVIRONMENT, "") if named == BY_ENVIRONMENT else named


def _value(configured: str, name: str, usual: str) -> str:
    lines = configured.splitlines()
    return next((it.removeprefix(name) for it in lines if it.startswith(name)), usual)


async def printed(words: Sequence[str]) -> str:
    """Return what a command prints; empty if it takes long or fails: then ssh itself says why."""
    if not words:
        return ""
    try:
        asked = await asyncio.create_subprocess_exec(
            *words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=process.environment(**process.persons_own()), start_new_session=True,
        )  # fmt: skip
    except OSError:
        return ""
    try:
        async with asyncio.timeout(SECONDS):
            said, _ = await asked.communicate()
    except TimeoutError:
        return ""
    finally:
        if asked.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(asked.pid, signal.SIGKILL)
            await asked.wait()
    return said.decode(errors="surrogateescape")


async def answers(path: str, seconds: float) -> bool:
    """Return False only for an agent that takes the question and says nothing: without one, and
    where nobody listens, ssh goes on by itself.
    """
    if not path:
        return True
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                writer.write(LIST_KEYS)
                await reader.readexactly(HEAD)
            finally:
                writer.transport.abort()
    except TimeoutError:
        return False
    except (OSError, EOFError):
        return True
    return True
