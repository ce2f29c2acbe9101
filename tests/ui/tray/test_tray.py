"""The tray: how things are at a glance, and a menu without a dead line."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QMenu

from autosky_desktop.domain.environment import Preparation, Publishing
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.tokens import DARK, LIGHT
from autosky_desktop.ui.tray.host import TrayHost
from autosky_desktop.ui.tray.menu import TrayMenu
from autosky_desktop.ui.tray.picture import SIZES, State, picture
from tests.support.background import SEVEN, Mover, a_watched_evening, stops_at
from tests.support.evening import ERP, NOW, a_preparation_server, an_activity, an_environment
from tests.support.person import Person

RUNNING = Publishing(version=42, step=3, steps=6, publisher="ana", since=NOW)
OFF = Preparation(id="prep", name="PREP-ERP-PROD-01", status="stopped")


def menu() -> TrayMenu:
    return next(it for it in QApplication.topLevelWidgets() if isinstance(it, TrayMenu))


def lines(of: QMenu) -> Iterator[tuple[str, bool]]:
    for action in of.actions():
        if action.menu():
            yield action.text(), True
            yield from lines(action.menu())  # type: ignore[arg-type]
        elif not action.isSeparator():
            yield action.text(), action.isEnabled()


def shown() -> dict[str, bool]:
    """What the menu says when it is opened now, and whether it can be chosen."""
    menu().aboutToShow.emit()
    return dict(lines(menu()))


def choose(text: str, of: QMenu | None = None) -> bool:
    for action in (of or menu()).actions():
        if action.menu() and choose(text, action.menu()):  # type: ignore[arg-type]
            return True
        if action.text() == text and not action.menu():
            action.trigger()
            return True
    return False


async def test_the_nearest_shutdown_comes_first_with_what_can_be_done(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening(tray=True) as it:
        mover = Mover(it.evening)
        found = list(shown())
        assert found[:4] == [
            "PREP-ERP-PROD-01 stops at 19:00, in 27 min",
            "Extend 1 h, to 20:00",
            "Extend until…",
            "Cancel shutdown…",
        ]
        assert choose("Extend 1 h, to 20:00")
        await me.until(lambda: mover.asked, "an extension")
        title = "PREP-ERP-PROD-01 stops at 20:00"
        await me.until(lambda: title in [n.title for n in it.notifier.ever], title)
        assert next(iter(shown())) == "PREP-ERP-PROD-01 stops at 20:00, in 1 h 27 min"


async def test_offline_nothing_is_offered_that_needs_the_control_plane(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening(tray=True) as it:
        it.evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        found = shown()
        assert "PREP-ERP-PROD-01 stops at 19:00, in 27 min" in found
        assert not any("Extend" in text or "Cancel" in text for text in found)


async def test_each_environment_leads_to_its_place(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, tray=True) as it:
        it.evening.store.environments.replace([an_environment(preparation=OFF)])
        found = shown()
        assert "ERP Production (Production): Stopped" in found
        assert "1 instance, 37 sessions" in found
        assert found["Start preparation server…"]
        window = it.evening.desktop.window
        window.hide()
        assert choose("Publish new version")
        assert (window.isVisible(), window.tab) == (True, "publish")
        assert choose("Show servers")
        assert window.tab == "servers"


async def test_a_server_that_runs_cannot_be_started(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, tray=True):
        assert not shown()["Start preparation server…"]


async def test_three_environments_are_shown_and_those_that_need_you_first(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening(at=None, tray=True) as it:
        many = [an_environment(f"e{n}", f"A & B {n}", preparation=OFF) for n in range(6)]
        many.append(an_environment("z", "Zebra", failed_version=7, preparation=OFF))
        it.evening.store.environments.replace(many)
        shown()
        top = [action.text() for action in menu().actions() if not action.isSeparator()]
        assert top[0].startswith("Zebra (Production): ")
        assert top[1] == "A && B 0 (Production): Stopped"
        assert top[3] == "All 7 environments"


async def test_each_environment_has_the_shape_of_the_list_and_room_for_the_arrow(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening(tray=True) as it:
        quiet = an_environment("quiet", "Quiet", preparation=OFF)
        it.evening.store.environments.put(quiet)
        menu().popup(QPoint(50, 50))
        await me.until(menu().isVisible, "the menu")
        by_name = {action.text().split(" (")[0]: action for action in menu().actions()}
        tones = {"ERP Production": "warn_dot", "Payroll": "ok_dot"}
        for name, tone in tones.items():
            picture = by_name[name].icon().pixmap(16, 16).toImage()
            middle = picture.pixelColor(picture.width() // 2, picture.height() // 2)
            assert middle.name() == theme.color(tone).name()
        theme.current().wear(DARK)
        picture = by_name["Payroll"].icon().pixmap(16, 16).toImage()
        assert picture.pixelColor(8, 8).name() == QColor(DARK.ok_dot).name()
        theme.current().wear(LIGHT)
        stopped = by_name["Quiet"].icon().pixmap(16, 16).toImage()
        assert stopped.pixelColor(stopped.width() // 2, stopped.height() // 2).alpha() == 0
        longest = by_name["ERP Production"]
        line = menu().actionGeometry(longest)
        text = menu().fontMetrics().horizontalAdvance(longest.text())
        assert line.width() >= text + 33 + 24
        menu().close()


async def test_where_nothing_is_published_no_publishing_is_offered(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening(at=None, tray=True) as it:
        micro = an_environment("pos", "Point of Sale", kind="micro", preparation=None)
        it.evening.store.environments.replace([micro])
        assert list(shown())[:2] == ["Point of Sale (Production): Micro", "Show servers"]
        assert "Publish new version" not in shown()


async def test_a_running_publication_says_its_step(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, tray=True) as it:
        it.evening.show(environment=an_environment(publishing=RUNNING))
        assert any(text.startswith("Version 42 of ERP Production: step 3 of 6") for text in shown())


async def test_what_is_scheduled_next_is_said_the_soonest_first_and_leads_there(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening(at=None, tray=True) as it:
        hours = {"a": 26, "b": 3, "c": 5, "d": 4}
        planned = [
            an_environment(key, key.upper(), next_publication=NOW + timedelta(hours=ahead))
            for key, ahead in hours.items()
        ]
        it.evening.store.environments.replace([*planned, an_environment()])
        lines = [text for text in shown() if text.startswith("Publication to ")]
        assert [text.split(",")[0] for text in lines] == [
            "Publication to B", "Publication to D", "Publication to C",
        ]  # fmt: skip
        at = (NOW + timedelta(hours=3)).astimezone().strftime("%H:%M")
        assert lines[0] == f"Publication to B, scheduled for {at}"
        assert choose(lines[0])
        await me.sees("B, Production environment")
        await me.sees("Publishing history")


async def test_an_environment_says_when_its_server_stops(qloop: object, me: Person) -> None:
    async with a_watched_evening(tray=True) as it:
        assert "ERP Production (Production): Stops 19:00, in 27 min" in shown()
        it.evening.show(environment=stops_at(SEVEN + timedelta(hours=3)))
        assert "ERP Production (Production): Running, stops in 3 h 27 min" in shown()


async def test_reminders_are_paused_and_called_back(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, tray=True):
        shown()
        assert choose("For 1 h")
        assert "Reminders are paused until 19:33" in shown()
        assert choose("Remind me again")
        assert "Pause reminders" in shown()
        assert choose("For today")
        assert any(text.startswith("Reminders are paused until") for text in shown())


STATES: list[tuple[Any, State]] = [
    (an_environment(preparation=OFF), State.IDLE),
    (an_environment(), State.RUNNING),
    (an_environment(publishing=RUNNING), State.PUBLISHING),
    (an_environment(publishing=RUNNING, failed_version=1), State.NEEDS_YOU),
    (stops_at(SEVEN), State.NEEDS_YOU),
    (stops_at(SEVEN + timedelta(hours=2)), State.RUNNING),
]


@pytest.mark.parametrize(("environment", "state"), STATES)
async def test_the_icon_shows_the_gravest_of_what_there_is(
    qloop: object, environment: Any, state: State
) -> None:
    async with a_watched_evening(at=None, tray=True) as it:
        other = msgspec.structs.replace(an_environment("other", "Other"), preparation=OFF)
        it.evening.store.environments.replace([environment, other])
        assert it.services.tray is not None
        assert it.services.tray.state is state


def test_each_state_has_its_picture_at_each_size() -> None:
    for size in SIZES:
        drawn = {bytes(picture(it).pixmap(size).toImage().constBits()) for it in State}
        assert len(drawn) == len(State)


def test_its_picture_is_the_same_in_every_theme(qapp: object) -> None:
    light = picture(State.IDLE).pixmap(16).toImage()
    theme.current().wear(DARK)
    picture.cache_clear()
    assert picture(State.IDLE).pixmap(16).toImage() == light
    theme.current().wear(LIGHT)


def test_a_tray_that_comes_later_is_told_once(qtbot: Any) -> None:
    there, came = [False], []
    host = TrayHost(lambda: there[0])
    host.came.connect(lambda: came.append(True))
    assert not host.look()
    there[0] = True
    assert host.look()
    assert host.look()
    assert came == [True]


async def test_closing_goes_into_the_tray_and_says_so_the_first_time(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening(at=None, tray=True) as it:
        window = it.evening.desktop.window
        window.close()
        assert window.isHidden()
        title = "Autosky Desktop keeps watching in the tray"
        await me.until(lambda: [n.title for n in it.notifier.ever] == [title], title)
        it.notifier.press(title, "")
        assert window.isVisible()
        window.close()
        assert len(it.notifier.ever) == 1
        assert it.evening.store.environments.get(ERP)


def last_used() -> list[str]:
    menu().aboutToShow.emit()
    below = next((it.menu() for it in menu().actions() if it.text() == "Last used"), None)
    return [it.text() for it in below.actions()] if isinstance(below, QMenu) else []


async def test_of_many_environments_the_last_used_are_near(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, tray=True) as it:
        names = [f"e{number}" for number in range(8)]
        it.evening.store.environments.replace(
            [an_environment(name, name.upper(), preparation=OFF) for name in names]
        )
        preferences = it.evening.desktop._preferences
        recent = ("e7", "gone", "e2", "e0", "e1", "e3", "e4")
        preferences.keep(msgspec.structs.replace(preferences.settings, recent=recent))
        used = ("E7", "E2", "E0", "E1", "E3")
        assert last_used() == [f"{name} (Production): Stopped" for name in used]
        window = it.evening.desktop.window
        window.open("e5")
        heard: list[str] = []
        window.opened.connect(heard.append)
        below = next(it.menu() for it in menu().actions() if it.text() == "Last used")
        assert isinstance(below, QMenu)
        below.actions()[0].trigger()
        assert heard == ["e7"]
        it.evening.store.environments.replace([an_environment(name) for name in names[:3]])
        assert last_used() == []


async def test_a_shutdown_that_was_skipped_is_had_again_from_the_tray(
    qloop: object, me: Person
) -> None:
    tomorrow = SEVEN + timedelta(days=1)
    async with a_watched_evening(tray=True) as it:
        assert "Restore the shutdown at 19:00" not in shown()
        entry = an_activity(
            kind="skip-shutdown", target="PREP-ERP-PROD-01", moved_from=SEVEN, moved_to=tomorrow
        )
        it.evening.store.details(ERP).activity.replace([entry])
        server = a_preparation_server(shutdown=ScheduledShutdown(at=tomorrow, reason="moved"))
        it.evening.show(server, environment=stops_at(tomorrow))
        assert shown()["Restore the shutdown at 19:00"]
        settings = [text for text, _ in lines(menu()) if text == "Set a shutdown time…"]
        assert len(settings) == 1, "Payroll's: ERP Production has a shutdown"
        assert choose("Restore the shutdown at 19:00")
        asked = "set prep from 19:00 to 19:00"
        await me.until(lambda: it.evening.plane.asked == [asked], asked)
