"""The faults of the demo in the menu and the palette of a window whose control plane is away."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from autosky_desktop.domain.demo import Demo
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.palette.palette import Palette
from tests.support.evening import NOW, Evening, an_evening
from tests.support.person import Person, cells, menu_line, visible

OFFLINE = "No connection to the control plane"


def has_a_demo(evening: Evening, *faults: str) -> None:
    evening.store.demo = Demo(speed=20, faults=list(faults))
    evening.store.tell()


async def test_offline_each_line_says_why_it_is_off(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        has_a_demo(evening, "image-fails")
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.sees("Faults of the demo are on:")
        await me.presses("Main menu")
        await me.chooses("Demo faults")
        for text in ("Images fail", "Servers do not start", "Switch all off"):
            found = await me.until(lambda text=text: menu_line(text), text)
            assert (found[1].isEnabled(), found[1].statusTip()) == (False, OFFLINE)
        checked = menu_line("Images fail")
        assert checked
        assert checked[1].isChecked()
        await me.closes_menu()
        await me.closes_menu()


async def test_offline_the_palette_says_why_too(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        has_a_demo(evening, "image-fails")
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        me.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        palette = await me.until(lambda: next(visible(Palette), None), "the palette")
        QTest.keyClicks(palette.field, "images fail")
        assert [text for _index, text in cells(palette.list)] == [
            f"Demo fault off: Images fail, {OFFLINE}"
        ]
        QTest.keyClick(palette, Qt.Key.Key_Escape)


async def test_switching_all_off_is_offered_once(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        has_a_demo(evening, "image-fails")
        await me.sees("Switch all faults of the demo off")
        me.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        palette = await me.until(lambda: next(visible(Palette), None), "the palette")
        QTest.keyClicks(palette.field, "all off")
        assert [text for _index, text in cells(palette.list)] == [
            "Switch all faults of the demo off"
        ]
        QTest.keyClick(palette, Qt.Key.Key_Escape)


async def test_a_fault_of_the_future_is_told_by_its_banner(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        has_a_demo(evening, "network-flaps", "image-stuck")
        await me.sees("Others, set by a file · Images get stuck")
        has_a_demo(evening)
        await me.no_longer_sees("Faults of the demo are on:")
