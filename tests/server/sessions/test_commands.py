"""Who is on the instances, and ending their sessions."""

import pytest

from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.session import EndSessions
from autosky_desktop.server.providers import retry
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.startup import close_interrupted
from tests.support.cloud import KilledProcess
from tests.support.people import ANA

PRODUCTION = "erp-production"


async def end(parts, ids, key="k"):
    return await parts.sessions.end(PRODUCTION, EndSessions(sessions=ids), principal=ANA, key=key)


async def some(parts, number):
    found = (await parts.sessions.everybody(PRODUCTION)).sessions
    return [session.id for session in found[:number]]


def test_everybody_is_listed_by_account(with_parts):
    async def story(parts):
        listed = await parts.sessions.everybody(PRODUCTION)
        snapshot = await parts.snapshot(PRODUCTION)
        assert len(listed.sessions) == snapshot.environment.sessions
        assert {s.instance for s in listed.sessions} <= {i.id for i in snapshot.instances}
        assert all(s.account.startswith("ERPPROD\\") for s in listed.sessions)
        assert listed.read_at == parts.time()

    with_parts(story)


def test_nobody_is_on_an_environment_that_is_not_there(with_parts):
    async def story(parts):
        with pytest.raises(Refusal) as caught:
            await parts.sessions.everybody("nowhere")
        assert caught.value.code is Code.NOT_FOUND
        assert caught.value.detail == "no environment nowhere"

    with_parts(story)


def test_the_counts_follow_when_sessions_end_and_the_record_says_whose(with_parts):
    async def story(parts):
        before = await parts.snapshot(PRODUCTION)
        people = (await parts.sessions.everybody(PRODUCTION)).sessions[:3]
        names = {it.id: it.name for it in before.instances}
        ids = [session.id for session in people]
        answer = await end(parts, [*ids, "gone"])
        assert (answer.ended, answer.gone) == (ids, ["gone"])
        after = await parts.snapshot(PRODUCTION)
        assert after.environment.sessions == before.environment.sessions - 3
        [entry] = after.activity
        assert (entry.kind, entry.outcome, entry.count) == ("end-sessions", "done", 3)
        assert entry.by == "ana"
        assert set(entry.account.split(", ")) == {session.account for session in people}
        assert set(entry.target.split(", ")) == {names[session.instance] for session in people}

    with_parts(story)


def test_pressed_twice_with_the_same_key_it_is_one_request(with_parts):
    async def story(parts):
        ids = await some(parts, 2)
        assert await end(parts, ids) == await end(parts, ids)
        assert len((await parts.snapshot(PRODUCTION)).activity) == 1

    with_parts(story)


def test_a_provider_that_does_not_answer_is_recorded_as_a_failure(with_parts, monkeypatch):
    monkeypatch.setattr(retry, "PAUSE_SECONDS", 0.001)

    async def story(parts):
        ids = await some(parts, 1)
        parts.provider.faults = Faults(busy_every=1)
        for _ in range(2):
            with pytest.raises(Refusal) as caught:
                await end(parts, ids)
            assert caught.value.code is Code.PROVIDER_BUSY
        parts.provider.faults = Faults()
        assert (await end(parts, ids)).ended == ids
        outcomes = [entry.outcome for entry in (await parts.snapshot(PRODUCTION)).activity]
        assert outcomes == ["done", "failed", "failed"]

    with_parts(story)


def test_a_request_whose_process_died_is_closed_by_the_next(with_parts):
    async def story(parts):
        ids = await some(parts, 1)

        async def dies(*_args, **_more):
            raise KilledProcess

        parts.provider.end_sessions = dies
        with pytest.raises(KilledProcess):
            await end(parts, ids)
        assert (await parts.snapshot(PRODUCTION)).activity[0].outcome == "running"
        await close_interrupted(parts.engine, parts.unit_of_work, parts.poller)
        entry = (await parts.snapshot(PRODUCTION)).activity[0]
        assert (entry.outcome, entry.reason) == ("failed", "interrupted")

    with_parts(story)


def test_instances_that_do_not_tell_are_not_guessed_at(with_parts):
    async def story(parts):
        parts.provider.faults = Faults(sessions_unreported=True)
        with pytest.raises(Refusal) as caught:
            await parts.sessions.everybody(PRODUCTION)
        assert caught.value.code is Code.PROVIDER_REFUSED

    with_parts(story)
