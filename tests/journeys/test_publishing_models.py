"""Every publishing model, at the real window over the real control plane."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.providers.simulated.faults import NO_SPACE
from autosky_desktop.ui.widgets.input.number import Number
from tests.journeys.conftest import Open
from tests.support.clock import HeldClock
from tests.support.connecting import PretendedAccess
from tests.support.control_plane import Running, running_control_plane
from tests.support.person import Person, cell, texts, visible
from tests.ui.publish.form.test_forms import choose

LONG = 40.0
LEFT_FOR_A_WHILE = 100.0
"""The speed at which the last of those who are left stays for some seconds."""
END = "Publish and end 37 sessions"
NAME = "Type ERP Production to confirm"


class Clock:
    """Right, or as far ahead as it was set."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def plane(
    tmp_path: Path, clock: Clock, cloud_clock: HeldClock, request: pytest.FixtureRequest
) -> Iterator[Running]:
    """The demo's control plane, 300 times as fast as life, or as a test says."""
    speed = getattr(request, "param", 300.0)
    with running_control_plane(
        tmp_path, speed=speed, clock=clock, cloud_clock=cloud_clock
    ) as running:
        yield running


async def open_form(me: Person, name: str) -> None:
    await me.opens_tab("Publish")
    await me.opens_tab(name)
    await me.sees("Passed: ")


async def publish(me: Person, version: int, *, agree: str = "") -> None:
    """Press the form's button and agree to the question, whose button may be another."""
    question = f"Publish version {version} to ERP Production?"
    await me.presses(f"Publish version {version}")
    await agree_to(me, question, agree or f"Publish version {version}")


async def agree_to(me: Person, question: str, button: str) -> None:
    await me.sees(question)
    if "end" in button:
        await me.types(NAME, "erp production")
    await me.presses(button)
    await me.no_longer_sees(question)


async def hold_after_the_first(me: Person) -> None:
    await me.presses("More options")
    choose("Replace instances", "Some instances, then wait")
    await me.sees("Hold: After 1 instance")


def stragglers() -> int:
    """How many sessions the window says are still on the old version."""
    said = next((it for it in texts() if "still on version 41" in it), "0")
    return int(said.split("session")[0].split()[-1])


async def test_standard_disconnects_batch_after_batch_and_is_in_its_own_log(
    qloop: object, open_window: Open, cloud_clock: HeldClock, me: Person
) -> None:
    async with open_window():
        await open_form(me, "Standard")
        cloud_clock.hold()
        await publish(me, 42, agree=END)
        await me.sees("Publishing version 42, Step 3 of 6", patience=LONG)
        cloud_clock.go_on()
        await me.sees("Version 42 is published", patience=LONG)
        await me.sees("Publishing log")
        await me.sees("Version: 42")
        await me.presses("Show details")
        await me.sees("12 instances replaced · 37 sessions ended")
        await me.presses("Close")
        await me.opens_tab("Keep users connected")
        await me.no_longer_sees("Version: 42")


