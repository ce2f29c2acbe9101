"""What is known is kept for the next start, and nothing writes once that is over."""

import asyncio
import threading
from pathlib import Path

import pytest

from autosky_desktop.flows import last_known
from autosky_desktop.system.last_known import LastKnown, read
from tests.support.evening import an_evening


async def test_at_the_end_what_is_being_written_is_waited_for(
    qloop: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, may_write, written = last_known.keep, threading.Event(), list[str]()

    def slowly(folder: Path, known: LastKnown) -> None:
        if threading.current_thread() is not threading.main_thread():
            may_write.wait(30)
        keep(folder, known)
        written.append(threading.current_thread().name)

    async with an_evening() as evening:
        monkeypatch.setattr(last_known, "keep", slowly)
        evening.desktop._last_known.begin()
        closing = asyncio.create_task(evening.desktop._last_known.close())
        for _ in range(5):
            await asyncio.sleep(0)
        assert (closing.done(), written) == (False, [])
        may_write.set()
        await closing
        assert len(written) == 2
        known = read(evening.preferences.plane_folder)
        assert known
        assert known.opened.environment.name == "ERP Production"
