"""States are shapes and words; what turns costs nothing when it is not seen."""

from PySide6.QtGui import QAccessible, QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from autosky_desktop.ui.theme.theme import Theme
from autosky_desktop.ui.widgets.label_tag import LabelTag
from autosky_desktop.ui.widgets.status import StatusPill, spin
from autosky_desktop.words.states import StatusKind


def shown(qtbot: QtBot, kind: StatusKind, text: str) -> StatusPill:
    pill = StatusPill()
    qtbot.addWidget(pill)
    pill.show_status(kind, text)
    pill.show()
    qtbot.waitExposed(pill)
    return pill


def test_a_pill_is_read_as_its_word(qtbot: QtBot) -> None:
    pill = shown(qtbot, StatusKind.OK, "Running")
    said = QAccessible.queryAccessibleInterface(pill)
    assert said.role() is QAccessible.Role.StaticText
    assert said.text(QAccessible.Text.Name) == "Running"


def test_no_two_kinds_look_alike_without_colour(qtbot: QtBot) -> None:
    masks = set()
    for kind in StatusKind:
        pill = StatusPill(soft=False)
        qtbot.addWidget(pill)
        pill.show_status(kind, "")
        picture = QPixmap(pill.size())
        grey = pill.grab().toImage().convertToFormat(picture.toImage().Format.Format_Mono)
        masks.add(bytes(grey.constBits()))
    assert len(masks) == len(StatusKind)


def test_a_busy_pill_turns_while_it_is_seen_and_stops_when_hidden(qtbot: QtBot) -> None:
    pill = shown(qtbot, StatusKind.BUSY, "Starting, 4 s")
    before = spin().degrees
    qtbot.waitUntil(lambda: spin().degrees != before)
    pill.hide()
    qtbot.waitUntil(lambda: not spin().turning)


def test_a_busy_pill_stops_turning_when_its_work_is_done(qtbot: QtBot) -> None:
    pill = shown(qtbot, StatusKind.BUSY, "Starting, 4 s")
    qtbot.waitUntil(lambda: spin().turning)
    pill.show_status(StatusKind.OK, "Running")
    qtbot.waitUntil(lambda: not spin().turning)


def test_nothing_turns_for_a_person_who_wants_no_motion(qtbot: QtBot, look: Theme) -> None:
    look.reduce_motion(True)
    try:
        pill = shown(qtbot, StatusKind.BUSY, "Starting, 4 s")
        pill.repaint()
        qtbot.waitUntil(lambda: not spin().turning)
    finally:
        look.reduce_motion(False)


def test_a_longer_word_makes_a_wider_pill(qtbot: QtBot) -> None:
    pill = shown(qtbot, StatusKind.OK, "Running")
    narrow = pill.sizeHint().width()
    pill.show_status(StatusKind.UNKNOWN, "Was running, 18:21")
    assert pill.sizeHint().width() > narrow


def test_a_label_tag_shows_its_word_and_hides_without_one(qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    tag = LabelTag(around)
    around.show()
    assert tag.sizeHint().isNull()
    tag.show_label("production", "Production")
    assert tag.isVisible()
    assert QAccessible.queryAccessibleInterface(tag).text(QAccessible.Text.Name) == "Production"
    tag.show_label("blue-green", "blue-green")
    assert tag.text() == "blue-green"
    tag.show_label("", "")
    assert not tag.isVisible()


def test_a_label_tag_that_is_filled_early_is_no_window(qtbot: QtBot) -> None:
    tag = LabelTag()
    qtbot.addWidget(tag)
    tag.show_label("production", "Production")
    assert not tag.isVisible()
