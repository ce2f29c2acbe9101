"""Cards, fields, options, buttons, banner, error box, menu: what they do and what is said."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStyleOptionComboBox, QWidget
from pytestqt.qtbot import QtBot

from autosky_desktop.ui.widgets.banner import Banner
from autosky_desktop.ui.widgets.button import Button, ButtonKind
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.ui.widgets.field import CopyButton, Field
from autosky_desktop.ui.widgets.input.check_box import Option
from autosky_desktop.ui.widgets.input.choice import Choice
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.ui.widgets.timeline import StepLook, StepTimeline
from autosky_desktop.words.states import StatusKind

LEFT = Qt.MouseButton.LeftButton
Role, Text = QAccessible.Role, QAccessible.Text


def said(widget: QWidget) -> tuple[QAccessible.Role, str]:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.role(), interface.text(Text.Name)


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(600, 300)
    page.show()
    return page


def test_a_card_is_a_group_with_its_title_for_a_name(page: QWidget) -> None:
    assert said(Card("Support servers", parent=page)) == (Role.Grouping, "Support servers")


def test_a_field_says_its_label_and_value(page: QWidget) -> None:
    field = Field("Public IP", page, copy=True)
    field.show_value("203.0.113.24")
    value = next(it for it in field.findChildren(QLabel) if it.text() == "203.0.113.24")
    assert said(value) == (Role.StaticText, "Public IP: 203.0.113.24")
    assert value.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard


def test_a_field_copies_its_value_and_says_copied(page: QWidget, qtbot: QtBot) -> None:
    field = Field("Public IP", page, copy=True)
    field.show_value("203.0.113.24")
    field.set_copy_name("Copy public IP of PREP-ERP-PROD-01")
    field.show()
    button = field.findChild(CopyButton)
    assert button is not None
    assert said(button) == (Role.Button, "Copy public IP of PREP-ERP-PROD-01")
    qtbot.mouseClick(button, LEFT)
    assert QGuiApplication.clipboard().text() == "203.0.113.24"
    assert button.text() == "Copied"


def test_a_field_without_a_value_says_what_is_missing_and_copies_nothing(page: QWidget) -> None:
    field = Field("Private IP", page, copy=True)
    field.show_value(None, missing="None")
    button = field.findChild(CopyButton)
    assert field.value() == "None"
    assert button is not None
    assert button.isHidden()


def test_a_field_shows_a_status_with_its_label_said(page: QWidget) -> None:
    field = Field("Server status", page)
    field.show_status(StatusKind.OK, "Running")
    assert field.value() == "Running"
    pill = next(it for it in field.findChildren(QLabel) if it.text() == "Running")
    assert said(pill) == (Role.StaticText, "Server status: Running")


def test_the_whole_option_toggles(page: QWidget, qtbot: QtBot) -> None:
    option = Option("Block instances", "Locks the instances until the run ends.", parent=page)
    option.resize(400, 40)
    option.show()
    with qtbot.waitSignal(option.toggled) as toggled:
        qtbot.mouseClick(option, LEFT, pos=QPoint(200, 32))
    assert toggled.args == [True]
    qtbot.keyClick(option.box, Qt.Key.Key_Space)
    assert not option.checked()


def test_an_option_explains_itself_to_listeners(page: QWidget) -> None:
    option = Option("Block instances", "Locks the instances.", parent=page)
    interface = QAccessible.queryAccessibleInterface(option.box)
    assert said(option.box) == (Role.CheckBox, "Block instances")
    assert interface.text(Text.Description) == "Locks the instances."


def test_an_option_that_is_off_does_not_toggle(page: QWidget, qtbot: QtBot) -> None:
    option = Option("Block instances", parent=page)
    option.setEnabled(False)
    qtbot.mouseClick(option, LEFT)
    assert not option.checked()


def test_a_chosen_value_without_room_ends_in_three_dots(page: QWidget) -> None:
    select = Select(parent=page)
    select.addItem("Any result")
    option = QStyleOptionComboBox()
    select.resize(select.sizeHint())
    select.initStyleOption(option)
    assert option.currentText == "Any result"
    select.resize(select.width() - 24, select.height())
    option = QStyleOptionComboBox()
    select.initStyleOption(option)
    assert option.currentText.endswith("…")
    assert option.currentText.startswith("Any")


def test_a_button_drops_the_dots_from_its_name(page: QWidget) -> None:
    assert said(Button("Stop publication…", parent=page)) == (Role.Button, "Stop publication")


def shown(page: QWidget, button: Button) -> Button:
    row = QHBoxLayout(page)
    row.addStretch(1)
    row.addWidget(button)
    page.show()
    return button


@pytest.mark.parametrize("kind", ["plain", "primary", "destructive", "link"])
def test_a_busy_word_is_read_whole_in_the_room_that_was_made_for_it(
    page: QWidget, qtbot: QtBot, kind: ButtonKind
) -> None:
    button = shown(page, Button("Restart", kind))
    short = button.sizeHint().width()
    button.make_room_for("Restarting…")
    qtbot.waitUntil(lambda: button.width() == button.sizeHint().width() > short)
    width, whole = button.width(), Button("Restarting…", kind, parent=page).sizeHint().width()
    button.show_busy("Restarting…")
    assert width == button.width() >= whole
    button.show_ready()
    assert button.sizeHint().width() == width


def test_a_busy_word_without_room_made_for_it_widens_the_button(
    page: QWidget, qtbot: QtBot
) -> None:
    button = shown(page, Button("Go"))
    button.show_busy("Going a long way…")
    assert button.width() >= button.sizeHint().width() > 100


def test_a_busy_button_keeps_its_width_and_does_nothing(page: QWidget, qtbot: QtBot) -> None:
    button = Button("Publish version 43…", "primary", parent=page)
    button.show()
    width = button.width()
    pressed: list[bool] = []
    button.clicked.connect(pressed.append)
    button.show_busy("Publishing…")
    qtbot.mouseClick(button, LEFT)
    assert (button.text(), button.width(), pressed) == ("Publishing…", width, [])
    button.show_ready()
    assert (button.text(), button.isEnabled()) == ("Publish version 43…", True)


def test_a_banner_tells_and_offers_its_button(page: QWidget, qtbot: QtBot) -> None:
    banner = Banner(page)
    assert banner.isHidden()
    banner.tell("Not connected since 18:21:40.", "Values are from then.", button="Try now")
    lead = next(it for it in banner.findChildren(QLabel) if it.text().startswith("Not"))
    assert said(lead) == (Role.StaticText, "Not connected since 18:21:40")
    with qtbot.waitSignal(banner.pressed):
        qtbot.mouseClick(banner.button, LEFT)


def test_an_error_box_takes_the_focus_and_offers_another_try(page: QWidget, qtbot: QtBot) -> None:
    box = ErrorBox(page)
    page.activateWindow()
    box.tell("The server was not started. Nothing was changed.")
    qtbot.waitUntil(box.hasFocus)
    with qtbot.waitSignal(box.again):
        qtbot.mouseClick(box.button, LEFT)
    box.tell("You may not start servers.", again=False)
    assert box.button.isHidden()


@pytest.mark.parametrize("reason", ["", "Not now."])
def test_a_name_in_a_menu_keeps_its_ampersand(page: QWidget, reason: str) -> None:
    menu = Menu(page)
    menu.add("Close connection as R&D", "x", reason=reason)
    menu.popup(QPoint(0, 0))
    interface = QAccessible.queryAccessibleInterface(menu)
    assert interface.child(0).text(Text.Name) == "Close connection as R&D"
    menu.close()


def test_a_line_of_a_menu_says_why_it_is_off(page: QWidget) -> None:
    menu = Menu(page)
    off = menu.add("Start server…", "play", reason="Already running")
    on = menu.add("Publish new version", "upload")
    assert (off.isEnabled(), on.isEnabled()) == (False, True)
    assert off.toolTip() == "Already running"
    assert off.text() == "Start server…"


def test_a_long_text_is_cut_and_told_whole_by_its_tip(page: QWidget) -> None:
    label = ElidedLabel("Host the database and other services of the application", page)
    label.show()
    label.resize(80, 18)
    assert label.toolTip() == label.text()
    label.resize(label.sizeHint())
    assert not label.toolTip()


@pytest.mark.parametrize(("share", "shown"), [(0.45, False), (0.55, True), (1.0, True)])
def test_a_dispensable_text_is_shown_where_half_of_it_fits(
    page: QWidget, share: float, shown: bool
) -> None:
    label = ElidedLabel("All models, newest first", page, dispensable=True)
    label.show()
    label.resize(round(label.sizeHint().width() * share), 18)
    picture = label.grab().toImage()
    colours = {picture.pixel(x, y) for x in range(picture.width()) for y in range(18)}
    assert (len(colours) > 1) is shown
    assert bool(label.toolTip()) is (share < 1)


def test_a_select_is_a_combo_box(page: QWidget) -> None:
    select = Select(page, small=True)
    select.addItem("Any result")
    assert said(select)[0] is Role.ComboBox
    assert not select.grab().isNull()


def six(state: str) -> list[StepLook]:
    return [
        StepLook(f"Step {n}", state, "0:41", 0.5, f"Step {n} of 6, {state}, 0:41")
        for n in range(1, 7)
    ]


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize(
    "state", ["pending", "running", "succeeded", "skipped", "failed", "cancelled", "odd"]
)
def test_each_step_of_a_timeline_has_a_name(page: QWidget, state: str, compact: bool) -> None:
    timeline = StepTimeline(page, compact=compact)
    timeline.resize(580, timeline.height())
    timeline.show()
    timeline.show_steps(six(state))
    assert said(timeline)[0] is Role.Grouping
    assert said(timeline.items[3]) == (Role.StaticText, f"Step 4 of 6, {state}, 0:41")
    assert not timeline.grab().isNull()


def test_a_step_changes_in_place(page: QWidget) -> None:
    timeline = StepTimeline(page)
    timeline.show_steps(six("pending"))
    items = list(timeline.items)
    timeline.show_steps(six("succeeded"))
    assert timeline.items == items
    assert items[0].look.state == "succeeded"


def test_a_button_keeps_its_shortcut_when_its_words_change(page: QWidget) -> None:
    button = Button("Publish…", parent=page)
    button.setShortcut("Alt+P")
    button.setText("Publish version 42…")
    button.show_busy("Publishing…")
    button.show_ready()
    assert button.shortcut().toString() == "Alt+P"
    assert button.text() == "Publish version 42…"


def test_a_list_without_a_label_is_named_by_more_than_its_value(qtbot: QtBot) -> None:
    select = Select(small=True)
    qtbot.addWidget(select)
    select.addItem("Any result")
    select.name_without_label("Filter by result")
    interface = QAccessible.queryAccessibleInterface(select)
    labels = [
        other.text(Text.Name)
        for other, kind in interface.relations()
        if kind == QAccessible.RelationFlag.Label
    ]
    assert labels == ["Filter by result"]


def test_one_of_a_few_is_told_as_a_radio_button(qtbot: QtBot) -> None:
    choice = Choice("Password", "Sign in with a password")
    qtbot.addWidget(choice)
    assert said(choice.button) == (Role.RadioButton, "Sign in with a password")


def test_an_open_list_is_as_wide_as_its_longest_word(qtbot: QtBot) -> None:
    select = Select(small=True)
    qtbot.addWidget(select)
    select.addItems(["Any", "Everything that was scheduled for another day than today"])
    select.setMaximumWidth(120)
    select.show()
    select.showPopup()
    longest = select.fontMetrics().horizontalAdvance(select.itemText(1))
    assert select.view().window().width() > longest
    select.hidePopup()
