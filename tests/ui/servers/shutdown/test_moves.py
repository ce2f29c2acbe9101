"""What can be had again of a shutdown is what was cancelled last, by whomever."""

from datetime import timedelta

from autosky_desktop.domain.server import ScheduledShutdown
from tests.support.evening import ERP, Evening, ago, an_activity, an_evening
from tests.support.person import Person
from tests.ui.servers.conftest import AT, show
from tests.ui.servers.shutdown.test_strip import cancelled

LATER = AT + timedelta(hours=2)


async def sets_it_for_later(evening: Evening, me: Person) -> None:
    await me.presses("Set a shutdown time")
    await me.types("Stop at", "21:00")
    await me.presses("Stop at 21:00")
    await me.until(lambda: evening.plane.asked[1:] == ["set prep to 21:00"], "the request")
    show(evening, ScheduledShutdown(at=LATER, reason="moved", moved_by="ana"))
    await me.sees("Scheduled shutdown: today 21:00")


async def test_what_was_set_anew_is_not_had_again_at_the_hour_before_that(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await cancelled(evening, me)
        await sets_it_for_later(evening, me)
        show(evening, None)
        await me.sees("No shutdown scheduled")
        assert not me.offers("Restore the shutdown at 19:00")


async def test_what_somebody_else_cancelled_after_that_is_had_again(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await cancelled(evening, me)
        entry = an_activity(kind="cancel-shutdown", at=ago(-1), moved_from=LATER, by="bea")
        evening.store.details(ERP).activity.replace([entry])
        show(evening, None)
        await me.sees("Restore the shutdown at 21:00")
        assert not me.offers("Restore the shutdown at 19:00")


async def test_what_was_cancelled_here_comes_before_what_the_record_says_of_earlier(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await cancelled(evening, me)
        entry = an_activity(kind="cancel-shutdown", at=ago(60), moved_from=LATER, by="bea")
        evening.store.details(ERP).activity.replace([entry])
        show(evening, None)
        await me.sees("Restore the shutdown at 19:00")
