"""Links lead the window to a place, or say in a sentence that they lead nowhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.problem import Problem
from autosky_desktop.domain.publication import LocatedPublication
from autosky_desktop.store.connection import Connection, Line
from tests.support.evening import LIVE, NOW, Evening, a_publication, an_evening
from tests.support.person import Person
from tests.support.planes import A_PLANE, ANOTHER_PLANE

GONE = Problem(type="about:blank", title="Not found", status=404, code="not-found")


@asynccontextmanager
async def an_evening_with_a_publication() -> AsyncIterator[Evening]:
    """The control plane knows of one more than is shown."""

    async def find(identity: str) -> LocatedPublication:
        if identity != "old-run":
            raise Refused(GONE)
        run = msgspec.structs.asdict(a_publication(id="old-run", version=12))
        return LocatedPublication(environment="payroll", **run)

    async with an_evening() as evening:
        evening.desktop.navigation.find = find
        yield evening


async def test_a_link_opens_its_environment_and_raises_the_window(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        window = evening.desktop.window
        window.hide()
        evening.desktop.navigation.arrive("autosky://environment/payroll")
        assert (window.isVisible(), window.environment) == (True, "payroll")


async def test_a_link_to_this_control_plane_opens_its_environment(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.desktop.navigation.arrive(f"autosky://environment/payroll?plane={A_PLANE}")
        await me.until(lambda: evening.desktop.window.environment == "payroll", "Payroll")


async def test_a_link_to_a_publication_opens_its_details(qloop: object, me: Person) -> None:
    async with an_evening_with_a_publication() as evening:
        evening.desktop.navigation.arrive("autosky://publication/old-run")
        await me.sees("Details of version 12")
        assert evening.desktop.window.environment == "payroll"
        await me.presses("Close")


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("autosky://environment/nowhere", "There is no such environment"),
        ("autosky://publication/nowhere", "This publication was not found"),
        ("autosky://server/prep?stop", "This link leads nowhere"),
        (f"autosky://environment/payroll?plane={ANOTHER_PLANE}", "to another control plane"),
        ("<b>x</b>", "This link leads nowhere"),
    ],
)
async def test_a_link_to_nowhere_is_a_sentence(
    qloop: object, me: Person, link: str, said: str
) -> None:
    async with an_evening_with_a_publication() as evening:
        before = evening.desktop.window.environment
        evening.desktop.navigation.arrive(link)
        await me.sees(said)
        assert evening.desktop.window.environment == before
        await me.presses("Close")


async def test_a_link_waits_until_the_control_plane_is_heard(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.store.set_connection(Connection(Line.STARTING, NOW))
        evening.desktop.navigation.arrive("autosky://environment/payroll")
        assert evening.desktop.window.environment != "payroll"
        evening.store.set_connection(LIVE)
        assert evening.desktop.window.environment == "payroll"
