"""How busy instances are, on their page: quiet columns, and “Unknown” where nobody tells."""

from PySide6.QtCore import Qt

from autosky_desktop.domain.environment import Instance, InstanceLoad
from autosky_desktop.domain.errors import Offline
from autosky_desktop.ui.servers.instances.page import InstancesPage
from tests.support.evening import ERP, NOW, Evening, an_evening
from tests.support.person import Person, visible


def load_of(name: str) -> tuple[str, str]:
    """Return what the column of an instance shows, and what is said of it."""
    model = next(visible(InstancesPage)).table.model()
    titles = [
        str(model.headerData(at, Qt.Orientation.Horizontal)) for at in range(model.columnCount())
    ]
    row = next(it for it in range(model.rowCount()) if model.index(it, 0).data() == name)
    cell = model.index(row, titles.index("CPU / RAM"))
    return str(cell.data()), str(cell.data(Qt.ItemDataRole.AccessibleTextRole))


def shown(name: str) -> str:
    return load_of(name)[0]


async def opens(evening: Evening, me: Person) -> None:
    instances = [
        Instance(id=name.lower(), name=name, status="available", version=41, sessions=3)
        for name in ("INST-01", "INST-02", "INST-03")
    ]
    evening.store.details(ERP).instances.replace(instances)
    await me.presses("Show all instances")


async def test_what_is_told_stands_beside_the_instance(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.loads_told = [
            InstanceLoad(id="inst-01", cpu=91.6, memory=40.0, at=NOW),
            InstanceLoad(id="inst-02", cpu=0.0, at=NOW),
        ]
        await opens(evening, me)
        await me.until(lambda: shown("INST-01") == "92 % / 40 %", "the loads")
        assert "CPU 92 %, memory 40 %" in load_of("INST-01")[1]
        assert shown("INST-02") == "0 % / –"
        assert "CPU 0 %, memory unknown" in load_of("INST-02")[1]
        assert shown("INST-03") == "Unknown"


async def test_it_is_read_again_while_one_looks_and_not_afterwards(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await opens(evening, me)
        await me.until(lambda: shown("INST-01") == "Unknown", "nothing told")
        page = next(visible(InstancesPage))
        evening.plane.loads_told = [InstanceLoad(id="inst-01", cpu=10.0, at=NOW)]
        page._loads._every.timeout.emit()
        await me.until(lambda: shown("INST-01") == "10 % / –", "the second reading")
        await me.presses("Back to Servers")
        await me.until(lambda: not page.isVisible(), "the servers")
        assert not page._loads._every.isActive()


async def test_what_cannot_be_read_is_unknown_and_stops_nobody(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.loads_error = Offline("gone")
        await opens(evening, me)
        await me.sees("Accounts")
        assert shown("INST-01") == "Unknown"
