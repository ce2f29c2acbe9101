"""Where to connect to, and the record of who did."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from autosky_desktop.domain.connection import ConnectionBegun, ConnectionEnded, ConnectionOutcome
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import Power
from autosky_desktop.server.connections import queries as connections
from autosky_desktop.server.connections.commands import OPEN_FOR
from autosky_desktop.server.providers import retry
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.servers import queries as servers
from autosky_desktop.server.startup import close_interrupted
from tests.support.people import ANA, manager

PRODUCTION, DATABASE, PREPARATION = "erp-production", "db-erp-prod-01", "prep-erp-prod-01"
ACCOUNT = "ERPPROD\\svc-maintenance"


async def begin(parts, *, key="k", principal=ANA, **chosen):
    request = ConnectionBegun(
        account=chosen.get("account", ACCOUNT),
        address=chosen.get("address", "10.20.8.11"),
        protocol=chosen.get("protocol", "rdp"),
    )
    return await parts.connections.begin(
        servers.get, DATABASE, request, principal=principal, key=key
    )


async def end(parts, connection, outcome, *, principal=ANA):
    request = ConnectionEnded(outcome=ConnectionOutcome(outcome))
    return await parts.connections.end(connection.id, request, principal=principal)


async def entry(parts):
    [found] = (await parts.snapshot(PRODUCTION)).activity
    return found


def test_a_connection_is_in_the_record_while_it_lasts_and_when_it_has_ended(with_parts):
    async def story(parts):
        begun = await begin(parts)
        running = await entry(parts)
        assert (running.id, running.kind, running.outcome) == (begun.id, "connect", "running")
        assert (running.target, running.account) == ("DB-ERP-PROD-01", ACCOUNT)
        assert (running.by, running.at, begun.at) == ("ana", parts.time(), parts.time())
        assert (begun.outcome, begun.ended_at) == ("open", None)
        parts.time.goes_on(minutes=64)
        ended = await end(parts, begun, "closed")
        done = await entry(parts)
        assert (ended.outcome, ended.ended_at) == ("closed", parts.time())
        assert (done.outcome, done.reason, done.ended_at) == ("done", None, parts.time())
        assert (done.account, done.at) == (ACCOUNT, begun.at)

    with_parts(story)


def test_a_connection_is_kept_with_the_environment_of_its_server(with_parts):
    async def story(parts):
        begun = await begin(parts)
        async with parts.engine.connect() as connection:
            assert await connections.find(connection, begun.id) == (PRODUCTION, begun)

    with_parts(story)


@pytest.mark.parametrize("word", sorted(ConnectionOutcome))
def test_what_came_of_it_is_kept_as_it_was_told(with_parts, word):
    async def story(parts):
        ended = await end(parts, await begin(parts), word)
        found = await entry(parts)
        expected = {
            "closed": ("closed", "done", None),
            "left": ("left", "done", "left"),
            "open": ("left", "done", "left"),
        }.get(word, (word, "failed", word))
        assert (ended.outcome, found.outcome, found.reason) == expected
        assert ended.ended_at == found.ended_at == parts.time()

    with_parts(story)


def test_the_first_report_of_an_end_stays(with_parts):
    async def story(parts):
        begun = await begin(parts)
        first = await end(parts, begun, "wrong-password")
        known = await entry(parts)
        parts.time.goes_on(minutes=1)
        assert await end(parts, begun, "closed") == first
        assert await entry(parts) == known

    with_parts(story)


def test_two_reports_at_once_are_one(with_parts):
    async def story(parts):
        begun = await begin(parts)
        one, other = await asyncio.gather(end(parts, begun, "closed"), end(parts, begun, "lost"))
        assert one == other
        assert (await entry(parts)).outcome in ("done", "failed")

    with_parts(story)


def test_the_same_key_is_the_same_connection_and_another_is_another(with_parts):
    async def story(parts):
        first = await begin(parts)
        parts.time.goes_on(minutes=1)
        assert await begin(parts) == first
        await end(parts, first, "closed")
        assert (await begin(parts)).outcome == "closed"
        assert len((await parts.snapshot(PRODUCTION)).activity) == 1
        assert (await begin(parts, key="other")).id != first.id
        assert len((await parts.snapshot(PRODUCTION)).activity) == 2

    with_parts(story)


def test_nobody_tells_how_somebody_else_s_connection_ended(with_parts):
    async def story(parts):
        begun = await begin(parts)
        for stranger, known in (("bob", begun), ("ana", msgspec.structs.replace(begun, id="x"))):
            with pytest.raises(Refusal) as refused:
                await end(parts, known, "closed", principal=manager(stranger))
            assert refused.value.code is Code.NOT_FOUND
        assert (await entry(parts)).outcome == "running"

    with_parts(story)


@pytest.mark.parametrize("field", ["account", "address", "protocol"])
@pytest.mark.parametrize(
    "name", ["a\nb", "a\r\nb", "a\x00", "\x1b[2J", "a\u202eb", "\u2066x", "\x7f"]
)
def test_a_name_that_would_deceive_who_reads_the_record_is_refused(with_parts, field, name):
    async def story(parts):
        with pytest.raises(Refusal) as refused:
            await begin(parts, **{field: name})
        assert refused.value.code is Code.INVALID_REQUEST
        assert name not in refused.value.detail
        assert (await parts.snapshot(PRODUCTION)).activity == []

    with_parts(story)


@pytest.mark.parametrize(
    "account", ["-oProxyCommand=calc", "/v:evil", "%COMSPEC%", '"; rm -rf ~; "', "josé", "管理者"]
)
def test_a_strange_account_is_recorded_to_the_letter(with_parts, account):
    async def story(parts):
        begun = await begin(parts, account=account)
        assert (begun.account, (await entry(parts)).account) == (account, account)

    with_parts(story)


def test_a_server_that_is_not_there_is_refused(with_parts):
    async def story(parts):
        request = ConnectionBegun(account="a", address="b", protocol="ssh")
        for call in (
            parts.connections.endpoint(servers.get, "nobody"),
            parts.connections.begin(servers.get, "nobody", request, principal=ANA, key="k"),
        ):
            with pytest.raises(Refusal) as refused:
                await call
            assert refused.value.code is Code.NOT_FOUND

    with_parts(story)


def test_a_connection_nobody_ends_is_left_after_a_week_and_never_before(with_parts):
    async def story(parts):
        await begin(parts)
        parts.time.now += OPEN_FOR
        await parts.connections.close_forgotten()
        await close_interrupted(parts.engine, parts.unit_of_work, parts.poller)
        await parts.poller.look(PRODUCTION)
        assert (await entry(parts)).outcome == "running"
        parts.time.goes_on(seconds=1)
        await parts.connections.close_forgotten()
        found = await entry(parts)
        assert (found.outcome, found.reason) == ("done", "left")
        await parts.connections.close_forgotten()
        assert await entry(parts) == found

    with_parts(story)


def test_a_forgotten_one_does_not_take_the_others_along(with_parts):
    async def story(parts):
        await begin(parts, key="old")
        parts.time.now += OPEN_FOR - timedelta(hours=1)
        young = await begin(parts, key="young")
        parts.time.goes_on(hours=2)
        await parts.connections.close_forgotten()
        found = {e.id: e.outcome for e in (await parts.snapshot(PRODUCTION)).activity}
        assert found.pop(young.id) == "running"
        assert list(found.values()) == ["done"]

    with_parts(story)


def test_the_endpoint_is_the_provider_s_of_now(with_parts):
    async def story(parts):
        stopped = await parts.connections.endpoint(servers.get, PREPARATION)
        assert stopped.public_ip is None
        await parts.provider.power(PRODUCTION, PREPARATION, Power.START, key="s")
        parts.time.goes_on(minutes=3)
        assert (await parts.connections.endpoint(servers.get, PREPARATION)).public_ip is not None

    with_parts(story)


def test_a_provider_that_does_not_answer_has_no_endpoint(with_parts, monkeypatch):
    monkeypatch.setattr(retry, "PAUSE_SECONDS", 0.001)

    async def story(parts):
        parts.provider.faults = Faults(busy_next=retry.TRIES)
        with pytest.raises(Refusal) as refused:
            await parts.connections.endpoint(servers.get, DATABASE)
        assert refused.value.code is Code.PROVIDER_BUSY
        assert (await parts.connections.endpoint(servers.get, DATABASE)).server == DATABASE

    with_parts(story)
