"""How the columns of a table share its width."""

from dataclasses import dataclass

from autosky_desktop.ui.theme.fonts import TextStyle, advance
from autosky_desktop.ui.widgets.table.column_widths import share
from autosky_desktop.ui.widgets.table.model import Column


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


WHEN = Column[Machine]("Date", lambda _it: "Fri 20 Nov 19:04", kind="date-info")
NOTE = Column[Machine]("Note", lambda _it: "A very long note " * 9, kind="quiet", weight=9)
MODEL = Column[Machine]("Model", lambda _it: "Request user reconnection")


def test_a_moment_is_whole_with_its_icon_while_a_note_has_room_to_give(qapp: object) -> None:
    when, model, note = share([WHEN, MODEL, NOTE], 460, [LONG])
    assert when >= advance(TextStyle.BODY_MEDIUM, "Fri 20 Nov 19:04") + 29 + 16
    assert model >= advance(TextStyle.BODY, "Request user reconnection") + 16
    assert note >= advance(TextStyle.SMALL_MEDIUM, "Note")
    assert round(when + model + note) == 460


def test_where_notes_have_nothing_left_to_give_other_words_do(qapp: object) -> None:
    when, model = share([WHEN, MODEL], 280, [LONG])
    assert when >= advance(TextStyle.BODY_MEDIUM, "Fri 20 Nov 19:04") + 29 + 16
    assert advance(TextStyle.SMALL_MEDIUM, "Model") < model < 280 - when + 1


def test_an_address_has_room_for_its_icon(qapp: object) -> None:
    machine = Machine("x" * 60, "203.0.113.123")
    name, address = share([NAME, ADDRESS], 500, [machine])
    assert address >= advance(TextStyle.BODY, "203.0.113.123") + 29 + 16
    assert name >= 200


def test_without_columns_there_is_nothing_to_share(qapp: object) -> None:
    assert share([], 300, [LONG]) == []
