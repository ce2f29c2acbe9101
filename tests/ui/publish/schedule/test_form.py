"""The form for later: its moment in words, clocks that are changed, and what is in the way."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from PySide6.QtCore import QDate, Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from autosky_desktop.domain.plan import Model, Schedule
from autosky_desktop.domain.publication import Check
from autosky_desktop.ui.widgets.input.time_field import TimeField
from tests.support.evening import ERP, NOW, Evening, a_publication, an_environment, an_evening
from tests.support.keys import focus
from tests.support.person import Person, button_named, said, visible
from tests.ui.publish.form.test_forms import MINUTE, agree, choose, open_form, page, set_time, write

RECONNECTION = Model.RECONNECT.value


async def test_a_scheduled_one_says_its_moment_in_words_and_in_utc(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="America/Sao_Paulo"))
        await open_form(me, "Scheduled")
        await me.sees("Runs today at 22:00 (America/Sao_Paulo), in 6 h 26 min. That is 01:00 UTC")
        await me.sees("If it ran now, 18:33:11", "If it ran now, 15:33:11")
        button = "Schedule for today 22:00 (America/Sao_Paulo)"
        await agree(me, button, "When the time comes, if things are as they are now:", button)
        at = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
        assert evening.plane.requests[0].schedule == Schedule(at=at, time_zone="America/Sao_Paulo")
        assert evening.plane.previews[-1].at == at


async def test_after_scheduling_the_keyboard_is_where_the_person_was(
    qloop: object, me: Person
) -> None:
    async with an_evening():
        await open_form(me, "Scheduled")
        button = await me.until(lambda: button_named("Schedule for today 22:00"), "the button")
        button.setFocus()
        question = "When the time comes, if things are as they are now:"
        await agree(me, "Schedule for today 22:00", question, "Schedule for today 22:00")
        await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the question")
        await me.until(lambda: said(focus()) == "Publishing model", "the tabs of the models")
        await me.presses("Show all models")
        await me.sees("All models, newest first")
        assert said(focus()) == "Publishing model"


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("Standard", "Updates what users start next"),
        ("Keep users connected", "Ask those left to reconnect at a set time"),
        ("Request user reconnection", "Message to users"),
    ],
)
async def test_each_model_is_planned_with_its_own_fields(
    qloop: object, me: Person, model: str, said: str
) -> None:
    async with an_evening():
        await open_form(me, "Scheduled")
        await me.sees("Terminate sessions")
        choose("Model", model)
        await me.sees(said)
        await me.no_longer_sees("Terminate sessions")
        choose("Model", "Optimized")
        await me.sees("Terminate sessions")


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("America/Sao_Paulo", "Runs today at 22:00"),  # 15:33 there
        ("Africa/Nairobi", "Runs today at 23:00"),  # 21:33
        ("Asia/Karachi", "Runs tomorrow at 01:00"),  # 23:33
    ],
)
async def test_this_evening_is_offered_and_a_later_hour_when_it_is_late(
    qloop: object, me: Person, zone: str, said: str
) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone=zone))
        await open_form(me, "Scheduled")
        await me.sees(said)


@pytest.mark.parametrize(
    ("day", "clock", "said", "choice", "meant"),
    [
        (QDate(2027, 3, 14), QTime(2, 30), "does not exist on Sun 14 Mar",
         "At 03:00, right after the change",
         datetime(2027, 3, 14, 7, 0, tzinfo=UTC)),
        (QDate(2027, 11, 7), QTime(1, 30), "occurs twice on Sun 7 Nov", "The second (UTC\u22125)",
         datetime(2027, 11, 7, 6, 30, tzinfo=UTC)),
    ],
)  # fmt: skip
async def test_a_time_that_clocks_skip_or_double_is_resolved_by_the_person(
    qloop: object,
    me: Person,
    day: QDate,
    clock: QTime,
    said: str,
    choice: str,
    meant: datetime,
) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="America/New_York"))
        await open_form(me, "Scheduled")
        set_time(day, clock)
        await me.sees(said)
        assert not me.offers("Schedule")
        assert page(evening).forms.shown.preview_request() is None
        await me.presses(choice)
        await me.sees("Runs ")
        assert page(evening).forms.shown.preview_request().at == meant  # type: ignore[union-attr]


@pytest.mark.parametrize("hour", [5, 6])
async def test_of_an_hour_that_comes_twice_the_one_that_was_planned_is_shown_again(
    qloop: object, me: Person, hour: int
) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="America/New_York"))
        await me.opens_tab("Publish")
        planned = datetime(2027, 11, 7, hour, 30, tzinfo=UTC)
        run = a_publication(
            id="later", version=42, state="scheduled", started_at=None, ended_at=None,
            scheduled_for=planned, time_zone="America/New_York",
        )  # fmt: skip
        evening.store.details(ERP).publications.put(run)
        await me.opens_tab("Scheduled")
        page(evening).forms.edit(run)
        await me.sees("Runs ")
        assert page(evening).forms.shown.preview_request().at == planned  # type: ignore[union-attr]


async def test_a_reason_to_wait_stops_the_button_and_says_what_to_do(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        clash = Check(code="schedule-clash", level="wait", at=NOW + 197 * MINUTE, seconds=1020.0)
        evening.plane.shown = msgspec.structs.replace(evening.plane.shown, checks=[clash])
        await open_form(me, "Scheduled")
        await me.sees("Another publication is planned for 21:50, about 17 min long.")
        assert not me.offers("Schedule for today 22:00")


async def test_an_earlier_version_that_is_planned_stays_one_when_it_is_changed(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        run = a_publication(
            id="later", version=42, state="scheduled", started_at=None, ended_at=None, image_of=39,
            scheduled_for=NOW + timedelta(days=1), time_zone="UTC",
        )  # fmt: skip
        evening.store.details(ERP).publications.put(run)
        await me.opens_tab("Scheduled")
        page(evening).forms.edit(run)
        form = page(evening).forms.shown
        assert form.request(42).plan.image_of == 39
        form.reset()
        assert form.request(42).plan.image_of is None


async def test_a_time_is_typed_over_the_one_that_stands(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="UTC"))
        await open_form(me, "Scheduled")
        field, *_ = list(visible(TimeField))
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, "22:")
        await me.sees("Enter a time, such as 22:00.")
        assert not me.offers("Schedule")
        QTest.keyClicks(field, "47")
        await me.sees("Runs today at 22:47")
        await me.until(lambda: me.offers("Schedule for today 22:47"), "the button")


async def test_what_is_over_is_told_as_the_day_or_the_time_that_it_is(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="UTC"))
        await open_form(me, "Scheduled")
        set_time(QDate(2026, 11, 23), QTime(22, 0))
        await me.sees("Mon 23 Nov 2026 has passed. Choose a later day.")
        set_time(QDate(2026, 11, 24), QTime(7, 3))
        await me.sees("07:03 has passed. Choose a later time.")


def models_of(evening: Evening) -> list[str]:
    return [request.plan.model for request in evening.plane.previews]


async def test_what_is_not_filled_in_rightly_is_not_looked_into(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(environment=an_environment(time_zone="UTC"))
        await open_form(me, "Scheduled")
        choose("Model", "Request user reconnection")
        await me.until(lambda: RECONNECTION in models_of(evening), "a look")
        write("{minuts} left")
        await me.sees("{minuts} is not known.")
        assert page(evening).forms.shown.preview_request() is None
