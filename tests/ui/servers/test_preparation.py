"""The card of the preparation server: where its menu leads, and how its states go on by time."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.evening import a_preparation_server, ago, an_evening
from tests.support.person import Person


async def test_its_menu_leads_to_the_form_for_the_next_version(qloop: object, me: Person) -> None:
    async with an_evening():
        await me.presses("Actions for PREP-ERP-PROD-01")
        await me.chooses("Publish new version")
        await me.until(lambda: me.offers("Publish version 42"), "the form")


@pytest.mark.parametrize(
    ("more", "first", "second"),
    [
        ({"status": "starting", "since": ago(42)}, "Starting, 42 s", "Starting, 43 s"),
        ({"image_status": "creating", "image_since": ago(42)}, "Creating, 42 s", "Creating, 43 s"),
    ],
    ids=["server", "image"],
)
async def test_what_is_under_way_there_counts_its_seconds(
    qloop: object,
    me: Person,
    more: dict[str, Any],
    first: str,
    second: str,
) -> None:
    async with an_evening() as evening:
        evening.show(a_preparation_server(shutdown=None, **more))
        await me.sees(first)
        evening.clock.at += timedelta(seconds=1)
        await me.sees(second)


async def test_nothing_is_offered_about_a_server_of_which_nothing_is_known_yet(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        running = a_preparation_server(shutdown=None)
        evening.show(running)
        details = evening.store.details("payroll")
        details.revision = None
        details.servers.replace([])
        evening.desktop.window.open("payroll")
        await me.sees("Payroll, Production environment")
        offered = {"Set a shutdown time", "Undo", "Extend execution", "Cancel scheduled shutdown"}
        assert not [name for name in offered if me.offers(name)]
        details.revision = 1
        details.servers.replace([running])
        evening.store.tell()
        await me.until(lambda: me.offers("Set a shutdown time"), "a way to set a time")
