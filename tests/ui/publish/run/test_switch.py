"""A publication that is prepared waits for its moment: moved, let on at once, or planned so."""

from datetime import timedelta

import msgspec
from PySide6.QtCore import QTime

from autosky_desktop.domain.plan import Model, switch_of
from autosky_desktop.domain.publication import Publication
from autosky_desktop.words.publishing import step_time
from tests.support.evening import NOW, an_evening
from tests.support.person import Person
from tests.ui.publish.form.test_forms import agree, open_form, set_time
from tests.ui.publish.run.test_runs import a_run, tell

AT = NOW.replace(hour=22, minute=0, second=0, microsecond=0)
SWITCH = switch_of(AT, "UTC")


def prepared() -> Publication:
    run = a_run(
        state="waiting", waiting_for="switch", waits_until=AT, switch=SWITCH,
        instances_replaced=0, instances_total=0,
    )  # fmt: skip
    steps = list(run.steps)
    steps[4] = msgspec.structs.replace(steps[4], started_at=None)
    return msgspec.structs.replace(run, steps=steps)


async def test_a_switch_is_chosen_among_the_options_few_need(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await open_form(me, "Standard")
        await me.presses("More options")
        await me.presses("Prepare first, replace instances at a set time")
        set_time((NOW + timedelta(days=1)).date(), QTime(22, 0))
        await me.sees("Switch: tomorrow 22:00 and not before")
        await agree(
            me, "Publish version 42", "Publish version 42 to ERP Production?", "Publish version 42"
        )
        [request] = evening.plane.requests
        assert request.plan.switch == switch_of(AT + timedelta(days=1), "UTC")
        assert request.plan.model == Model.STANDARD


async def test_while_it_waits_somebody_switches_at_once_after_a_question(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, prepared())
        await me.sees("Version 42 is prepared. Instances are replaced today 22:00, in 3 h 26 min.")
        await me.sees("Prepared")
        step = next(it for it in prepared().steps if it.name == "instance-replacement")
        assert step_time(step, (), now=NOW) == "Waiting"
        await me.presses("Switch now")
        await me.sees("Switch to version 42 now?")
        await me.presses("Switch now")
        await me.no_longer_sees("Switch to version 42 now?")
        assert evening.plane.asked == ["go now on"]
        assert not me.offers("Return to version 41")


async def test_its_moment_is_moved(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, prepared())
        await me.presses("Move the switch")
        await me.sees("Version 42 switches today 22:00.")
        assert not me.offers("Move to today 22:00")  # it stands there already
        set_time(AT.date(), QTime(23, 0))
        await me.presses("Move to today 23:00")
        await me.no_longer_sees("Version 42 switches today 22:00.")
        assert evening.plane.asked == [f"move now to {AT + timedelta(hours=1):%d %H:%M}"]


async def test_once_it_has_switched_it_can_no_longer_be_moved(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, prepared())
        await me.presses("Move the switch")
        run = prepared()
        steps = list(run.steps)
        steps[4] = msgspec.structs.replace(steps[4], switched_by="")
        tell(evening, msgspec.structs.replace(run, steps=steps, state="running", waiting_for=None))
        await me.sees("It has switched already and can no longer be moved.")
        assert not me.offers("Switch now")
