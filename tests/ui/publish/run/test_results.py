"""What came of the last publication: it stays to be seen, and a failure can be tried again."""

import msgspec
from PySide6.QtWidgets import QLabel

from autosky_desktop.ui.publish.history.details import Details
from tests.support.evening import NOW, a_publication, ago, an_evening
from tests.support.person import Person, texts, visible
from tests.ui.publish.form.test_forms import page
from tests.ui.publish.run.test_runs import a_run, a_scheduled, tell


async def test_what_failed_before_anybody_looked_can_be_tried_again(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        steps = [
            msgspec.structs.replace(it, reason="image-failed") if it.state == "failed" else it
            for it in a_publication("succeeded", "skipped", "failed", "pending").steps
        ]
        failed = a_run(state="failed", steps=steps, ended_at=NOW, instances_replaced=0)
        evening.show(publications=[failed])
        await me.opens_tab("Publish")
        await me.sees("Version 42 was not published")
        await me.sees("Note: The image could not be made.")
        assert me.offers("Try again")
        await me.presses("Dismiss")
        await me.no_longer_sees("Version 42 was not published")
        evening.show(publications=[a_publication(), a_publication(id="older", state="failed")])
        await me.sees("No publication is running.")


async def test_a_cancelled_plan_for_later_does_not_hide_what_came_of_a_run(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        tell(evening, a_scheduled(state="cancelled", ended_at=ago(7200), cancel_asked_by="ana"))
        tell(evening, a_run())
        await me.sees("Publishing version 42, Step 5 of 6")
        tell(evening, a_run(state="succeeded", ended_at=NOW))
        await me.sees("Version 42 is published")
        assert page(evening).records.history.table.model().record(0).id == "now"


async def test_what_was_stopped_half_way_says_which_instances_have_which_version(
    qloop: object, me: Person
) -> None:
    apart = "When it was stopped, instances differed: 9 were on version 42, 3 on version 41."
    async with an_evening() as evening:
        evening.plane.shown = msgspec.structs.replace(evening.plane.shown, version=43)
        await me.opens_tab("Publish")
        tell(evening, a_run(instances_replaced=9, instances_total=12))
        await me.sees("Publishing version 42")
        tell(evening, a_run(
            state="cancelled", ended_at=NOW, instances_replaced=9, instances_total=12
        ))  # fmt: skip
        await me.sees(apart)
        await me.sees("Publish version 43")
        assert not me.offers("Try again")
        await me.presses("Show details")
        await me.sees("9 instances replaced")
        why = "It was not published whole: 9 of 12 instances were replaced."
        await me.sees(why)
        details = next(visible(Details))
        assert apart in {label.text() for label in details.findChildren(QLabel)}
        assert "It was not published." not in texts()
