"""What holds for every test."""

import asyncio
import inspect
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.support.postgresql import PostgresServer

# Windows are drawn in memory unless a platform is named: no test needs a screen. It is larger than
# Qt's own of 800 x 800, into which no window of ours would fit.
SCREEN = Path(__file__).parent / "support" / "screen.json"
os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={SCREEN}")

# Texts are compared in English, whatever whoever tries them speaks.
os.environ["LC_ALL"] = "C.UTF-8"

LONGEST = 90.0
"""Seconds after which an asynchronous test of the window has hung."""
TURNS = 3
"""Of the loop: a connection that was closed last has gone then."""


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """The languages, as they are translated by now: they were compiled when this was installed."""
    root = Path(__file__).parent.parent
    for translated in (root / "resources/languages").glob("*.po"):
        compiled = translated.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < translated.stat().st_mtime:
            subprocess.run([sys.executable, root / "packaging/catalogues.py"], check=True)
            return


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[PostgresServer]":
    """The server of this process. A test that stops it starts it again."""
    from tests.support.postgresql import missing, postgres_server

    if why := missing():
        pytest.skip(why)
    with postgres_server() as server:
        yield server


@pytest.fixture
def database_url(postgresql: "PostgresServer") -> Iterator[str]:
    """The address of an empty database of PostgreSQL."""
    with postgresql.database() as url:
        yield url


@pytest.fixture(scope="session")
def qapp_cls() -> type[Any]:
    from autosky_desktop.ui.application import Application

    return Application


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    from autosky_desktop.ui.theme import theme

    return ["autosky-desktop", *theme.ARGUMENTS]


@pytest.fixture
def qtbot(qtbot: Any) -> Any:
    """Waits for what has to come as long as a busy machine takes, not for Qt's five seconds."""
    qtbot.waitUntil = partial(qtbot.waitUntil, timeout=30_000)
    qtbot.waitSignal = partial(qtbot.waitSignal, timeout=30_000)
    return qtbot


@pytest.fixture
def qloop(qapp: Any) -> Iterator[asyncio.AbstractEventLoop]:
    """asyncio inside Qt's loop, where the window lives. Nothing may be left running in it."""
    from qasync import QEventLoop

    errors: list[dict[str, Any]] = []
    loop = QEventLoop(qapp)
    loop.set_exception_handler(lambda _loop, context: errors.append(context))
    asyncio.set_event_loop(loop)
    yield loop
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_asyncgens())
    for _ in range(TURNS):
        loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    asyncio.set_event_loop(None)
    assert not errors


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of tests that have one name, only one would be run: they are given out by their names."""
    twice = [name for name, count in Counter(item.nodeid for item in items).items() if count > 1]
    if twice:
        raise pytest.UsageError(f"these tests have one name: {', '.join(twice)}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Logged bytes that are no UTF-8 are told as such: a worker can hand on no lone surrogates."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections
    ]
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run `async def` tests that ask for the window's loop in it."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj) or "qloop" not in pyfuncitem.fixturenames:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}

    async def run() -> None:
        async with asyncio.timeout(LONGEST):
            await pyfuncitem.obj(**arguments)

    pyfuncitem.funcargs["qloop"].run_until_complete(run())
    return True
