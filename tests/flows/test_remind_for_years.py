"""Months of a computer's life: nothing is missed or doubled, and the reckoning would notice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from autosky_desktop.domain import reminders
from autosky_desktop.flows.remind import Remind
from tests.support.reckoning import Reckoning, reckon
from tests.support.years import Computer, FakeAlarm

Change = Callable[[pytest.MonkeyPatch], None]


def after(days: int, seed: int = 7) -> Reckoning:
    return reckon(Computer(seed).live(days))


@pytest.mark.parametrize("seed", range(3))
def test_in_half_a_year_nobody_is_told_too_late_or_twice(seed: int) -> None:
    found = after(180, seed)
    assert (found.missed, found.doubled, found.wrong) == ([], [], [])
    assert found.owed > 2000
    assert found.latest <= 1.0


def replaced(name: str, change: Callable[[Any], Any]) -> Change:
    """A planner with a mistake in one of its functions."""
    return lambda patch: patch.setattr(reminders, name, change(getattr(reminders, name)))


def forgetting_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Remind, "_keep", lambda self, kept: None)


def deaf_alarm(patch: pytest.MonkeyPatch) -> None:
    """As a timer of the loop, which counts the time the computer is awake."""

    def sleep_on(self: Computer) -> None:
        self._alarm.at = self._alarm.at + 600 if self._alarm.at else None

    patch.setattr(Computer, "_ring_soon", sleep_on)


def never_set(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(FakeAlarm, "ring_in", lambda self, seconds: None)


def without_the_last(found: Any) -> Any:
    return lambda *given, **more: None if (it := found(*given, **more)) and it.ahead == 2 else it


def later(found: Any) -> Any:
    return lambda *given, **more: it + timedelta(seconds=5) if (it := found(*given, **more)) else it


MISTAKES: dict[str, tuple[Change, str]] = {
    "says the last warning to nobody": (replaced("_due", without_the_last), "missed"),
    "rings five seconds late": (replaced("next_check", later), "missed"),
    "sets no alarm": (never_set, "missed"),
    "does not ring on waking": (deaf_alarm, "missed"),
    "forgets what it said": (forgetting_kept, "doubled"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_noticed(monkeypatch: pytest.MonkeyPatch, mistake: str) -> None:
    change, sort = MISTAKES[mistake]
    change(monkeypatch)
    found = after(60)
    assert getattr(found, sort) != []
