"""One operation that fails takes no other with it, and nothing is swallowed in silence."""

import asyncio
import logging

import pytest

from autosky_desktop.domain.guard import guarded

LOG = logging.getLogger("tests.guard")


def test_what_nobody_foresaw_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    done = []
    for number in (1, 0, 2):
        with guarded(LOG, f"Dividing by {number}"):
            done.append(10 // number)
    assert done == [10, 5]
    (record,) = caplog.records
    assert record.getMessage() == "Dividing by 0 failed unexpectedly"
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_what_would_end_the_process_ends_its_own_operation(caplog) -> None:
    with guarded(LOG, "Asking a library"):
        raise SystemExit(3)
    assert caplog.records[0].getMessage() == "Asking a library failed unexpectedly"


def test_a_cancelled_task_and_an_interrupt_go_through() -> None:
    for leaving in (asyncio.CancelledError, KeyboardInterrupt):
        with pytest.raises(leaving), guarded(LOG, "Waiting"):
            raise leaving
