"""A check that one of this computer's clients starts, done as a connection starts it."""

import asyncio
import os
import shlex
import socket
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system import folders
from autosky_desktop.system.connect import freerdp, process, terminals
from autosky_desktop.system.connect.clients import CONSOLE, FREERDP, Client
from autosky_desktop.system.connect.process import Child, ClientFailed, ClientMissing

SECONDS = 15.0
LOOK_SECONDS = 0.04
WINDOWS = ("mstsc", "windows-app")
"""These open a window whatever they are asked: that they are there has to do."""

TITLE = "Autosky Desktop"


async def works(client: Client) -> bool:
    if client.id in WINDOWS:
        return await asyncio.to_thread(client.path.exists)
    if client.id in FREERDP:
        return await _reaches_for_a_server(client)
    if client.protocol is Protocol.SSH and client.id != CONSOLE:
        return await _opens(client)
    return await _says_its_version(client)


async def _opens(client: Client) -> bool:
    """Return whether a terminal runs a script in a window, which closes at once."""
    try:
        folder = await asyncio.to_thread(_folder)
    except OSError:
        return False
    with folder as name:
        began = Path(name) / "began"
        script = await asyncio.to_thread(_script, began)
        words = terminals.arguments(client.id, str(client.path), TITLE, script)
        try:
            return await _until(process.start(words), began.exists)
        except (ClientMissing, ClientFailed):
            return False


def _folder() -> "tempfile.TemporaryDirectory[str]":
    folders.runtime().mkdir(parents=True, exist_ok=True, mode=0o700)
    return tempfile.TemporaryDirectory(prefix="check-", dir=folders.runtime())


def _script(began: Path) -> str:
    """Write a script that makes that file when it runs; returns the script's path."""
    script = began.with_name("run.command")
    script.write_bytes(os.fsencode(f"#!/bin/sh\n: >{shlex.quote(str(began))}\n"))
    script.chmod(0o700)
    return str(script)


async def _until(terminal: Child, began: Callable[[], bool]) -> bool:
    """Wait until it has begun; returns whether it has.

    A terminal that ends with 0 may have handed over to a window that was open already.
    """
    waited = 0.0
    while waited < SECONDS and not began():
        if terminal.code:
            return False
        await asyncio.sleep(LOOK_SECONDS)
        waited += LOOK_SECONDS
    return began()


async def _reaches_for_a_server(client: Client) -> bool:
    """Return whether FreeRDP looks for a server, which it does once its display is open. Where it
    looks, there is none.
    """
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        place = f"/v:127.0.0.1:{taken.getsockname()[1]}"
        try:
            child = process.start(
                [str(client.path), place, "/u:test", "/d:", "/from-stdin:force", "/cert:deny"],
                given=b"\n",
            )
        except (ClientMissing, ClientFailed):
            return False
        try:
            async with asyncio.timeout(SECONDS):
                code = await child.ended()
        except TimeoutError:
            child.end()
            return False
    outcome = freerdp.outcome(code, shown=False, signs_in_first=False)
    return outcome is not ConnectionOutcome.CLIENT_FAILED


async def _says_its_version(client: Client) -> bool:
    """Return whether the client runs at all: what it says is not read."""
    try:
        started = await asyncio.create_subprocess_exec(
            client.path, "-V" if client.id == CONSOLE else "--version",
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
