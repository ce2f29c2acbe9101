"""The faults of the demo, switched in the window, and what the window says of the demo's pace."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from autosky_desktop.server.providers import retry
from autosky_desktop.ui.frame.demo import FaultsBanner
from autosky_desktop.ui.frame.header import PaceLabel
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.palette.palette import Palette
from tests.journeys.conftest import Open, publish
from tests.support.control_plane import Running
from tests.support.desktop import At, desktop_at
from tests.support.person import Person, cells, menu_line, visible

CTRL = Qt.KeyboardModifier.ControlModifier
ON = "Faults of the demo are on"
NOT_CONNECTED = "No connection to the control plane"


@pytest.fixture
def told(plane: Running) -> Iterator[list[str]]:
    """The faults that the control plane tells now."""
    with plane.client() as client:

        class Told(list[str]):
            def __eq__(self, other: object) -> bool:
                return bool(client.get("demo").json()["faults"] == other)

        yield Told()


async def opens_faults(me: Person) -> None:
    await me.sees("times as fast as real life")
    await me.presses("Main menu")
    await me.chooses("Demo faults")
    await me.until(lambda: menu_line("Switch all off"), "the faults")


async def switches(me: Person, fault: str) -> None:
    await opens_faults(me)
    await me.chooses(fault)


def is_on(fault: str) -> bool:
    found = menu_line(fault)
    assert found
    assert found[1].isCheckable()
    return found[1].isChecked()


async def test_an_image_fails_as_it_was_switched_and_is_published_when_that_is_off(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await switches(me, "Images fail")
        await me.sees(ON)
        await me.opens_tab("Publish")
        await publish(me)
        await me.sees("Version 42 was not published", patience=60)
        await me.sees("no space left on the image volume")

        await me.presses("Switch all faults of the demo off")
        await me.no_longer_sees(ON)
        await me.presses("Try again")
        await me.sees("Try the publication of version 42 again?")
        await me.presses("Try again")
        await me.sees("Version 42 is published", patience=60)


async def test_a_stuck_image_keeps_the_publication_at_its_step_until_it_is_switched_off(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    async with open_window():
        await switches(me, "Images get stuck")
        await me.sees(ON)
        await me.opens_tab("Publish")
        await publish(me)
        await me.until(lambda: stuck_at(plane), "an image that is stuck", patience=60)
        await me.sees("Step 3 of 6, Image creation, Running")
        await me.presses("Switch all faults of the demo off")
        await me.sees("Version 42 is published", patience=60)


def stuck_at(plane: Running) -> bool:
    with plane.client() as client:
        runs = client.get("environments/erp-production").json()["publications"]
    images = list(plane.provider._store["erp-production"].images.values())
    ends = [it.percent for it in images if it.stuck and it.percent == it.fails_at]
    return bool(ends and runs and runs[0]["steps"][2]["done"] == ends[0])


async def test_a_server_does_not_start_until_the_fault_is_off(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await switches(me, "Servers do not start")
        await me.sees(ON)
        await me.presses("Start server PREP-ERP-PROD-01")
        await me.presses("Start server")
        await me.sees("The provider refused: The start was refused: the account's limit")
        await me.presses("Go back")
        await switches(me, "Servers do not start")
        await me.no_longer_sees(ON)
        await me.presses("Start server PREP-ERP-PROD-01")
        await me.presses("Start server")
        await me.sees("Server status: Running")


async def test_a_throttled_provider_makes_its_environments_unreachable_for_that_time(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await switches(me, "The provider throttles every request")
        await me.sees("ERP Production, Production, Not reachable")
        await me.presses("Switch all faults of the demo off")
        await me.sees("ERP Production, Production, Stopped")


async def test_a_cloud_that_does_not_answer_answers_late_what_it_was_asked(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await switches(me, "The cloud does not answer")
        await me.sees(ON)
        await me.presses("Force provider update")
        await me.sees("Asking the provider…")
        await me.presses("Switch all faults of the demo off")
        await me.sees("Result: Done")


async def test_a_person_is_told_that_it_is_the_provider_that_does_not_answer(
    qloop: object, open_window: Open, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "LONGEST_SECONDS", 0.2)
    async with open_window():
        await switches(me, "The cloud does not answer")
        await me.sees(ON)
        await me.presses("Start server PREP-ERP-PROD-01")
        await me.presses("Start server")
        await me.sees("The provider does not answer now. No answer came in time. Try again")
        await me.sees("Connection: Live")
        await switches_off(me)
        await me.presses("Try again")
        await me.sees("Server status: Running")


async def switches_off(me: Person) -> None:
    """From outside, as the question stands over the window."""
    banner = next(visible(FaultsBanner))
    banner.pressed.emit()
    await me.no_longer_sees(ON)


async def test_check_marks_are_the_faults_that_are_on_whoever_switched_them(
    qloop: object, open_window: Open, plane: Running, me: Person, told: list[str]
) -> None:
    async with open_window():
        await opens_faults(me)
        assert not is_on("Images fail")
        found = menu_line("Switch all off")
        assert found
        assert (found[1].isEnabled(), found[1].statusTip()) == (False, "No fault is on")
        await me.closes_menu()
        await me.closes_menu()
        with plane.client() as client:
            client.post("demo/faults", json={"faults": ["image-fails", "start-refused"]})
        await opens_faults(me)
        await me.until(lambda: is_on("Images fail"), "a check mark")
        assert is_on("Servers do not start")
        assert not is_on("Images get stuck")
        await me.chooses("Servers do not start")
        await me.sees("Images fail")
        await me.until(lambda: told == ["image-fails"], "one that is left")
        await switches(me, "Switch all off")
        await me.no_longer_sees(ON)
        assert told == []


async def test_the_palette_switches_them_too(
    qloop: object, open_window: Open, me: Person, told: list[str]
) -> None:
    async def types(text: str) -> list[str]:
        next(visible(MainWindow)).activateWindow()
        await me.until(QApplication.activeWindow, "an active window")
        me.key(Qt.Key.Key_K, CTRL)
        palette = await me.until(lambda: next(visible(Palette), None), "the palette")
        QTest.keyClicks(palette.field, text)
        lines = [line for _index, line in cells(palette.list)]
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
        return lines

    async with open_window() as desktop:
        await me.until(lambda: desktop._store.demo, "the demo")
        assert await types("demo fault stuck") == ["Demo fault on: Images get stuck"]
        await me.until(lambda: told == ["image-stuck"], "that one")
        await me.sees(ON)
        assert await types("demo fault stuck") == ["Demo fault off: Images get stuck"]
        await me.no_longer_sees(ON)
        await types("demo fault images fail")
        await me.sees(ON)
        assert await types("all faults") == ["Switch all faults of the demo off"]
        await me.no_longer_sees(ON)
        assert told == []


async def test_a_switch_that_does_not_get_through_is_told(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    async with open_window() as desktop:
        await me.until(lambda: desktop._store.demo, "the demo")
        plane.provider.switch_faults = refuses  # type: ignore[method-assign]
        desktop._demo.switch(["image-fails"])
        await me.sees("The faults of the demo stay as they were")
        await me.presses("Close")


def refuses(_wanted: object) -> None:
    raise ValueError("a defect")


async def test_the_window_says_how_fast_the_demo_is_and_which_times_are_real(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window() as desktop:
        whole = (
            "Demo, 300 times as fast as real life: 2 minutes pass in less than a second. "
            "Times of day are real."
        )
        await me.sees(whole)
        pace = next(visible(PaceLabel))
        assert pace.accessibleName() == pace.text() == whole
        assert "come at the time of day they name" in pace.accessibleDescription()
        desktop.window.header.tabs.setMinimumWidth(pace.width() + 100)
        await me.until(lambda: pace.text() != whole, "fewer words")
        assert pace.fontMetrics().horizontalAdvance(pace.text()) <= pace.width()
        assert pace.accessibleName() == whole


async def test_without_a_demo_nothing_is_said_or_offered(
    qloop: object, plane: Running, me: Person
) -> None:
    async with desktop_at(At(plane.url, plane.token)) as desktop:
        await me.sees("Server name: PREP-ERP-PROD-01")
        desktop._store.demo = None
        desktop._store.tell()
        await me.presses("Main menu")
        found = menu_line("Demo faults")
        assert found
        assert not found[1].isVisible()
        await me.closes_menu()
