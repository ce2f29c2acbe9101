"""The scheduled shutdown of a real control plane: extended, limited, cancelled, updated."""

from datetime import UTC, datetime, timedelta
from typing import Any

from autosky_desktop.domain.extending import QUARTER, rounded_up
from autosky_desktop.words import shutdown as words
from tests.journeys.conftest import Open
from tests.journeys.test_the_main_job import start_the_preparation_server
from tests.support.control_plane import Running
from tests.support.person import Person, menu_line

HOUR = timedelta(hours=1)


def shutdown_of(plane: Running) -> dict[str, Any] | None:
    """As the control plane tells it."""
    with plane.client() as http:
        listed = http.get("environments").json()["environments"]
    erp = next(it for it in listed if it["id"] == "erp-production")
    found: dict[str, Any] | None = erp["preparation"].get("shutdown")
    return found


def stops_at(plane: Running) -> datetime:
    shutdown = shutdown_of(plane)
    assert shutdown
    return datetime.fromisoformat(shutdown["at"])


async def test_a_shutdown_is_extended_limited_and_cancelled(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    async with open_window():
        await start_the_preparation_server(me)
        await me.sees("Scheduled shutdown: ")
        begin = stops_at(plane)

        await me.presses("Extend execution")
        now = datetime.now(UTC)
        await me.chooses(f"Extend 1 h, to {words.at(begin + HOUR, now)}")
        await me.sees(f"Moved from {words.at(begin, now)} by ana")
        await me.until(lambda: stops_at(plane) == begin + HOUR, "an hour more")

        await me.presses("Extend execution")
        await me.chooses("Extend until…")
        await me.types("Stop at", _as_typed(datetime.now(UTC) + 13 * HOUR))
        await me.sees("At most 12 h from now is allowed")
        assert not me.offers("Extend")
        last = rounded_up(datetime.now(UTC) + 11.5 * HOUR - QUARTER, QUARTER)
        await me.types("Stop at", _as_typed(last))
        await me.presses(f"Extend to {words.at(last, datetime.now(UTC))}")
        await me.sees(f"Moved from {words.at(begin + HOUR, datetime.now(UTC))} by ana")
        assert abs(stops_at(plane) - last) < timedelta(minutes=1)

        await me.presses("Extend execution")
        found = await me.until(
            lambda: menu_line(f"Extend 2 h, to {words.at(stops_at(plane) + 2 * HOUR, now)}"), "2 h"
        )
        assert "At most 12 h from now is allowed" in found[1].statusTip()
        await me.closes_menu()


def _as_typed(when: datetime) -> str:
    today = when.astimezone().date() == datetime.now(UTC).astimezone().date()
    return f"{'today' if today else 'tomorrow'} {when.astimezone():%H:%M}"


async def test_a_shutdown_is_cancelled(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    async with open_window():
        await start_the_preparation_server(me)
        await me.presses("Cancel scheduled shutdown")
        await me.sees("keeps running, at cost, until somebody stops it")
        shutdown = shutdown_of(plane)
        assert shutdown
        once = "skipsTo" in shutdown and shutdown["skipsTo"]
        await me.presses("Cancel all shutdowns" if once else "Cancel shutdown")
        await me.sees("Scheduled shutdown: none")
        assert shutdown_of(plane) is None


async def test_the_provider_is_read_on_demand(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    async with open_window():
        await me.presses("Force provider update")
        await me.sees("Nothing has changed", "1 status", "statuses", "address")
        await me.until(lambda: me.offers("Force provider update"), "the button")
    with plane.client() as http:
        kept = http.get("environments/erp-production/activity").json()["entries"]
    assert [it["kind"] for it in kept].count("provider-update") == 1
