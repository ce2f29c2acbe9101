"""An environment that is added in the window, changed, paused and removed, on a real control
plane: an environment of the demo is like any other in this.
"""

from tests.journeys.conftest import Open
from tests.support.control_plane import Running
from tests.support.person import Person
from tests.support.screens.environments import choose


async def adds(me: Person, name: str = "Training") -> None:
    """Add an environment of the demo, like one that the demo begins with."""
    await me.presses("Add environment")
    await me.presses("Demo")
    await choose(me, "Begins as a copy of", "erp-staging")
    await me.presses("Look")
    await me.sees("Publish versions to instances")
    await me.types("Name", name)
    await me.presses("Check")
    await me.sees("Everything that was tried works.")


async def test_one_is_added_changed_paused_resumed_and_removed(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    async with open_window() as desktop:
        await adds(me)
        assert "training" not in desktop._store.environments
        await me.presses("Add environment")
        await me.sees("Training, Production environment")
        await me.sees("Server name: TRAINING-PREP-ERP-STG-01")

        desktop.management.edit("training")
        await me.sees("Edit Training")
        await me.types("Name", "School")
        await me.presses("Check")
        await me.presses("Save")
        await me.sees("School, Production environment")

        desktop.management.pause("training")
        await me.presses("Pause")
        await me.sees("School is paused.")
        await me.presses("Resume")
        await me.no_longer_sees("School is paused.")

        desktop.management.remove("training")
        await me.types("Type School to confirm", "school")
        await me.presses("Remove environment")
        await me.no_longer_sees("School, Production environment")
        await me.until(lambda: "training" not in desktop._store.environments, "it gone")
    with plane.client() as client:
        there = [it["id"] for it in client.get("environments").json()["environments"]]
    assert "erp-production" in there
    assert "training" not in there


async def test_a_name_that_is_there_is_said_before_anything_is_asked(
    qloop: object, open_window: Open, me: Person
) -> None:
    async with open_window():
        await me.presses("Add environment")
        await me.presses("Demo")
        await me.presses("Look")
        await me.types("Name", "erp production")
        await me.presses("Check")
        await me.sees("Another environment has this name.")


async def test_after_the_last_one_is_removed_the_window_offers_to_add_one(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    async with open_window():
        with plane.client() as client:
            for it in client.get("environments").json()["environments"]:
                keyed = {"Idempotency-Key": it["id"]}
                assert client.delete(f"environments/{it['id']}", headers=keyed).is_success
        await me.sees("This control plane has no environments yet.")
        await me.presses("Add a demo")
        await me.sees("Begins as a copy of")
        await choose(me, "Begins as a copy of", "payroll")
        await me.presses("Look")
        await me.types("Name", "Payroll again")
        await me.presses("Check")
        await me.sees("Everything that was tried works.")
        await me.presses("Add environment")
        await me.sees("Payroll again, Production environment")
