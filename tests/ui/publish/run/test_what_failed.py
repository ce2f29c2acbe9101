"""What came to nothing, and where the keyboard is when the publication changes."""

import msgspec

from autosky_desktop.domain.plan import Hold
from autosky_desktop.store.store import Line, LineStatus
from tests.support.evening import NOW, a_publication, an_evening
from tests.support.person import Person, button_named, texts
from tests.ui.publish.form.test_forms import page
from tests.ui.publish.run.test_runs import a_run, tell


async def test_a_failure_without_a_reason_says_so_and_can_be_tried_again(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await me.opens_tab("Publish")
        steps = a_publication("succeeded", "skipped", "failed", "pending").steps
        failed = a_run(state="failed", steps=steps, ended_at=NOW, instances_replaced=0)
        tell(evening, failed)
        await me.sees("No reason was given. All instances keep version 41.")
        await me.presses("Try again")
        await me.sees("It goes on from the step that failed: Image creation.")
        await me.sees("No reason was given.")


async def test_a_refusal_is_seen_where_nothing_runs_and_is_gone_when_dismissed(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.show(publications=[a_publication()])
        await me.opens_tab("Publish")
        await me.opens_tab("Standard")
        page(evening).records.publish_again(a_publication())  # of which a menu was open for long
        await me.sees("Already current.")
        evening.store.tell()  # as each second does
        assert any("Already current." in text for text in texts())
        await me.presses("Dismiss")
        await me.no_longer_sees("Already current.")
        page(evening).records.publish_again(a_publication())
        await me.sees("Already current.")
        page(evening).records.publish_again(a_publication(id="old", version=40))
        await me.sees("You are publishing version 40 again")
        await me.no_longer_sees("Already current.")


async def test_the_keyboard_stays_with_the_publication(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        window = evening.desktop.window
        await me.opens_tab("Publish")
        steps = a_publication("succeeded", "skipped", "failed", "pending").steps
        steps[2] = msgspec.structs.replace(steps[2], reason="image-failed")
        failed = a_run(state="failed", steps=steps, ended_at=NOW, instances_replaced=0)
        tell(evening, failed)
        await me.sees("Version 42 was not published")
        (await me.until(lambda: button_named("Try again"), "the way on")).setFocus()
        tell(evening, msgspec.structs.replace(failed, note="Read again", publisher="eva"))
        await me.sees("by eva")
        assert window.focusWidget() is button_named("Try again")
        tell(evening, a_run(id="now"))
        await me.sees("Publishing version 42, Step 5 of 6")
        assert window.focusWidget() is button_named("Show details")
        tell(evening, a_run(state="waiting", waiting_for="go-on", hold=Hold(first=1)))
        await me.sees("Look at it, then go on")
        (await me.until(lambda: button_named("Go on"), "the way on")).setFocus()
        tell(evening, a_run())
        await me.no_longer_sees("Look at it, then go on")
        assert window.focusWidget() is button_named("Show details")


async def test_the_keyboard_stays_in_the_form_that_turned_grey(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        window = evening.desktop.window
        await me.opens_tab("Publish")
        await me.opens_tab("Standard")
        button = await me.until(lambda: button_named("Publish version 42"), "the button")
        button.setFocus()
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.sees("No connection to the control plane.")
        assert window.focusWidget() is button_named("More options")
