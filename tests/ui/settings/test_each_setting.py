"""Every setting that is offered is chosen on its page, kept, shown again, and found by its name."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox

from autosky_desktop.system.settings import Offered, Settings, offered
from autosky_desktop.ui.palette.palette import found
from autosky_desktop.ui.speaking import speak
from autosky_desktop.ui.theme.theme import prefer_colours, prefer_motion
from autosky_desktop.words import settings as words
from tests.support.evening import Evening, an_evening
from tests.support.person import Person, visible
from tests.support.walk import palette

OFFERED = {setting: (page, it) for page in words.PAGES for setting, it in offered(page).items()}


@pytest.fixture(autouse=True)
def as_before() -> Any:
    yield
    prefer_colours("system")
    prefer_motion("system")
    speak("en")


def shown(setting: str) -> QComboBox | QCheckBox | None:
    title = words.title(setting)
    for kind in (QComboBox, QCheckBox):
        for it in visible(kind):
            if title in (it.accessibleName(), it.text() if isinstance(it, QCheckBox) else ""):
                return it
    return None


async def on_its_page(me: Person, evening: Evening, setting: str, page: str) -> Any:
    evening.desktop.background.show_settings(page)
    return await me.until(lambda: shown(setting), words.title(setting))


def chosen(widget: QComboBox | QCheckBox) -> object:
    return widget.isChecked() if isinstance(widget, QCheckBox) else widget.currentText()


def choose(widget: QComboBox | QCheckBox, value: object, text: object) -> None:
    """By keys, which work on both kinds."""
    widget.setFocus()
    if isinstance(widget, QCheckBox):
        if widget.isChecked() is not value:
            QTest.keyClick(widget, Qt.Key.Key_Space)
        return
    QTest.keyClick(widget, Qt.Key.Key_Home)
    while widget.currentText() != text:
        assert widget.currentIndex() < widget.count() - 1, f"{text} is no choice"
        QTest.keyClick(widget, Qt.Key.Key_Down)


@pytest.mark.parametrize("setting", sorted(OFFERED.keys() - {"language"}))
async def test_each_choice_is_kept_and_shown_again(qloop: object, me: Person, setting: str) -> None:
    page, it = OFFERED[setting]
    values = ["", "quit"] if setting == "closing" else it.values  # without a tray
    async with an_evening() as evening:
        # what is chosen already is chosen last, since choosing it again changes nothing
        for value in sorted(values, key=lambda one: one == getattr(Settings(), setting)):
            text = value if isinstance(value, bool) else words.value(setting, value)
            widget = await on_its_page(me, evening, setting, page)
            choose(widget, value, text)
            assert getattr(evening.preferences.settings, setting) == value
            await me.presses("Close")
            assert chosen(await on_its_page(me, evening, setting, page)) == text
            await me.presses("Close")


@pytest.mark.parametrize("setting", OFFERED)
def test_the_default_is_offered_and_every_choice_can_be_kept(setting: str) -> None:
    _, it = OFFERED[setting]
    assert getattr(Settings(), setting) in it.values
    types = {field.name: field.type for field in msgspec.structs.fields(Settings)}
    for value in it.values:
        kept = msgspec.json.encode(value)
        assert msgspec.json.decode(kept, type=types[setting]) == value


async def test_each_is_found_by_its_title(qloop: object, me: Person) -> None:
    async with an_evening():
        entries = await palette(me)
    for setting, (page, _) in OFFERED.items():
        names = [it.text for it in found(entries, words.title(setting))]
        assert f"Settings: {words.page(page)}" in names


async def test_what_somebody_wrote_by_hand_is_shown_and_stays(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.preferences.change(reminders=(45,))
        widget = await on_its_page(me, evening, "reminders", "general")
        assert widget.currentText() == "45 minutes before"
        await me.presses("Close")
        assert evening.preferences.settings.reminders == (45,)


def test_there_is_something_to_try() -> None:
    assert {"theme", "motion", "reminders", "closing", "ssh_config"} <= set(OFFERED)
    assert all(isinstance(it, Offered) for _, it in OFFERED.values())
