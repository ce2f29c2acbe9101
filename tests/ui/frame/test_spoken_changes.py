"""What changes by itself is said once, and nothing is said while only numbers change."""

import msgspec
import pytest

from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.banners import lost
from autosky_desktop.ui.frame import spoken_changes
from autosky_desktop.ui.widgets import banner
from tests.support.evening import (
    ERP,
    LIVE,
    NOW,
    Evening,
    a_preparation_server,
    a_publication,
    a_support_server,
    ago,
    an_evening,
)
from tests.support.person import Person

Said = list[str]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    """Everything that assistive technology is given to say."""
    heard: Said = []
    for module in (spoken_changes, lost, banner):
        monkeypatch.setattr(
            module, "announce", lambda _widget, text, *, assertive=False: heard.append(text)
        )
    return heard


def is_now(evening: Evening, name: str, status: str, at: float = 1, of: str = ERP) -> None:
    servers = evening.store.details(of).servers
    server = servers.get(name)
    assert server is not None
    servers.put(msgspec.structs.replace(server, status=status, since=ago(at)))


async def test_a_server_that_stopped_or_runs_again_is_said_once(
    qloop: object, me: Person, said: Said
) -> None:
    async with an_evening() as evening:
        evening.show(a_preparation_server(status="stopped"), a_support_server("DB-01"))
        is_now(evening, "prep", "starting")
        is_now(evening, "prep", "running")
        for seconds in range(10):
            is_now(evening, "prep", "running", seconds)
        await me.until(lambda: said, "an announcement")
        is_now(evening, "prep", "stopping")
        is_now(evening, "db-01", "stopped")
        await me.until(lambda: len(said) > 1, "another one")
        assert said == ["PREP-ERP-PROD-01: Running.", "DB-01: Stopped."]


async def test_many_servers_at_once_are_one_sentence(qloop: object, me: Person, said: Said) -> None:
    async with an_evening() as evening:
        many = [a_support_server(f"DB-{number}") for number in range(20)]
        evening.show(a_preparation_server(), *many)
        evening.show(
            a_preparation_server(), *(msgspec.structs.replace(it, status="stopped") for it in many)
        )
        await me.until(lambda: said, "an announcement")
        assert said == ["20 servers have another state."]


async def test_each_step_of_a_publication_is_said_as_it_begins(
    qloop: object, me: Person, said: Said
) -> None:
    async with an_evening() as evening:

        def runs(*states: str, **more: object) -> None:
            usual = {"state": "running", "version": 42, "ended_at": None}
            evening.show(publications=[a_publication(*states, **{**usual, **more})])

        runs("succeeded", "running", "pending")
        for replaced in range(10):
            runs("succeeded", "succeeded", "running", "pending", instances_replaced=replaced)
        await me.until(lambda: said, "an announcement")
        assert said == ["Version 42, step 3 of 6: Image creation."]
        # that is told by a notification
        runs("succeeded", "succeeded", "succeeded", "failed", state="failed", ended_at=NOW)
        runs("succeeded", "succeeded", "succeeded", "running", "pending", id="next", version=43)
        is_now(evening, "prep", "stopped")
        await me.until(lambda: len(said) > 1, "another one")
        assert said[1:] == ["PREP-ERP-PROD-01: Stopped."]


async def test_of_another_environment_nothing_is_said(
    qloop: object, me: Person, said: Said
) -> None:
    async with an_evening() as evening:
        evening.desktop.window.open("payroll")
        is_now(evening, "db-erp-prod-01", "stopped")
        is_now(evening, "prep", "stopped", of="payroll")
        await me.until(lambda: said, "an announcement")
        assert said == ["PREP-ERP-PROD-01: Stopped."]


async def test_a_line_that_is_lost_and_comes_back_is_said_once_each(
    qloop: object, me: Person, said: Said
) -> None:
    async with an_evening() as evening:
        for seconds in (5, 3, 1):
            evening.store.set_connection(LineStatus(Line.OFFLINE, ago(60), retry_at=ago(-seconds)))
        assert [text.split(" at ")[0][:19] for text in said] == ["Not connected since"]
        evening.store.set_connection(LIVE)
        evening.store.set_connection(LineStatus(Line.LIVE, ago(-5)))
        assert said[1:] == ["Connected again."]
