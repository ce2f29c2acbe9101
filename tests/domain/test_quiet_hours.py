"""Quiet hours are those of this computer's clock, over midnight too."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from autosky_desktop.domain.inbox import is_quiet


@pytest.fixture
def in_sao_paulo() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "America/Sao_Paulo"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be set here")
@pytest.mark.parametrize(
    ("hours", "utc", "quiet"),
    [
        ((22, 6), 0, False),  # 21 in São Paulo
        ((22, 6), 1, True),
        ((22, 6), 8, True),
        ((22, 6), 9, False),
        ((8, 18), 11, True),
        ((8, 18), 21, False),
        ((8, 18), 10, False),
        ((8, 8), 11, False),
        ((), 1, False),
        ((22,), 1, False),
    ],
)
def test_of_an_hour(in_sao_paulo: None, hours: tuple[int, ...], utc: int, quiet: bool) -> None:
    assert is_quiet(hours, datetime(2026, 12, 1, utc, 30, tzinfo=UTC)) is quiet
