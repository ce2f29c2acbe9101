"""What is found by name, with a real control plane behind it."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.palette.palette import Palette
from autosky_desktop.ui.widgets.table.table import RecordTable
from tests.journeys.conftest import Open
from tests.support.person import Person, visible


async def test_a_server_of_an_environment_nobody_opened_is_found_and_asked_about(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        QTest.keyClick(next(visible(MainWindow)), Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        palette = await me.until(lambda: next(visible(Palette), None), "the palette")
        QTest.keyClicks(palette.field, "restart db payroll")
        model = palette.list.model()
        await me.until(
            lambda: model.rowCount() and model.index(0, 0).data() == "Restart DB-PAYROLL-01…",
            "the server of Payroll",
        )
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
        await me.sees("Restart DB-PAYROLL-01?")
        await me.presses("Go back")


async def test_a_link_to_a_server_of_an_environment_nobody_opened_shows_it_there(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window() as desktop:
        desktop.navigation.arrive("autosky://server/db-payroll-01")
        await me.sees("Payroll, Production environment")
        table = await me.until(
            lambda: next((it for it in visible(RecordTable) if it.selected_records()), None),
            "the row that is chosen",
        )
        assert [it.id for it in table.selected_records()] == ["db-payroll-01"]
