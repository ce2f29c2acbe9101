"""Whether a client of this computer starts at all: asked for its version, it says one and ends."""

import asyncio
import subprocess

from autosky_desktop.system.connect import process
from autosky_desktop.system.connect.clients import FREERDP, Client

SECONDS = 10.0
WINDOWS = ("mstsc", "windows-app")
"""These open a window whatever they are asked: that they are there has to do."""


async def works(client: Client) -> bool:
    """What it says is not read: FreeRDP 2 ends with a code of its own for it."""
    if client.id in WINDOWS:
        return await asyncio.to_thread(client.path.exists)
    word = "/version" if client.id in FREERDP else "--version"
    try:
        started = await asyncio.create_subprocess_exec(
            client.path, word,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=process.environment(),
        )  # fmt: skip
    except OSError:
        return False
    try:
        async with asyncio.timeout(SECONDS):
            return await started.wait() >= 0  # negative: it crashed
    except TimeoutError:
        started.kill()
        await started.wait()
        return False
