"""How the columns of a table share its width."""

from dataclasses import dataclass

from autosky_desktop.ui.theme.fonts import TextStyle, advance
from autosky_desktop.ui.widgets.column_widths import share
from autosky_desktop.ui.widgets.table_model import Column


@dataclass(frozen=True)
class Machine:
    id: str
    address: str | None = None


NAME = Column[Machine]("Name", lambda it: it.id, kind="name")
ADDRESS = Column[Machine]("Public IP", lambda it: it.address, kind="address", missing="None")
LONG = Machine("DATABASE-ERP-PRODUCTION-COMPANY-NY-001-03")


def test_with_room_for_all_each_has_its_weight(qapp: object) -> None:
    assert share([NAME, ADDRESS], 600, [Machine("DB-01")]) == [300, 300]


def test_a_name_that_would_be_cut_gets_the_room_beside_none(qapp: object) -> None:
    name, address = share([NAME, ADDRESS], 500, [LONG])
    assert name >= advance(TextStyle.BODY_MEDIUM, LONG.id)
    assert address >= advance(TextStyle.SMALL_MEDIUM, "Public IP")
    assert round(name + address) == 500


def test_a_title_is_whole_however_little_its_column_weighs(qapp: object) -> None:
    heavy = Column[Machine]("Note", lambda it: it.id, weight=99)
    _note, address = share([heavy, ADDRESS], 300, [])
    assert address > advance(TextStyle.SMALL_MEDIUM, "Public IP")


def test_without_columns_there_is_nothing_to_share(qapp: object) -> None:
    assert share([], 300, [LONG]) == []
