"""What stays in the inbox when it is cleared or full."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from autosky_desktop.domain.inbox import (
    MOST,
    Entry,
    as_read,
    cleared,
    unread,
    waits_for_somebody,
    with_entry,
)

NOW = datetime(2026, 11, 24, 18, 33, tzinfo=UTC)


def entry(key: str, news: str, **more: Any) -> Entry:
    return Entry(id=key, news=news, told_at=NOW, environment="e", name="ERP", **more)


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        (entry("a", "soon", at=NOW + timedelta(minutes=2)), True),
        (entry("a", "soon", at=NOW), False),
        (entry("a", "waits"), True),
        (entry("a", "failed"), True),
        (entry("a", "failed", answered=True), False),
        (entry("a", "published"), False),
        (entry("a", "missed", at=NOW + timedelta(minutes=2)), False),
        (entry("a", "moved", at=NOW + timedelta(minutes=2)), False),
        (entry("a", "of another version"), False),
    ],
)
def test_what_is_still_to_be_answered_is_left_when_it_is_cleared(told: Entry, waits: bool) -> None:
    assert waits_for_somebody(told, now=NOW) is waits
    assert cleared((told,), now=NOW) == ((told,) if waits else ())


def test_of_too_many_the_oldest_go_unless_they_wait_for_somebody() -> None:
    entries: tuple[Entry, ...] = ()
    for told in (entry("old", "published"), entry("failed", "failed")):
        entries = with_entry(entries, told)
    for number in range(MOST):
        entries = with_entry(entries, entry(f"p{number}", "published"))
    assert [it.id for it in entries[-2:]] == ["p0", "failed"]
    assert len(entries) == MOST + 1


def test_only_what_was_looked_at_is_read() -> None:
    entries = (entry("a", "published"), entry("b", "published"))
    assert [it.read for it in as_read(entries, {"b"})] == [False, True]
    assert unread(as_read(entries, {"b"})) == 1
