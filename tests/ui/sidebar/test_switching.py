"""Finding one environment among many, and having the right ones first."""

from datetime import timedelta

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from autosky_desktop.domain.environment import Environment, Preparation
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.theme import theme
from tests.support import looking
from tests.support.evening import ERP, LIVE, NOW, Evening, an_environment, an_evening
from tests.support.person import Person, cells, menu_line
from tests.support.planes import A_PLANE

Key = Qt.Key


def stopping(minutes: float) -> Environment:
    at = ScheduledShutdown(at=NOW + timedelta(minutes=minutes))
    prep = Preparation(id="tax", name="PREP-TAX", status="running", shutdown=at)
    return an_environment("tax", "Tax Filing", preparation=prep, sessions=8)


def many(evening: Evening, number: int = 20) -> None:
    others = [an_environment(f"e{it}", f"Site {it:03}", label="staging") for it in range(number)]
    evening.store.environments.replace([an_environment(), *others])


def rows(evening: Evening) -> list[str]:
    return [text.split(",")[0] for _index, text in cells(evening.desktop.window.sidebar.list)]


def key(evening: Evening, *keys: Qt.Key) -> None:
    for it in keys:
        QTest.keyClick(evening.desktop.window.sidebar.list, it)


async def test_what_wants_somebody_is_said_in_the_row_and_counted_above(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        odd = an_environment("t", "Training", label="staging", unreachable="No route",
                             trouble="unreachable", troubled=2)  # fmt: skip
        failed = an_environment("w", "Warehouse", failed_version=42)
        evening.store.environments.replace([an_environment(), stopping(17), odd, failed])
        at = (NOW + timedelta(minutes=17)).astimezone().strftime("%H:%M")
        await me.sees("ERP Production, Production, Running, 37 sessions")
        await me.sees(f"Tax Filing, Production, Stops {at}, 8 sessions, 1 needs you")
        await me.sees("Training, Staging, Not reachable, 37 sessions, 3 need you")
        await me.sees("Warehouse, Production, Publication failed, 37 sessions, 1 needs you")
        await me.sees("4 · 3 need you")
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.sees(f"Tax Filing, Production, Stops {at}, 8 sessions")
        await me.sees("Training, Staging, Not reachable")
        evening.store.environments.replace([an_environment()])
        await me.no_longer_sees("need you")


async def test_an_environment_without_a_label_has_no_empty_tag(qloop: object, me: Person) -> None:
    def tags(evening: Evening) -> bool:
        picture = evening.desktop.window.sidebar.list.viewport().grab().toImage()
        return any(
            picture.pixelColor(x, y) == theme.color("idle_soft")
            for x in range(picture.width())
            for y in range(picture.height())
        )

    async with an_evening() as evening:
        evening.store.environments.replace([an_environment(label="lab")])
        await me.sees("ERP Production, Lab, Running, 37 sessions")
        assert tags(evening)
        evening.store.environments.replace([an_environment(label="")])
        await me.sees("ERP Production, Running, 37 sessions")
        assert not tags(evening)


async def test_a_shutdown_that_comes_near_is_said_without_any_news(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.store.environments.put(stopping(60 + 0.3 / 60))
        await me.sees("Tax Filing, Production, Running")
        evening.store.set_clock_ahead(timedelta(seconds=1))
        await me.sees("Tax Filing, Production, Stops")
        await me.sees("1 needs you")


async def test_favourites_come_first_and_are_kept(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        many(evening)
        view = evening.desktop.window.sidebar.list
        await me.until(lambda: len(rows(evening)) == 21, "the environments")
        view.setFocus()
        key(evening, Key.Key_End, Key.Key_Menu)
        await me.chooses("Add to favourites")
        assert rows(evening)[:2] == ["Site 019", "ERP Production"]
        assert view.currentIndex().row() == 0  # the mark stays on it
        assert evening.desktop._preferences.settings.favourites == ("e19",)
        key(evening, Key.Key_Menu)
        await me.chooses("Remove from favourites")
        assert rows(evening)[-1] == "Site 019"
        assert evening.desktop._preferences.settings.favourites == ()


async def test_the_open_environment_is_made_a_favourite_by_a_key(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        window = evening.desktop.window
        QTest.keyClick(window, Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        assert evening.desktop._preferences.settings.favourites == (ERP,)


async def test_a_link_is_copied(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.until(lambda: rows(evening), "the environments")
        evening.desktop.window.sidebar.list.setFocus()
        key(evening, Key.Key_Menu)
        await me.until(lambda: menu_line("Copy link"), "the menu")
        await me.chooses("Copy link")
        link = f"autosky://environment/erp-production?plane={A_PLANE}"
        assert QGuiApplication.clipboard().text() == link


async def test_up_and_down_go_through_the_rows_and_enter_opens(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        many(evening)
        window = evening.desktop.window
        window.sidebar.list.setFocus()
        key(evening, Key.Key_Home, Key.Key_Down, Key.Key_Down)
        assert window.environment == ERP
        key(evening, Key.Key_Return)
        assert window.environment == "e1"
        kept = evening.desktop._preferences
        await me.until(lambda: kept.settings.recent[:2] == ("e1", ERP), "what was opened, kept")


async def test_a_search_looks_at_name_label_and_state(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        many(evening, 5)
        evening.store.environments.put(stopping(17))
        for text, found in {"e 099": 0, "site 003": 1, "staging": 5, "stops": 1, "": 7}.items():
            await me.types("Find an environment", text)
            assert len(rows(evening)) == found, text
        await me.types("Find an environment", "xyz")
        await me.sees("No environment matches 'xyz'.")
        await me.presses("Clear")
        assert len(rows(evening)) == 7


async def test_a_row_that_changes_keeps_its_place_and_the_scroll(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        many(evening, 40)
        view = evening.desktop.window.sidebar.list
        await me.until(lambda: view.verticalScrollBar().maximum() > 500, "a long list")
        view.verticalScrollBar().setValue(300)
        one = evening.store.environments.get("e7")
        assert one is not None
        evening.store.environments.put(msgspec.structs.replace(one, sessions=1, revision=2))
        evening.store.environments.put(msgspec.structs.replace(one, name="Site 100", revision=3))
        assert view.verticalScrollBar().value() == 300
        assert rows(evening)[-1] == "Site 100"
        evening.store.environments.remove("e7")
        assert len(rows(evening)) == 40


async def test_a_clock_that_is_wrong_is_said_once(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.store.set_clock_ahead(timedelta(seconds=59))
        assert not me.offers("Dismiss")
        evening.store.set_clock_ahead(timedelta(minutes=3))
        await me.sees("This computer's clock is 3 min behind the control plane's")
        await me.sees("Times here follow the control plane.")
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.sees("Not connected since")
        evening.store.set_connection(LIVE)
        await me.presses("Dismiss")
        await me.no_longer_sees("This computer's clock")
        evening.store.set_clock_ahead(timedelta(minutes=3, seconds=10))
        assert not me.offers("Dismiss")
        evening.store.set_clock_ahead(timedelta(hours=-1))
        await me.sees("This computer's clock is 1 h 00 min ahead of the control plane's")


async def test_sessions_are_counted_only_where_users_have_some(qloop: object, me: Person) -> None:
    """Of an environment without instances, even a dash would be of nothing."""
    async with an_evening() as evening:
        scaling = an_environment("a", "A", sessions=None)
        micro = an_environment("b", "B", kind="micro", preparation=None, sessions=None)
        evening.store.environments.replace([scaling, micro])
        await me.sees("B, Production, Micro")
        view = evening.desktop.window.sidebar.list
        looking.settle()
        picture = view.viewport().grab().toImage()
        painted = []
        for number in range(2):
            row = view.visualRect(view.model().index(number, 0))
            ground = picture.pixelColor(row.right() - 60, row.top() + 10)
            right = range(row.right() - 50, row.right() - 8)
            lines = range(row.top() + 8, row.top() + 26)
            painted.append(any(picture.pixelColor(x, y) != ground for x in right for y in lines))
        assert painted == [True, False]