@pytest.mark.parametrize("plane", [LEFT_FOR_A_WHILE], indirect=True)
async def test_keep_shows_those_who_are_left_until_nobody_is(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await open_form(me, "Keep users connected")
        await publish(me, 42)
        await me.sees("still on version 41", patience=LONG)
        left = stragglers()
        assert left > 0
        await me.until(lambda: 0 < stragglers() < left, f"fewer than {left}", LONG)
        await me.sees("Version 42 is published", patience=LONG)
        await me.no_longer_sees("still on version 41")
        await me.presses("Show details")
        await me.sees("12 instances replaced · 0 sessions ended")
        await me.presses("Close")


@pytest.mark.parametrize("plane", [200.0], indirect=True)
async def test_those_who_are_left_at_the_deadline_are_asked_and_then_reconnected(
    qloop: object, open_window: Open, clock: Clock, me: Person
) -> None:
    async with open_window():
        await open_form(me, "Keep users connected")
        await me.presses("Ask those left to reconnect at a set time")
        set_minutes(4)
        await publish(me, 42)
        await me.sees("Whoever is left at ", patience=LONG)
        clock.ahead = timedelta(hours=3)
        await me.sees("Users were asked to reconnect at", patience=LONG)
        await me.sees("Version 42 is published", patience=LONG)
        await me.opens_tab("Request user reconnection")
        await me.sees("Reconnections: 3 of 4 left this month")


@pytest.mark.parametrize("plane", [200.0], indirect=True)
async def test_users_are_asked_disconnected_and_counted_once(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await open_form(me, "Request user reconnection")
        await me.sees("Reconnections: 4 of 4 left this month")
        set_minutes(4)
        await me.presses("Publish and ask 37 users to reconnect")
        question = "Publish version 42 to ERP Production?"
        await agree_to(me, question, "Publish and ask 37 users")
        await me.sees("Users were asked to reconnect at", patience=LONG)
        await me.sees("Version 42 is published", patience=LONG)
        await me.sees("Reconnections: 3 of 4 left this month")
        await me.sees("Version: 42")


async def test_a_hold_goes_on_when_a_person_says_so(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await open_form(me, "Standard")
        await hold_after_the_first(me)
        await publish(me, 42, agree=END)
        await me.sees("1 of 12 instances has the new version.", patience=LONG)
        await me.presses("Go on")
        question = "Go on with the publication of version 42?"
        await me.sees(question)
        await me.sees("batch by batch.")
        await agree_to(me, question, "Go on and end 36 sessions")
        await me.no_longer_sees("then go on or return")
        await me.sees("Version 42 is published", patience=LONG)


async def test_at_a_hold_a_person_opens_the_new_instance_looks_and_goes_on(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    access = PretendedAccess()
    access.up.set()
    async with open_window() as desktop:
        desktop.connections.access = lambda: access  # type: ignore[assignment,return-value]
        await open_form(me, "Standard")
        await hold_after_the_first(me)
        await publish(me, 42, agree=END)
        await me.sees("1 of 12 instances has the new version.", patience=LONG)
        await me.presses("Open it and look")
        await me.sees("Instance, version 42 · ERP Production")
        await me.types("Password", "marker")
        await me.presses("Connect")
        [session] = await me.until(desktop.connections.sessions, "a session")
        instance = session.request.server
        session.running.ends(ConnectionOutcome.CLOSED)  # type: ignore[attr-defined]
        await me.until(lambda: not desktop.connections.sessions(), "the end of it")
        with plane.client() as http:
            environment = http.get("environments/erp-production").json()
            found = http.get("environments/erp-production/activity", params={"kind": "connect"})
        [new] = [it for it in environment["instances"] if it["version"] == 42]
        [entry] = found.json()["entries"]
        assert (instance.id, entry["target"]) == (new["id"], new["name"])
        assert (entry["outcome"], entry["account"]) == ("done", session.request.account)
        await me.presses("Go on")
        question = "Go on with the publication of version 42?"
        await agree_to(me, question, "Go on and end 36 sessions")
        await me.sees("Version 42 is published", patience=LONG)


@pytest.mark.parametrize("plane", [600.0], indirect=True)
async def test_from_a_hold_back_to_the_version_before_and_again_from_the_history(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await open_form(me, "Keep users connected")
        await publish(me, 42)
        await me.sees("Version 42 is published", patience=LONG)
        await hold_after_the_first(me)
        await publish(me, 43)
        await me.sees("1 of 12 instances has the new version.", patience=LONG)
        await me.presses("Return to version 42")
        await me.sees("Return to version 42?")
        await me.sees("Version 42 is published again, as version 44, to all 12 instances.")
        await me.presses("Return to version 42")
        await me.sees("Version: 44 (42 again)")
        await me.sees("Version 44 is published", patience=LONG)
        menu_of("Version: 42")
        await me.chooses("Publish this version again…")
        await me.presses("Publish version 42 again")
        await agree_to(me, "Publish version 42 to ERP Production again?", "Publish version 45")
        await me.sees("Version 45 is published", patience=LONG)
        await me.sees("Version: 45 (42 again)")


async def test_what_failed_goes_on_from_its_step_and_what_runs_is_stopped(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    plane.break_cloud(Faults(image_fails=NO_SPACE))
    async with open_window():
        await open_form(me, "Keep users connected")
        await publish(me, 42)
        await me.sees("Version 42 was not published", patience=LONG)
        await me.sees(NO_SPACE)
        plane.break_cloud(Faults())
        await me.presses("Try again")
        await me.sees("It goes on from the step that failed: Image creation.")
        await me.presses("Try again")
        await me.sees("still on version 41", patience=LONG)
        await me.presses("Stop publication")
        await me.sees("Stop the publication of version 42?")
        await me.presses("Stop publication")
        await me.sees("Publication of version 42 cancelled", patience=LONG)
        await me.sees("Result: Cancelled")


def menu_of(spoken: str) -> None:
    """Press the menu's key on that row."""
    found = cell(spoken)
    assert found is not None
    view, index = found
    view.setCurrentIndex(index)
    QTest.keyClick(view, Qt.Key.Key_Menu)


def set_minutes(minutes: int) -> None:
    [field] = [it for it in visible(Number) if "Disconnect users" in it.accessibleName()]
    field.setValue(minutes)
