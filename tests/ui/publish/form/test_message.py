"""The message to users: what is put into it, counted and cut while it is typed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit

from tests.support.evening import an_evening
from tests.support.keys import focus
from tests.support.person import Person, visible
from tests.ui.publish.form.test_forms import open_form, write


def message() -> QPlainTextEdit:
    return next(visible(QPlainTextEdit))


@pytest.mark.parametrize(
    ("button", "placeholder"),
    [
        ("Insert minutes left", "{minutes}"),
        ("Insert version", "{version}"),
        ("Insert time of disconnection", "{time}"),
    ],
)
async def test_what_is_filled_in_is_put_where_one_types_and_one_types_on(
    qloop: object, me: Person, button: str, placeholder: str
) -> None:
    async with an_evening():
        await open_form(me, "Request user reconnection")
        write("Save now: ")
        await me.presses(button)
        assert focus() is message()
        QTest.keyClicks(focus(), ", please")
        assert message().toPlainText() == f"Save now: {placeholder}, please"


async def test_it_stays_one_paragraph_and_tab_leads_on(qloop: object, me: Person) -> None:
    async with an_evening():
        await open_form(me, "Request user reconnection")
        write("Save")
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QTest.keyClick(message(), key)
        QTest.keyClicks(message(), " now")
        assert message().toPlainText() == "Save now"
        message().setFocus()
        me.key(Qt.Key.Key_Tab)
        assert focus() is not message()
        assert message().toPlainText() == "Save now"


async def test_what_is_too_long_is_cut_at_the_end(qloop: object, me: Person) -> None:
    async with an_evening():
        await open_form(me, "Request user reconnection")
        message().setPlainText("x" * 300)
        cursor = message().textCursor()
        cursor.setPosition(2)
        message().setTextCursor(cursor)
        QTest.keyClicks(message(), "ab")
        assert message().toPlainText() == "xxab" + "x" * 296
        assert message().textCursor().position() == 4
        await me.sees("300 of 300 characters")


async def test_a_template_fills_an_empty_message_without_a_question(
    qloop: object, me: Person
) -> None:
    async with an_evening():
        await open_form(me, "Request user reconnection")
        await me.sees("Passed: Preparation server is running")
        message().clear()
        await me.presses("Message template")
        await me.chooses("Maintenance")
        await me.until(lambda: message().toPlainText().startswith("Maintenance begins"), "its text")
        assert not me.offers("Keep mine")
