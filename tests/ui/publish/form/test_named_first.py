"""The instances that go first are chosen by name, also when some are gone by then."""

from datetime import timedelta

import msgspec

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.plan import Hold, Plan
from autosky_desktop.domain.publication import Check
from autosky_desktop.ui.publish.schedule.form import ScheduleForm
from tests.support.evening import ERP, NOW, Evening, a_publication, an_evening
from tests.support.person import Person
from tests.ui.publish.form.test_forms import agree, choose, open_form, page
from tests.ui.publish.run.test_runs import a_run, tell

NAMES = ("INST-ERP-01", "INST-ERP-02", "INST-ERP-03")


def instances_of(evening: Evening, *names: str) -> None:
    evening.store.details(ERP).instances.replace(
        [Instance(id=name, name=name, status="available", version=41) for name in names]
    )


async def test_the_instances_that_are_chosen_go_first(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        instances_of(evening, *NAMES)
        await open_form(me, "Standard")
        await me.presses("More options")
        choose("Replace instances", "Chosen ones, then wait")
        await me.sees("Choose at least one instance to be replaced first.")
        assert not me.offers("Publish version 42")
        await me.presses("INST-ERP-03")
        await me.presses("INST-ERP-01")
        await me.sees("Hold: After INST-ERP-03 and INST-ERP-01, until somebody presses Go on")
        await agree(
            me, "Publish version 42", "Publish version 42 to ERP Production?", "Publish version 42"
        )
        [request] = evening.plane.requests
        assert request.plan.hold == Hold(named=("INST-ERP-03", "INST-ERP-01"))
        await me.until(lambda: not page(evening).has_edits(), "a form as it was at first")


async def test_who_was_chosen_and_is_gone_stays_to_be_seen_and_left_out(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        instances_of(evening, *NAMES)
        await open_form(me, "Scheduled")
        run = a_publication(
            id="later", version=42, state="scheduled", started_at=None, ended_at=None,
            scheduled_for=NOW + timedelta(days=1), time_zone="UTC",
            plan=Plan(hold=Hold(named=("GONE-07", "INST-ERP-02"))),
        )  # fmt: skip
        form = page(evening).forms.shown
        assert isinstance(form, ScheduleForm)
        form.edit(run)
        await me.presses("More options")
        await me.sees("Not there now")
        await me.presses("GONE-07")
        assert form.plan().hold == Hold(named=("INST-ERP-02",))
        await me.presses("GONE-07")
        assert form.plan().hold == Hold(named=("INST-ERP-02", "GONE-07"))
        await me.presses("GONE-07")
        instances_of(evening, "INST-ERP-01")
        await me.until(lambda: not me.offers("INST-ERP-03"), "only those that are there")
        await me.until(lambda: me.offers("INST-ERP-02"), "the one that was chosen")
        assert form.plan().hold == Hold(named=("INST-ERP-02",))


async def test_more_than_can_be_named_is_said_before_it_is_asked(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await open_form(me, "Standard")
        await me.presses("More options")
        names = tuple(f"INST-{number:02}" for number in range(41))
        page(evening).forms.shown.hold.put(Plan(hold=Hold(named=names)))
        await me.sees("Choose at most 40 instances to be replaced first.")
        page(evening).forms.shown.hold.put(Plan(hold=Hold(named=names[:40])))
        await me.no_longer_sees("Choose at most 40 instances to be replaced first.")


async def test_who_is_gone_is_said_before_and_at_the_hold(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        check = Check(code="first-gone", level="warn", name="GONE-07", count=1)
        evening.plane.shown = msgspec.structs.replace(evening.plane.shown, checks=[check])
        await me.opens_tab("Publish")
        await me.sees("Warning: GONE-07 is to be replaced first and is not there now")
        held = a_run(state="waiting", waiting_for="go-on", hold=Hold(named=("GONE-07", "GONE-08")))
        steps = list(held.steps)
        steps[4] = msgspec.structs.replace(steps[4], first_gone=("GONE-07", "GONE-08"))
        tell(evening, msgspec.structs.replace(held, steps=steps))
        await me.sees("GONE-07 and GONE-08, which were to be replaced first, were gone.")
