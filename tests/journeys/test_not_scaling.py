"""The demo's environment in which nothing is published: a Micro one."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from autosky_desktop.ui.desktop import Desktop
from autosky_desktop.ui.palette.palette import Palette
from autosky_desktop.ui.servers.page import ServersPage
from autosky_desktop.words.tray import environment_line
from tests.journeys.conftest import Open
from tests.support.person import Person, cells, texts, visible

MICRO, KIND = "Point of Sale", "Micro"
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


async def opens_it(me: Person) -> None:
    await me.clicks_cell(f"{MICRO}, Production, {KIND}")
    await me.sees("Status: Running")
    await me.sees("2 servers")


async def test_its_servers_are_shown_without_cards_for_what_it_cannot_have(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await opens_it(me)
        await me.sees("Changes on them reach users at once")
        shown = set(texts())
        assert "APP-POS-01" in " ".join(shown)
        assert not shown & {"Preparation server", "Support servers", "Instances"}
        assert not any("preparation server" in it for it in shown)


async def test_its_publish_tab_says_that_only_scaling_environments_publish(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await opens_it(me)
        me.key(Qt.Key.Key_P, CTRL)
        await me.sees("Only scaling environments publish versions.")
        assert not me.offers("Publish version 1")


async def test_a_server_of_it_restarts_and_its_activity_tells_so(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await opens_it(me)
        await me.clicks_cell("Actions for APP-POS-01")
        await me.chooses("Restart…")
        await me.sees("Restart APP-POS-01?")
        await me.presses("Restart")
        await me.opens_tab("Activity")
        await me.sees("What: Restart of APP-POS-01 requested")
        await me.sees("Result: Done")


async def test_keys_of_a_preparation_server_do_nothing_there_and_work_again_elsewhere(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window() as desktop:
        await opens_it(me)
        start = command(desktop, "Start the preparation server…")
        assert not start.isEnabled()
        assert start.statusTip() == "This environment has no preparation server."
        me.key(Qt.Key.Key_S, CTRL | SHIFT)
        await me.clicks_cell("ERP Production, Production, Stopped, 37 sessions")
        assert start.isEnabled()
        assert start.statusTip() == ""
        me.key(Qt.Key.Key_S, CTRL | SHIFT)
        await me.sees("Start PREP-ERP-PROD-01?")
        await me.presses("Go back")


async def test_the_palette_offers_nothing_that_needs_versions(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window() as desktop:
        await opens_it(me)
        me.key(Qt.Key.Key_K, CTRL)
        palette = await me.until(lambda: next(visible(Palette), None), "the palette")
        lines = [text for _index, text in cells(palette.list)]
        publish = [it for it in lines if it.startswith("Publish: ")]
        assert len(publish) == 5
        assert all(it.endswith(", Only scaling environments publish versions.") for it in publish)
        assert not [it for it in lines if "all instances" in it]
        assert f"Connect to APP-POS-01 as…, {MICRO}" in lines
        none = "This environment has no preparation server."
        assert f"Start the preparation server…, {none}" in lines
        QTest.keyClick(palette, Qt.Key.Key_Escape)
        assert isinstance(desktop.window.page.tab("servers"), ServersPage)


async def test_the_tray_names_its_kind_and_a_link_leads_to_it(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window() as desktop:
        record = desktop._store.environments.get("point-of-sale")
        assert record
        line = environment_line(record, desktop._now())
        assert line == f"{MICRO} (Production): Micro"
        desktop.navigation.follow("autosky://environment/point-of-sale")
        await me.sees(f"{MICRO}, Production environment")


def command(desktop: Desktop, name: str) -> object:
    return next(it for it in desktop._commands.all if it.text() == name)


async def test_settings_offer_no_reminders_of_its_own(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window() as desktop:
        me.key(Qt.Key.Key_Comma, CTRL)
        await me.sees("In ERP Production")
        await me.presses("Close")
        await opens_it(me)
        desktop.window.activateWindow()
        await me.until(desktop.window.isActiveWindow, "an active window")
        me.key(Qt.Key.Key_Comma, CTRL)
        await me.sees("Remind me before a shutdown")
        assert f"In {MICRO}" not in set(texts())
        await me.presses("Close")
