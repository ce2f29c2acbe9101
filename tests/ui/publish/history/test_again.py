"""Earlier versions are published again, from the history and from the details of one."""

import msgspec
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from autosky_desktop.domain.plan import Deadline, Hold, Model, Options, Plan, Reconnection
from autosky_desktop.ui.publish.history.again import version_of
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.status import StatusPill
from tests.support.evening import ERP, a_publication, ago, an_evening
from tests.support.person import LEFT, Person, menu_line, visible
from tests.ui.publish.form.test_forms import page
from tests.ui.publish.history.test_history import DAY, LONG, open_history


async def test_an_earlier_version_is_published_again(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        gone = msgspec.structs.replace(LONG[2], image_gone=True)
        await open_history(me, evening, *LONG[:2], gone)
        for date, reason in (("Mon 23 Nov 18:33", "Already current."),
                             ("Sat 21 Nov 18:33", "Its image is gone.")):  # fmt: skip
            await me.clicks_cell(f"Actions for the publication of {date}")
            await me.sees(reason)
            await me.closes_menu()
        await me.clicks_cell("Actions for the publication of Sun 22 Nov 18:33")
        await me.chooses("Publish this version again…")
        await me.sees("You are publishing version 40 again: its image is used")
        await me.presses("Publish version 40 again")
        await me.sees("Publish version 40 to ERP Production again?")
        await me.sees("The image of version 40 is used again, as version 42.")
        await me.presses("Publish version 42")
        await me.no_longer_sees("Publish version 40 to ERP Production again?")
        await me.no_longer_sees("You are publishing version 40 again")
        [request] = evening.plane.requests
        assert (request.plan.image_of, request.expected_version) == (40, 42)
        assert (request.plan.model, request.plan.deadline) == (Model.KEEP, None)
        assert request.note == "Version 40 again"


async def test_what_ran_before_the_first_publication_is_published_again(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        first = msgspec.structs.replace(LONG[2], replaces=38, replaced_image="img-38")
        await open_history(me, evening, *LONG[:2], first)
        await me.clicks_cell("Actions for the publication of Sun 22 Nov 18:33")
        await me.until(lambda: menu_line("Publish this version again…"), "the menu")
        assert menu_line("Publish version 39 again…") is None
        await me.closes_menu()
        await me.clicks_cell("Actions for the publication of Sat 21 Nov 18:33")
        record = evening.store.environments.get(ERP)
        for current, grey in ((38, True), (41, False)):
            evening.store.environments.put(msgspec.structs.replace(record, current_version=current))
            await me.closes_menu()
            await me.clicks_cell("Actions for the publication of Sat 21 Nov 18:33")
            line = await me.until(lambda: menu_line("Publish version 38 again…"), "the line")
            assert line[1].isEnabled() is not grey
        await me.chooses("Publish version 38 again…")
        await me.sees("You are publishing version 38 again: its image is used")
        await me.presses("Publish version 38 again")
        await me.sees("The image of version 38 is used again, as version 42.")
        await me.presses("Publish version 42")
        await me.no_longer_sees("You are publishing version 38 again")
        [request] = evening.plane.requests
        assert request.plan.image_of == 38


@pytest.mark.parametrize(("image_of", "version"), [(None, 41), (38, 38), (0, 0)])
def test_a_version_that_was_one_before_it_again_is_that_one(
    image_of: int | None, version: int
) -> None:
    assert version_of(a_publication(version=41, image_of=image_of)) == version


async def test_the_form_that_publishes_again_is_scrolled_to(qloop: object, me: Person) -> None:
    async with an_evening(height=560) as evening:
        await open_history(me, evening, *LONG[:20])
        area = page(evening).parent()
        while not isinstance(area, QScrollArea):
            assert area is not None
            area = area.parent()
        bar = area.verticalScrollBar()
        await me.until(lambda: bar.maximum() > 0, "more than has room")
        bar.setValue(bar.maximum())
        await me.clicks_cell("Actions for the publication of Sun 22 Nov 18:33")
        await me.chooses("Publish this version again…")
        await me.until(lambda: bar.value() == 0, "the form")


async def test_how_users_get_an_earlier_version_is_chosen_not_repeated(
    qloop: object, me: Person
) -> None:
    """It went out with everything that hurts, in a month with no request left."""
    asked = Reconnection(message="Please reconnect")
    hurts = Plan(
        model="request-reconnection",
        options=Options(terminate_sessions=True),
        reconnection=asked,
        deadline=Deadline(at=ago(DAY), reconnection=asked),
        hold=Hold(first=1),
    )
    async with an_evening() as evening:
        run = msgspec.structs.replace(LONG[1], plan=hurts)
        await open_history(me, evening, LONG[0], run)
        await me.clicks_cell("Actions for the publication of Sun 22 Nov 18:33")
        await me.chooses("Publish this version again…")
        await me.sees("Nobody is disconnected. Sessions stay on their version")
        await me.opens_tab("Optimized")
        await me.sees("You are publishing version 40 again")
        assert not me.offers("Stop preparation server")
        await me.presses("Terminate sessions")
        await me.presses("Publish version 40 again")
        await me.sees("Publish version 40 to ERP Production again?")
        await me.presses("Go back")
        assert evening.plane.previews[-1].plan.image_of == 40
        assert evening.plane.previews[-1].plan.options == Options(terminate_sessions=True)
        await me.presses("Publish the preparation server instead")
        await me.until(
            lambda: evening.plane.previews[-1].plan.image_of is None, "the other preview"
        )
        await me.no_longer_sees("You are publishing version 40 again")


async def test_an_earlier_version_is_published_again_from_its_details(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await open_history(me, evening, *LONG[:2])
        await me.clicks_cell("Actions for the publication of Sun 22 Nov 18:33")
        await me.chooses("Details")
        await me.sees("Details of version 40")
        details = QApplication.activeModalWidget()
        assert isinstance(details, QWidget)
        shown = {it.text() for it in visible(StatusPill) if details.isAncestorOf(it)}
        assert "Completed" in shown
        [button] = [it for it in details.findChildren(Button) if "again" in it.text()]
        assert button.text() == "Publish version 40 again…"
        QTest.mouseClick(button, LEFT)
        await me.sees("You are publishing version 40 again: its image is used")
