import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tzlocal import reload_localzone

from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.domain.server import ScheduledShutdown
from tests.support.evening import NOW, Evening, a_preparation_server, an_environment

AT = NOW.replace(hour=19, minute=0, second=0)
"""Where it stands, 27 minutes from now."""
DAILY = ScheduledShutdown(at=AT, reason="daily", skips_to=AT + timedelta(days=1))


def show(evening: Evening, shutdown: ScheduledShutdown | None = DAILY, **more: Any) -> None:
    environment = an_environment(daily_stop="19:00", longest_extension_hours=12)
    server = a_preparation_server(shutdown=shutdown)
    evening.show(server, environment=more.pop("environment", environment), **more)


def refused(code: Code, **more: Any) -> Refused:
    return Refused(Problem(type="about:blank", title="No", status=409, code=code.value, **more))


@pytest.fixture(autouse=True)
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wherever the tests run, the clocks on the wall show these times."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    reload_localzone()
    yield
    monkeypatch.undo()
    time.tzset()
    reload_localzone()
