"""The whole window, looked at by somebody who hears it, and by one with long names."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QScrollArea

from autosky_desktop.domain.errors import Offline
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.question import Question
from tests.support.evening import (
    NOW,
    a_preparation_server,
    a_publication,
    a_support_server,
    an_environment,
    an_evening,
)
from tests.support.person import Person, button_named, said, visible

LONG = "Environment of the southern subsidiary for payroll and taxes"


def check_buttons() -> int:
    """Each has a name, and one without words says in a tool tip what it does."""
    buttons = [it for it in visible(QAbstractButton) if not isinstance(it.parent(), QLineEdit)]
    for button in buttons:
        assert said(button), f"{button} has no name"
        if not button.text():
            assert button.toolTip(), f"{said(button)} has no tool tip"
        if not button.isEnabled():
            assert button.accessibleDescription(), f"{said(button)} is grey and does not say why"
    return len(buttons)


@pytest.mark.parametrize("width", [1280, 1024])
async def test_every_button_says_what_it_does(qloop: object, me: Person, width: int) -> None:
    async with an_evening(width, 640) as evening:
        assert check_buttons() >= 4
        evening.show(a_preparation_server(status="stopped"), publications=[a_publication()])
        check_buttons()
        await me.presses("Start server PREP-ERP-PROD-01")
        await me.sees("Start PREP-ERP-PROD-01?")
        check_buttons()
        await me.presses("Go back")
        await me.opens_tab("Publish")
        check_buttons()
        await me.presses("Terminate sessions")
        await me.presses("Publish version 42")
        await me.sees("Type ERP Production to confirm")
        check_buttons()
        await me.presses("Go back")
        evening.show(publications=[a_publication("succeeded", "running", "pending",
                     state="running", ended_at=None)])  # fmt: skip
        await me.sees("Publishing version 41")
        check_buttons()
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.sees("Not connected since")
        check_buttons()


@pytest.mark.parametrize("width", [1280, 1024])
async def test_long_names_stay_within_the_window(qloop: object, me: Person, width: int) -> None:
    async with an_evening(width, 640) as evening:
        address = "2001:0db8:85a3:0000:0000:8a2e:0370:7334"
        evening.show(
            a_preparation_server(name="PREP-" * 12, public_ip=address, private_ip=address,
                                 platform_version="12.4.1-hotfix-" * 4),
            a_support_server("DB-" * 20, public_ip=address, status="hibernating-" * 5),
            environment=an_environment(name=LONG, label="a-label-of-its-own"),
            publications=[a_publication("succeeded", "running", "pending", state="running",
                                        ended_at=None, publisher="a.long.name@" * 5)],
        )  # fmt: skip
        window = evening.desktop.window
        for tab in ("servers", "publish"):
            window.show_tab(tab)
            await me.sees("Server name: PREP-" if tab == "servers" else "Publishing version 41")
            area = next(visible(QScrollArea))
            assert area.widget().minimumSizeHint().width() <= area.viewport().width()
        assert window.width() == width


async def test_a_preview_that_fails_says_so_and_is_asked_for_again(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.plane.preview_error = Offline("gone")
        await me.opens_tab("Publish")
        await me.presses("Try again")
        evening.plane.preview_error = None
        await me.presses("Try again")
        await me.until(lambda: me.offers("Publish version 42"), "the button")


async def test_after_a_failure_the_later_steps_were_not_run(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        steps = ("succeeded", "skipped", "running", "pending")
        evening.show(publications=[a_publication(*steps, state="running", ended_at=None)])
        await me.opens_tab("Publish")
        await me.sees("Step 4 of 6, Model creation, Waiting")
        steps = ("succeeded", "skipped", "failed", "pending")
        evening.show(publications=[a_publication(*steps, state="failed")])
        await me.sees("Step 4 of 6, Model creation, Not run")
        await me.presses("Show details")
        await me.sees("Time: Not run")
        await me.presses("Close")


async def test_a_question_stays_until_what_it_asked_for_is_answered(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.plane.answer = asyncio.Event()
        await me.opens_tab("Publish")
        await me.presses("Publish version 42")
        await me.presses("Publish version 42")
        await me.sees("Publishing…")
        question = QApplication.activeModalWidget()
        assert isinstance(question, Question)
        question.reject()
        assert question.isVisible()
        assert not me.offers("Go back")
        evening.plane.answer.set()
        await me.no_longer_sees("Publish version 42 to ERP Production?")


async def test_names_are_not_read_as_markup(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(a_preparation_server(), a_support_server("DB<b>1</b>"))
        await me.clicks_cell("Actions for DB<b>1</b>")
        await me.chooses("Restart…")
        await me.sees("Consequence: ERP Production cannot use what DB<b>1</b> provides")
        await me.sees("Restart DB<b>1</b>?")
        await me.presses("Go back")


async def test_a_button_pressed_twice_asks_once(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.answer = asyncio.Event()
        await me.opens_tab("Publish")
        await me.presses("Publish version 42")
        await me.sees("Publish version 42 to ERP Production?")
        button = await me.until(lambda: button_named("Publish version 42"), "the button")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QTest.mouseDClick(button, Qt.MouseButton.LeftButton)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        evening.plane.answer.set()
        await me.no_longer_sees("Publish version 42 to ERP Production?")
        assert len(evening.plane.asked) == 1
