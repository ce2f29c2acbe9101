"""What the header says about the line, and since when."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from autosky_desktop.domain.demo import Demo
from autosky_desktop.domain.errors import Offline
from autosky_desktop.store.store import STALE, Line, LineStatus
from autosky_desktop.ui.frame.header import Header, connection_look
from autosky_desktop.words.states import StatusKind
from autosky_desktop.words.times import clock
from tests.support.evening import an_environment, an_evening
from tests.support.person import Person

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LIVE = LineStatus(Line.LIVE, NOON)


def test_a_live_line_says_when_the_provider_was_last_read() -> None:
    kind, text = connection_look(LIVE, NOON, now=NOON + timedelta(seconds=59))
    assert (kind, text) == (StatusKind.OK, f"Live · confirmed {clock(NOON, seconds=True)}")


def test_after_a_minute_without_confirmation_it_says_how_long_ago_that_was() -> None:
    kind, text = connection_look(LIVE, NOON, now=NOON + timedelta(seconds=130))
    assert (kind, text) == (StatusKind.WARN, "Confirmed 2 min ago")


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(days=40), timedelta(days=4000)])
def test_a_confirmation_that_is_still_to_come_says_nothing(qapp: object, ahead: timedelta) -> None:
    """The control plane's clock was ahead when it told; it looks again within a minute."""
    assert connection_look(LIVE, NOON + ahead, now=NOON) == (StatusKind.OK, "Live")
    environment = an_environment(confirmed_at=NOON + ahead)
    assert Header().show_connection(LIVE, environment, now=NOON) == STALE


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        (Line.STARTING, StatusKind.BUSY, "Starting the control plane…"),
        (Line.RESTARTING, StatusKind.BUSY, "Starting again…"),
        (Line.REFUSED, StatusKind.BAD, "Refused"),
        (Line.FAILED, StatusKind.BAD, "Not started"),
    ],
)
def test_every_other_state_is_said_plainly(line: Line, kind: StatusKind, text: str) -> None:
    assert connection_look(LineStatus(line), None, now=NOON) == (kind, text)


def test_offline_keeps_the_moment_of_the_last_confirmation() -> None:
    line = LineStatus(Line.OFFLINE, NOON, NOON, Offline())
    _kind, text = connection_look(line, NOON, now=NOON + timedelta(hours=3))
    assert text == f"Offline · confirmed {clock(NOON, seconds=True)}"
    _kind, text = connection_look(line, NOON, now=NOON + timedelta(days=3))
    assert text == f"Offline · confirmed Tue 24 Nov {clock(NOON)}"


async def test_the_tag_stands_close_to_a_short_name_after_a_long_one(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        header = evening.desktop.window.header

        def gap() -> int:
            title, tag = header._title, header._tag
            return tag.x() - title.x() - title.fontMetrics().horizontalAdvance(title.text())

        await me.until(lambda: 0 < gap() < 20, "a name close to its tag")
        evening.desktop.window.open("payroll")
        await me.until(lambda: header._title.text() == "Payroll", "the other name")
        await me.until(lambda: 0 < gap() < 20, "a name close to its tag")


@pytest.mark.parametrize("name", ["ERP Production", "Tax", "Warehouse"])
async def test_a_name_has_the_room_of_its_last_fraction_of_a_pixel(
    qloop: object, me: Person, name: str
) -> None:
    """A width that is rounded down is too narrow for the letters it is the width of."""
    async with an_evening(1024, 640) as evening:
        header = evening.desktop.window.header
        evening.store.environments.put(an_environment(name=name))
        evening.store.tell()
        await me.sees(f"{name}, Production environment")
        letters = header._title.fontMetrics().horizontalAdvance(name)
        assert header._title.minimumWidth() == letters + 1


async def test_the_tabs_are_as_wide_with_the_pace_of_a_demo_as_without(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        tabs, pace = evening.desktop.window.header.tabs, evening.desktop.window.header.pace
        assert pace.isHidden()
        without = tabs.geometry()
        evening.store.environments.put(an_environment(demo=True))
        evening.store.demo = Demo(speed=20)
        evening.store.tell()
        await me.sees("2 minutes pass in 6 seconds")
        assert tabs.geometry() == without
        assert pace.geometry().left() >= tabs.geometry().right()


def test_without_an_environment_nothing_is_called_a_demo(qapp: object) -> None:
    """Who adds environments of their own at the first start has no demo, in any language."""
    header = Header()
    assert header._demo.isHidden()
    header.show_environment(an_environment(demo=True))
    assert not header._demo.isHidden()
    header.show_environment(None)
    QCoreApplication.sendEvent(header, QEvent(QEvent.Type.LanguageChange))
    header.show_environment(None)
    assert header._demo.isHidden()
