"""What stands between the click and the first paint."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

LATE = {"asyncio", "qasync", "httpx", "httpx_sse", "keyring", "cryptography", "desktop_notifier"}
"""Loaded after the first paint: together they would double the time to it."""

FIRST = ("cli", "app", "ui.application", "ui.theme.theme", "ui.frame.window")
"""What the first paint needs."""

NEVER = {"litestar", "uvicorn", "sqlalchemy", "alembic", "dbos", "pydantic"}
"""The control plane's, which runs in a process of its own."""


def modules_loaded_by(statement: str) -> set[str]:
    """Top-level modules that a fresh interpreter loads for `statement`."""
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", statement],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    rows = (row for row in ended.stderr.splitlines() if row.startswith("import time:"))
    return {row.rsplit("|", 1)[1].strip().partition(".")[0] for row in rows}


def test_the_window_starts_without_what_it_can_load_later() -> None:
    first = ", ".join(f"autosky_desktop.{name}" for name in FIRST)
    loaded = modules_loaded_by(f"import {first}")
    assert "PySide6" in loaded
    assert loaded & (LATE | NEVER) == set()


def test_a_module_loaded_too_early_is_noticed() -> None:
    assert "httpx" in modules_loaded_by("import httpx")
