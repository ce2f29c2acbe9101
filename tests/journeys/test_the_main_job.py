"""From a stopped preparation server to a published version, at the real window."""

from tests.journeys.conftest import Open, publish
from tests.support.clock import HeldClock
from tests.support.control_plane import Running
from tests.support.person import Person


async def start_the_preparation_server(me: Person) -> None:
    await me.presses("Start server PREP-ERP-PROD-01")
    await me.sees("Start PREP-ERP-PROD-01?")
    await me.presses("Start server")
    await me.sees("Server status: Running")


async def test_a_version_is_published_and_its_history_tells_who_and_how_long(
    qloop: object, open_window: Open, plane: Running, cloud_clock: HeldClock, me: Person
) -> None:
    async with open_window():
        await start_the_preparation_server(me)
        await me.sees("Scheduled shutdown: ")

        await me.presses("Actions for PREP-ERP-PROD-01")
        await me.chooses("Publish new version")
        await me.sees("Passed: Preparation server is running")
        await me.types("Note on this version", "Tax tables")
        await me.presses("Publish version 42")
        await me.sees("Publish version 42 to ERP Production?")
        await me.sees("37 sessions</b> stay until users sign out")
        cloud_clock.hold()
        await me.presses("Publish version 42")

        await me.sees("Publishing version 42, Step")
        cloud_clock.go_on()
        await me.sees("Version 42 is published", patience=60)
        await me.sees("Result: Completed")
        await me.sees("Publisher: ana")
        await me.sees("Note: Tax tables")
        await me.sees("Publish version 43")

        await me.presses("Show details")
        await me.sees("Published by: ana")
        await me.sees("Version: 42")
        await me.sees("Model: Optimized")
        await me.sees("Options: Block instances")
        await me.sees("Total duration: ")
        await me.sees("Step: 2. Stop preparation server")
        await me.sees("Time: Skipped")
        await me.sees("12 instances replaced")
        await me.presses("Close")

        await me.opens_tab("Servers")
        await me.sees("Instances: 12 running")
        await me.sees("version 42")


async def test_ending_sessions_in_production_wants_the_name_of_the_environment(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await me.opens_tab("Publish")
        await me.presses("Terminate sessions")
        await me.sees("37</b> end at once")
        await me.presses("Publish version 42")
        await me.sees("Publish version 42 to ERP Production?")
        assert not me.offers("Publish and end 37 sessions")

        await me.types("Type ERP Production to confirm", "ERP Staging")
        assert not me.offers("Publish and end 37 sessions")
        await me.types("Type ERP Production to confirm", "  erp production ")
        await me.presses("Publish and end 37 sessions")

        await me.sees("Version 42 is published", patience=60)
        await me.presses("Show details")
        await me.sees("37 sessions ended")
        await me.presses("Close")


async def test_going_back_publishes_nothing(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    async with open_window():
        await me.opens_tab("Publish")
        await me.presses("Publish version 42")
        await me.presses("Go back")
        await me.no_longer_sees("Publish version 42 to ERP Production?")
        await me.sees("Nothing has been published from here yet.")
    with plane.client() as http:
        page = http.get("environments/erp-production/publications").json()
    assert page["publications"] == []


async def test_while_one_publication_runs_it_stands_in_place_of_the_form(
    qloop: object, open_window: Open, cloud_clock: HeldClock, me: Person
) -> None:
    async with open_window():
        await me.opens_tab("Publish")
        cloud_clock.hold()
        await publish(me)
        await me.sees("Only one publication can run at a time. This form opens again afterwards.")
        assert not me.offers("Publish version 42")
        await me.sees("ERP Production, Production, Publishing")
        cloud_clock.go_on()
        await me.sees("Version 42 is published", patience=60)
        await me.until(lambda: me.offers("Publish version 43"), "the form again")
