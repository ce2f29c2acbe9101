"""Publishing for later and looking back, at the real window over the real control plane."""

import re

from tests.journeys.conftest import Open, publish
from tests.support.person import Person, texts
from tests.ui.publish.form.test_forms import choose


async def test_a_publication_is_planned_changed_moved_and_called_off(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await me.opens_tab("Publish")
        await me.opens_tab("Scheduled")
        await me.sees("Nothing is scheduled for ERP Production.")
        schedule = await me.sees("Schedule for ")
        await me.types("Note on this version", "Tax tables")
        await me.presses(schedule.removesuffix("…"))
        await me.sees("Schedule a publication to ERP Production?")
        await me.presses(schedule.removesuffix("…"))
        await me.no_longer_sees("Schedule a publication to ERP Production?")
        await me.sees("1 waiting for ERP Production")
        when = schedule.removeprefix("Schedule for ").removesuffix("…")

        await me.clicks_cell(f"Actions for the publication of {when}")
        await me.chooses("Edit")
        await me.types("Note on this version", "Labels")
        await me.presses(f"Change to {when}")
        await me.sees("Change the scheduled publication to ERP Production?")
        await me.presses(f"Change to {when}")
        await me.no_longer_sees("Change the scheduled publication to ERP Production?")

        await me.presses(f"Cancel publication of {when}")
        await me.sees("Labels")
        await me.presses("Cancel this publication")
        await me.sees("Nothing is scheduled for ERP Production.")
        await me.sees("Result: Cancelled")

        await me.opens_tab("Activity")
        await me.sees("What: Publication scheduled for")
        cancelled = re.compile("What: Publication scheduled for .+ cancelled")
        await me.until(lambda: any(map(cancelled.fullmatch, texts())), "what was cancelled")


async def test_any_model_is_planned_for_later_with_what_it_asks_for(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await me.opens_tab("Publish")
        await me.opens_tab("Scheduled")
        choose("Model", "Request user reconnection")
        await me.sees("Message to users")
        schedule = await me.sees("Schedule for ")
        await me.presses(schedule.removesuffix("…"))
        await me.sees("are asked to reconnect</b> and disconnected 10 min later.")
        await me.presses(schedule.removesuffix("…"))
        await me.no_longer_sees("Schedule a publication to ERP Production?")
        await me.sees("1 waiting for ERP Production")
        await me.sees("10 min for users to reconnect")
        when = schedule.removeprefix("Schedule for ").removesuffix("…")
        await me.clicks_cell(f"Actions for the publication of {when}")
        await me.chooses("Edit")
        await me.sees("Change the scheduled publication")
        await me.sees("What users will see: A critical update is ready.")


async def test_an_earlier_version_finds_its_way_into_the_history_and_back(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await me.opens_tab("Publish")
        await publish(me)
        await me.sees("Version 42 is published", patience=60)
        await me.types("Find a publication", "42")
        await me.sees("Version: 42")
        await me.types("Find a publication", "nobody")
        await me.sees("No publication matches these filters.")
        await me.presses("Show everything")
        await me.sees("Version: 42")
