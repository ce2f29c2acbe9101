"""A control plane, or a provider, that falls silent under what somebody asks for."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from autosky_desktop.actions import looking_first
from autosky_desktop.client import transport
from autosky_desktop.flows import line
from autosky_desktop.flows.local_plane import LocalPlane
from autosky_desktop.server.providers.simulated import Faults, ledger
from autosky_desktop.store import store as connection
from autosky_desktop.system.embedded import EmbeddedControlPlane
from tests.journeys.conftest import Open
from tests.support.control_plane import Running
from tests.support.desktop import desktop_at
from tests.support.person import Person, texts

MAYBE = "No answer came. It may still be done: look again when the connection is back."
STOP = "Stop DB-ERP-PROD-01?"


@asynccontextmanager
async def a_life(
    folder: Path, me: Person, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[EmbeddedControlPlane]:
    """A window on a control plane in a process of its own, which is soon missed."""
    life = EmbeddedControlPlane(folder / "data", "--speed", "100")
    connector = LocalPlane(lambda: life, life)
    try:
        async with desktop_at(connector):
            await me.sees("Server status: Stopped", patience=60)
            await me.sees("Connection: Live")
            monkeypatch.setattr(transport, "SLOW", 0.5)
            monkeypatch.setattr(line, "ANSWERS_WITHIN", 1.0)
            yield life
    finally:
        os.kill(life.pid, signal.SIGCONT)
        connector.close()


async def test_a_publication_that_a_hanging_control_plane_does_later_is_not_told_as_failed(
    qloop: object, tmp_path: Path, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_life(tmp_path, me, monkeypatch) as life:
        await me.opens_tab("Publish")
        await me.presses("Publish version 42")
        await me.sees("Publish version 42 to ERP Production?")
        os.kill(life.pid, signal.SIGSTOP)
        await me.presses("Publish version 42")
        await me.sees(MAYBE)
        await me.sees("Connection: Offline")
        os.kill(life.pid, signal.SIGCONT)
        await me.sees("Connection: Live", patience=30)
        await me.no_longer_sees("Publish version 42 to ERP Production?")
        assert MAYBE not in texts()
        await me.sees("Version 42 is published", patience=90)


async def test_a_shutdown_that_a_hanging_control_plane_cancels_later_leaves_no_error(
    qloop: object, tmp_path: Path, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_life(tmp_path, me, monkeypatch) as life:
        await me.presses("Start server PREP-ERP-PROD-01")
        await me.presses("Start server")
        await me.sees("Server status: Running", patience=30)
        await me.presses("Cancel scheduled shutdown")
        await me.sees("Keep PREP-ERP-PROD-01 running")
        os.kill(life.pid, signal.SIGSTOP)
        await me.presses("Cancel shutdown")
        await me.sees(MAYBE)
        await me.sees("Connection: Offline")
        os.kill(life.pid, signal.SIGCONT)
        await me.sees("Scheduled shutdown: none", patience=30)
        await me.no_longer_sees("Keep PREP-ERP-PROD-01 running")
        assert MAYBE not in texts()


async def test_a_provider_that_hangs_is_named_and_nobody_has_to_wait_for_it(
    qloop: object, plane: Running, open_window: Open, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_window():
        await me.sees("Connection: Live")
        plane.break_cloud(Faults(hangs=True))
        monkeypatch.setattr(connection, "STALE", timedelta(0))
        for leave in ("Go back", ""):
            await me.clicks_cell("Actions for DB-ERP-PROD-01")
            await me.chooses("Stop server…")
            await me.types("Type ERP Production to confirm", "ERP Production")
            await me.presses("Stop server")
            await me.sees("Asking the provider first…")
            if leave:
                await me.presses(leave)
            else:
                me.key(Qt.Key.Key_Escape)
            await me.no_longer_sees(STOP)
        monkeypatch.setattr(looking_first, "PATIENCE", 0.5)
        await me.clicks_cell("Actions for DB-ERP-PROD-01")
        await me.chooses("Stop server…")
        await me.types("Type ERP Production to confirm", "ERP Production")
        await me.presses("Stop server")
        await me.sees("The provider does not answer. Nothing was asked for.")
        assert not any(it.kind == "stop" for it in ledger(plane.folder / "cloud"))
        monkeypatch.setattr(looking_first, "PATIENCE", 60.0)
        plane.break_cloud(Faults())
        await me.presses("Try again")
        await me.no_longer_sees(STOP)
        assert sum(it.count for it in ledger(plane.folder / "cloud") if it.kind == "stop") == 1
