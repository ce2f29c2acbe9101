"""What runs comes first on the page, and nothing there moves or is lost meanwhile."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from autosky_desktop.domain.plan import Deadline, Hold, Reconnection
from autosky_desktop.domain.publication import Publication
from autosky_desktop.ui.publish.page import PublishPage
from tests.support import looking
from tests.support.evening import NOW, a_publication, an_evening
from tests.support.keys import focus, press
from tests.support.person import Person, button_named, said, visible
from tests.ui.publish.form.test_forms import agree, choose, page
from tests.ui.publish.run.test_runs import a_run, a_scheduled, tell

ONE = "Only one publication can run at a time. This form opens again afterwards."
HELD = a_run(state="waiting", waiting_for="go-on", hold=Hold(first=2))
DONE = a_publication(id="now", version=42, replaces=41, ended_at=NOW)
ASKED = Reconnection(message="Please reconnect")
UNTIL = Deadline(at=NOW + timedelta(hours=1), reconnection=ASKED)


def a_failure() -> Publication:
    steps = a_publication("succeeded", "skipped", "failed", "pending").steps
    steps[2] = msgspec.structs.replace(steps[2], reason="image-failed")
    return a_run(state="failed", steps=steps, ended_at=NOW, instances_replaced=0)


def where(part: QWidget) -> QRect:
    """On the page, once everything is laid out."""
    looking.settle()
    around: QWidget | None = part
    while not isinstance(around, PublishPage):
        assert around
        around = around.parentWidget()
    return QRect(part.mapTo(around, QPoint()), part.size())


def is_in_view(part: QWidget) -> bool:
    """Whether all of it is seen without scrolling."""
    looking.settle()
    area: QWidget | None = part
    while not isinstance(area, QScrollArea):
        assert area
        area = area.parentWidget()
    room = QRect(area.viewport().mapToGlobal(QPoint()), area.viewport().size())
    return room.contains(QRect(part.mapToGlobal(QPoint()), part.size()))


def note() -> QLineEdit:
    return next(it for it in visible(QLineEdit) if it.accessibleName() == "Note on this version")


async def write_a_note(me: Person) -> QLineEdit:
    await me.sees("Publish version 42")
    await press(Qt.Key.Key_N, held=Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(focus(), "Tax tables")
    return note()


async def test_what_runs_stands_above_the_form_and_folds_it_until_it_ends(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        form = page(evening).forms
        assert where(page(evening).running).top() > where(form).bottom()
        for run in (a_run(), HELD):
            tell(evening, run)
            await me.sees(ONE)
            assert not form.isVisible()
            assert where(page(evening).running).bottom() < where(form.tabs).top()
            assert where(form.tabs).bottom() < where(page(evening).folded).top()
        tell(evening, DONE)
        await me.sees("Version 42 is published")
        await me.no_longer_sees(ONE)
        assert where(page(evening).running).bottom() < where(form).top()
        await me.presses("Dismiss")
        await me.sees("No publication is running. Last one: version 42 (Completed).")
        assert where(page(evening).running).top() > where(form).bottom()


async def test_a_failure_stays_first_with_the_form_that_can_be_used_again(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, a_run())
        await me.sees(ONE)
        tell(evening, a_failure())
        await me.sees("The image could not be made.")
        await me.until(lambda: me.offers("Publish version 42"), "the form")
        assert where(page(evening).running).bottom() < where(page(evening).forms).top()


@pytest.mark.parametrize("run", [HELD, a_failure()], ids=["held", "failed"])
async def test_in_the_smallest_window_the_way_on_needs_no_scrolling(
    qloop: object, me: Person, run: Publication
) -> None:
    async with an_evening(1024, 640) as evening:
        await me.opens_tab("Publish")
        tell(evening, run)
        way = "Go on" if run is HELD else "Try again"
        assert is_in_view(await me.until(lambda: button_named(way), way))


async def test_what_will_be_touched_opens_into_view(qloop: object, me: Person) -> None:
    async with an_evening(1024, 640) as evening:
        await me.opens_tab("Publish")
        await me.sees("37</b> sessions stay")
        await me.presses("Show what this will touch")
        await me.until(lambda: is_in_view(page(evening).impact), "what this will touch")
        await me.opens_tab("Standard")
        await me.until(lambda: me.offers("Hide what this will touch"), "the way to hide it")


async def test_nothing_moves_between_the_start_and_the_end(qloop: object, me: Person) -> None:
    """Not in the smallest window either, where most of what is said needs two lines."""
    for size in ((1280, 820), (1024, 640)):
        async with an_evening(*size) as evening:
            await me.opens_tab("Publish")
            tell(evening, a_run(instances_replaced=0))
            await me.sees("No instance has the new version yet.")
            before = where(page(evening).records)
            for seen, run in (
                ("2 of 4 instances have the new version.", a_run()),
                ("Look at it, then go on", HELD),
                ("Whoever is left at 19:33", a_run(sessions_left=12, deadline=UNTIL)),
                ("ana asked for it to be stopped", a_run(cancel_asked_by="ana")),
            ):
                tell(evening, run)
                await me.sees(seen)
                assert where(page(evening).records).top() == before.top(), seen


async def test_what_was_typed_is_kept_and_the_keyboard_comes_back_to_it(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        field = await write_a_note(me)
        field.setCursorPosition(3)
        tell(evening, a_run())
        await me.sees(f"{ONE} Your note “Tax tables” and everything else you entered are kept.")
        await press(Qt.Key.Key_Return, Qt.Key.Key_Space)
        assert evening.plane.asked == []
        await press(Qt.Key.Key_Tab)
        assert page(evening).records.isAncestorOf(focus())
        page(evening).folded.setFocus()
        await press(Qt.Key.Key_Tab, held=Qt.KeyboardModifier.ShiftModifier)
        assert said(focus()) == "Publishing model"
        page(evening).folded.setFocus()
        tell(evening, DONE)
        await me.no_longer_sees(ONE)
        assert (focus(), field.text(), field.cursorPosition()) == (field, "Tax tables", 3)


async def test_who_went_elsewhere_meanwhile_stays_there(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        await me.presses("Terminate sessions")
        tell(evening, a_run())
        await me.sees(f"{ONE} Everything you entered is kept.")
        (await me.until(lambda: button_named("Show details"), "the details")).setFocus()
        tell(evening, DONE)
        await me.no_longer_sees(ONE)
        assert said(focus()) == "Show details"


async def test_another_can_be_scheduled_while_one_runs(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, a_run())
        await me.sees(ONE)
        await me.opens_tab("Scheduled")
        await me.sees("Schedule a publication")
        await me.until(lambda: me.offers("Schedule for today 22:00"), "the button")
        await me.opens_tab("Standard")
        await me.sees(ONE)


async def test_a_folded_form_is_not_looked_at_until_it_can_be_used(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        await me.sees("Passed: Preparation server is running")
        tell(evening, a_run())
        await me.sees(ONE)
        asked = len(evening.plane.previews)
        tell(evening, a_run(note="again"))
        evening.plane.shown = msgspec.structs.replace(evening.plane.shown, version=43, replaces=42)
        evening.plane.preview_waits = asyncio.Event()
        tell(evening, DONE)
        await me.sees("Checking what this will touch…")
        assert not me.offers("Publish version 42")
        evening.plane.preview_waits.set()
        await me.until(lambda: me.offers("Publish version 43"), "the form, looked at anew")
        assert len(evening.plane.previews) == asked + 1


async def test_publishing_shows_the_top_of_the_page(qloop: object, me: Person) -> None:
    async with an_evening(1024, 640) as evening:
        evening.show(publications=[a_publication(id=f"old-{it}", version=it) for it in range(9)])
        await me.opens_tab("Publish")
        await me.presses("More options")
        button = await me.until(lambda: button_named("Publish version 42"), "the button")
        scroll_to(button)
        assert not is_in_view(page(evening).forms.tabs)
        await me.presses("Publish version 42")
        await me.sees("Publish version 42 to ERP Production?")
        await me.presses("Publish version 42")
        await me.no_longer_sees("Publish version 42 to ERP Production?")
        tell(evening, a_run())
        await me.until(lambda: is_in_view(page(evening).running), "what runs")


def scroll_to(part: QWidget) -> None:
    looking.settle()
    area = next(it for it in visible(QScrollArea) if it.isAncestorOf(part))
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())


async def stops(number: int) -> list[str]:
    passed = []
    for _ in range(number):
        passed.append(said(focus()))
        await press(Qt.Key.Key_Tab)
    return passed


async def test_tab_goes_down_the_page_as_it_stands(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        await me.opens_tab("Standard")
        await me.sees("Publish version 42")
        page(evening).forms.tabs.setFocus()
        assert (await stops(3))[1:] == ["Publisher", "Note on this version"]
        tell(evening, HELD)
        await me.sees(ONE)
        evening.desktop.window.header.tabs.setFocus()
        assert (await stops(7))[1:] == [
            "Copy link to this publication",
            "Show details",
            "Stop publication",
            "Return to version 41",
            "Go on",
            "Publishing model",
        ]
        assert page(evening).records.isAncestorOf(focus())
        tell(evening, DONE)
        await me.presses("Dismiss")
        page(evening).forms.tabs.setFocus()
        assert (await stops(3))[1:] == ["Publisher", "Note on this version"]


@pytest.mark.parametrize("size", [(1280, 820), (1024, 640)])
async def test_cards_stand_under_one_another_whatever_is_chosen(
    qloop: object, me: Person, size: tuple[int, int]
) -> None:
    async with an_evening(*size) as evening:
        evening.show(publications=[a_scheduled(), a_failure()])
        await me.opens_tab("Publish")
        await me.sees("The image could not be made.")
        shown = page(evening)
        for model in ("Optimized", "Standard", "Keep users connected", "Scheduled"):
            await me.opens_tab(model)
            await me.presses("More options")
            for kind in ("All, without a pause", "Some instances, then wait", "A share, then wait"):
                choose("Replace instances", kind)
                cards = [shown.running, shown.forms.shown, shown.records.history]
                assert len({where(it).left() for it in cards}) == 1, (model, kind)
                right = shown.forms.shown if size[0] < 1120 else shown.impact
                edges = {where(it).right() for it in (shown.running, right, shown.records.history)}
                assert len(edges) == 1, (model, kind, edges)


async def test_a_note_goes_along_to_the_model_that_is_chosen_instead(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.show(publications=[a_scheduled(note="Invoices")])
        await me.opens_tab("Publish")
        await me.opens_tab("Standard")
        await me.types("Note on this version", "Tax tables")
        await me.types("Publisher", "release team")
        for model in ("Optimized", "Scheduled", "Keep users connected"):
            await me.opens_tab(model)
        await agree(
            me, "Publish version 42", "Publish version 42 to ERP Production?", "Publish version 42"
        )
        [request] = evening.plane.requests
        assert (request.plan.model, request.note) == ("keep-users-connected", "Tax tables")
        assert request.publisher == "release team"
        await me.until(lambda: not page(evening).has_edits(), "forms as they were at first")
        await me.opens_tab("Scheduled")
        await me.clicks_cell("Actions for the publication of Fri 27 Nov 22:00")
        await me.chooses("Edit")
        await me.opens_tab("Standard")
        assert not page(evening).forms.shown.particulars.note_text(), "that belongs to the other"
