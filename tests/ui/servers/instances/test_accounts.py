"""The accounts on instances: what is said where nobody is, and how one gets to the rows by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableView

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.session import Session
from tests.support.evening import ERP, ago, an_evening
from tests.support.keys import focus, press
from tests.support.person import Person, texts
from tests.ui.servers.instances.test_page import PEOPLE, chooses


async def test_down_leads_from_the_search_to_what_was_found(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await me.sees("Account: ana")
        assert not [text for text in texts() if "No account matches" in text]
        await press(Qt.Key.Key_F, held=Qt.KeyboardModifier.ControlModifier)
        await me.types("Find an account", "eva")
        await me.no_longer_sees("Account: ana")
        me.key(Qt.Key.Key_Down)
        assert isinstance(focus(), QTableView)
        assert focus().accessibleName() == "Accounts"
        await press(Qt.Key.Key_F, held=Qt.KeyboardModifier.ControlModifier)
        await me.types("Find an account", "nobody")
        await me.sees("No account matches 'nobody'.")


async def test_an_instance_without_anybody_says_so(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.people = [Session(id="x", account="zoe", instance="other", since=ago(60))]
        await me.presses("Show all instances")
        await me.sees("Account: zoe")
        await me.clicks_cell("Instance: INST-01")
        await me.sees("Nobody is on it.")
        await me.presses("Show the accounts of all instances")
        await me.no_longer_sees("Nobody is on it.")


async def test_a_question_that_was_closed_hears_no_more_of_the_sessions(
    qloop: object, me: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async with an_evening() as evening:
        evening.plane.people = PEOPLE
        await me.presses("Show all instances")
        await chooses(me, ("ana",))
        await me.presses("End session")
        await me.presses("Go back")
        await me.no_longer_sees("Go back")
        evening.plane.people = PEOPLE[1:]
        fewer = Instance(id="i", name="INST-01", status="available", version=41, sessions=36)
        evening.store.details(ERP).instances.put(fewer)
        await me.no_longer_sees("Account: ana")
        assert "Traceback" not in caplog.text
