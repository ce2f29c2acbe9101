"""Whether the person's ssh-agent answers: one that does not would keep ssh waiting without end."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress

from autosky_desktop.system.connect import process

SECONDS = 5.0
PATIENCE = 20.0
"""The same where keys are all there is to sign in with: it may have to be unlocked."""

NAMED = "identityagent "
BY_ENVIRONMENT = "SSH_AUTH_SOCK"

LIST_KEYS = bytes([0, 0, 0, 1, 11])
HEAD = 5


async def path(configured: Sequence[str] = ()) -> str:
    """The socket of the agent that ssh will ask; empty: none. `configured` is the command line
    that prints the person's configuration, where that counts.
    """
    lines = (await _printed(configured)).splitlines() if configured else []
    named = next((it.removeprefix(NAMED) for it in lines if it.startswith(NAMED)), BY_ENVIRONMENT)
    if named == "none":
        return ""
    return os.environ.get(BY_ENVIRONMENT, "") if named == BY_ENVIRONMENT else named


async def _printed(words: Sequence[str]) -> str:
    """Empty where it takes long or fails: then ssh itself will say why."""
    try:
        asked = await asyncio.create_subprocess_exec(
            *words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=process.environment(), start_new_session=True,
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
    """False only for an agent that takes the question and says nothing: without one, and where
    nobody listens, ssh goes on by itself.
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
