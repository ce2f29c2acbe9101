"""Every action, by somebody who has no mouse."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from autosky_desktop.ui.publish.page import PublishPage
from tests.support.connect_window import connectable
from tests.support.evening import ERP, a_preparation_server, a_publication, an_evening
from tests.support.keys import focus, press, reach
from tests.support.person import Person, menu_line, said, visible

Key = Qt.Key
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


async def test_the_preparation_server_is_started(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(a_preparation_server(status="stopped", shutdown=None))
        await press(Key.Key_S, held=CTRL | SHIFT)
        await me.sees("Start PREP-ERP-PROD-01?")
        await press(Key.Key_Escape)
        await me.no_longer_sees("Start PREP-ERP-PROD-01?")
        assert evening.plane.asked == []

        await press(Key.Key_S, held=CTRL | SHIFT)
        await press(Key.Key_Return)
        await me.until(lambda: evening.plane.asked == ["start prep"], "a start")


async def test_what_cannot_be_started_says_why_in_its_menu(qloop: object, me: Person) -> None:
    async with an_evening():
        await press(Key.Key_S, held=CTRL | SHIFT)
        await me.sees("Already running")
        await press(Key.Key_Escape)


async def test_a_support_server_is_stopped_from_its_row(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await reach("Support servers")
        await press(Key.Key_Right)
        await press(Key.Key_C, held=CTRL)
        assert QGuiApplication.clipboard().text() == "203.0.113.31"
        await press(Key.Key_Return)
        await me.until(lambda: menu_line("Stop server…"), "the row's menu")
        await press(Key.Key_Return)
        await me.sees("Stop DB-ERP-PROD-01?")
        QTest.keyClicks(focus(), "erp productio")
        await press(Key.Key_Return)
        assert evening.plane.asked == []  # that is not its name
        QTest.keyClicks(focus(), "n")
        await press(Key.Key_Return)
        await me.until(lambda: evening.plane.asked == ["stop db-erp-prod-01"], "a stop")


async def test_the_menu_key_opens_the_menu_of_a_row(qloop: object, me: Person) -> None:
    async with an_evening():
        await reach("Support servers")
        await press(Key.Key_Menu)
        await me.until(lambda: menu_line("Restart…"), "the row's menu")
        await press(Key.Key_Escape)
        assert menu_line("Restart…") is None


async def test_the_actions_and_the_addresses_of_the_preparation_server(
    qloop: object, me: Person
) -> None:
    async with an_evening():
        await reach("Copy private IP of PREP-ERP-PROD-01")
        await press(Key.Key_Space)
        assert QGuiApplication.clipboard().text() == "10.20.0.11"
        await reach("Actions for PREP-ERP-PROD-01")
        await press(Key.Key_Space)
        await me.until(lambda: menu_line("Publish new version"), "the menu")
        await press(Key.Key_Up, Key.Key_Up, Key.Key_Up, Key.Key_Return)
        await me.sees("Optimized publication")
        assert said(focus()) == "Block instances"


async def test_a_version_is_published_and_looked_at(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(publications=[a_publication()])
        await press(Key.Key_P, held=CTRL)
        await me.sees("Publish version 42")
        await press(Key.Key_N, held=ALT)
        QTest.keyClicks(focus(), "Tax tables")
        await me.until(lambda: me.offers("Publish version 42"), "the button")
        await press(Key.Key_P, held=ALT)
        await me.sees("Publish version 42 to ERP Production?")
        await press(Key.Key_Return)
        await me.until(lambda: evening.plane.asked == ["publish 42: Tax tables"], "a publication")
        await me.no_longer_sees("Publish version 42 to ERP Production?")

        await reach("Publishing history")
        await press(Key.Key_Return)
        await me.sees("Details of version 41")
        await reach("Copy details")
        await press(Key.Key_Space)
        assert "Published by: ana" in QGuiApplication.clipboard().text()
        await press(Key.Key_Escape)
        await me.no_longer_sees("Details of version 41")


async def test_the_environments_and_the_tabs(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        window = evening.desktop.window
        await press(Key.Key_L, held=CTRL)
        QTest.keyClicks(focus(), "payr")
        assert window.environment == ERP  # looking for another is not opening it
        await press(Key.Key_Return)
        assert window.environment == "payroll"
        await press(Key.Key_L, held=CTRL)
        await press(Key.Key_Escape)
        await press(Key.Key_Tab, held=CTRL)
        assert window.environment == ERP
        await press(Key.Key_2, held=CTRL)
        await me.sees("Optimized publication")
        await press(Key.Key_1, held=CTRL)
        await me.sees("Server name: PREP-ERP-PROD-01")
        await reach("Main menu")
        await press(Key.Key_Space)
        await me.until(lambda: menu_line("Find an environment"), "the main menu")
        await press(Key.Key_Escape)
        await press(Key.Key_B, held=CTRL)
        assert window.sidebar.isHidden()
        await press(Key.Key_B, held=CTRL)
        assert window.sidebar.isVisible()


async def test_tab_goes_from_the_sidebar_to_the_tabs_and_down_the_page(
    qloop: object, me: Person
) -> None:
    async with an_evening():
        await reach("Main menu")
        passed = []
        for _ in range(15):
            passed.append(said(focus()) or type(focus()).__name__)
            await press(Key.Key_Tab)
        assert passed == [
            "Main menu",
            "Find an environment",
            "Add environment",
            "Environments",
            "Notifications, 0 unread",
            "Settings",
            "Force provider update",
            "PageTabs",
            "Actions for PREP-ERP-PROD-01",
            "Copy public IP of PREP-ERP-PROD-01",
            "Copy private IP of PREP-ERP-PROD-01",
            "Cancel scheduled shutdown",
            "Extend execution",
            "Show all instances",
            "Support servers",
        ]


async def test_tab_goes_from_the_tabs_to_the_models_and_into_the_form(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await press(Key.Key_2, held=CTRL)
        await me.sees("Publish version 42")
        evening.desktop.window.header.tabs.setFocus()
        stops = []
        for _ in range(3):
            await press(Key.Key_Tab)
            stops.append(said(focus()))
        assert stops == ["Publishing model", "Block instances", "Terminate sessions"]


async def test_each_model_has_its_key_from_wherever_one_is(qloop: object, me: Person) -> None:
    async with an_evening():
        for number, key in enumerate((Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5)):
            await press(Key.Key_1, held=CTRL)
            await me.sees("Server name: PREP-ERP-PROD-01")
            await press(key, held=ALT)
            shown = await me.until(lambda: next(visible(PublishPage), None), "Publish")
            assert shown.forms.tabs.currentIndex() == number
            assert shown.forms.shown.isAncestorOf(focus())


async def types_in_the_palette(me: Person, text: str) -> None:
    await press(Key.Key_K, held=CTRL)
    await me.until(lambda: said(focus()) == "Command palette", "the palette")
    QTest.keyClicks(focus(), text)


async def test_every_command_is_found_by_its_name(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await types_in_the_palette(me, "environment next")
        await press(Key.Key_Return)
        await me.until(lambda: evening.desktop.window.environment == "payroll", "Payroll")
        await me.no_longer_sees("Command palette")


async def test_every_server_is_connected_to_by_its_name(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await types_in_the_palette(me, "connect file-erp")
        await press(Key.Key_Return)
        await me.sees("Connect to FILE-ERP-PROD-01")
        assert it.heard == []


async def test_no_command_of_that_name_does_nothing(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await types_in_the_palette(me, "xyzzy")
        await me.sees("No command matches 'xyzzy'.")
        await press(Key.Key_Down, Key.Key_Return)
        assert said(focus()) == "Command palette"
        await press(Key.Key_Escape)
        await me.no_longer_sees("Command palette")
        assert evening.plane.asked == []


async def test_the_regions_of_the_window_are_a_key_apart(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        window = evening.desktop.window
        assert window.page is not None
        window.sidebar.list.setFocus()
        for _region in ("header", "tabs", "page"):
            if not window.page.isAncestorOf(focus()):
                await press(Key.Key_F6)
        assert window.page.isAncestorOf(focus())
        await press(Key.Key_F6)
        assert window.sidebar.isAncestorOf(focus())
        await press(Key.Key_F6, held=SHIFT)
        assert window.page.isAncestorOf(focus())
