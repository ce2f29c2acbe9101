"""What of an environment wants somebody, each thing once."""

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from autosky_desktop.domain.attention import Need, attention, grows_at, needs
from autosky_desktop.domain.environment import Environment, Preparation, Publishing
from autosky_desktop.domain.server import ScheduledShutdown

NOW = datetime(2026, 11, 24, 18, 33, 11, tzinfo=UTC)


def erp(minutes: float | None = None, held: bool = False, **more: Any) -> Environment:
    """Its preparation server runs, and switches itself off in so many minutes."""
    at = ScheduledShutdown(at=NOW + timedelta(minutes=minutes), held=held) if minutes else None
    usual: dict[str, Any] = {
        "preparation": Preparation(id="prep", name="PREP", status="running", shutdown=at)
    }
    return Environment(
        id="erp", name="ERP", label="production", kind="scaling", provider="simulated",
        time_zone="UTC", run_hours=4, revision=1, confirmed_at=NOW, **{**usual, **more},
    )  # fmt: skip


def test_an_environment_that_runs_well_wants_nobody() -> None:
    assert attention(erp(), NOW) == 0
    assert attention(erp(preparation=None), NOW) == 0
    assert attention(erp(61), NOW) == 0


def test_a_shutdown_within_the_hour_wants_somebody_unless_it_is_held() -> None:
    assert needs(erp(60), NOW) == {Need.SHUTDOWN: 1}
    assert needs(erp(-2), NOW) == {Need.SHUTDOWN: 1}
    assert attention(erp(17, held=True), NOW) == 0


def test_every_other_reason_counts_once_and_every_server_in_trouble() -> None:
    assert needs(erp(unreachable="No route"), NOW) == {Need.UNREACHABLE: 1}
    assert needs(erp(failed_version=42), NOW) == {Need.PUBLICATION: 1}
    assert needs(erp(troubled=3), NOW) == {Need.TROUBLE: 3}
    assert attention(erp(17, unreachable="No route", failed_version=42, troubled=3), NOW) == 6


def test_a_hold_wants_somebody_until_it_is_answered() -> None:
    held = Publishing(version=42, step=5, steps=6, publisher="ana", since=NOW, waits_for_you=True)
    assert needs(erp(publishing=held), NOW) == {Need.HOLD: 1}
    assert attention(erp(publishing=replace(held, waits_for_you=False)), NOW) == 0


def test_an_image_that_failed_is_one_thing_with_its_publication() -> None:
    prep = Preparation(id="prep", name="PREP", status="running", image_failed=True)
    failed = erp(preparation=prep, troubled=1, failed_version=42)
    assert needs(failed, NOW) == {Need.PUBLICATION: 1}
    assert needs(replace(failed, failed_version=None), NOW) == {Need.TROUBLE: 1}


def test_a_state_nobody_knows_is_trouble_and_not_counted_twice() -> None:
    odd = Preparation(id="prep", name="PREP", status="hibernating")
    assert needs(erp(preparation=odd), NOW) == {Need.TROUBLE: 1}
    assert needs(erp(preparation=odd, troubled=1), NOW) == {Need.TROUBLE: 1}


def test_it_is_known_beforehand_when_a_shutdown_will_be_near() -> None:
    assert grows_at(erp(61), NOW) == NOW + timedelta(minutes=1)
    assert grows_at(erp(60), NOW) is None
    assert grows_at(erp(90, held=True), NOW) is None
    assert grows_at(erp(), NOW) is None
