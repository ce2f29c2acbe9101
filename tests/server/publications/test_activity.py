"""A publication in the record: once for each request, with its version, and how it ended."""

import pytest

from autosky_desktop.domain.plan import PublishRequest
from autosky_desktop.domain.publication import STEPS
from autosky_desktop.server.publications.workflow.journal import Journal, StepEnding
from autosky_desktop.server.refusal import Refusal
from tests.support.people import ANA

STAGING = "erp-staging"


async def publish(parts, key="k", version=58):
    return await parts.publisher.publish(
        STAGING, PublishRequest(expected_version=version), principal=ANA, key=key
    )


async def activity(parts):
    return (await parts.snapshot(STAGING)).activity


async def end(parts, run, *states, **more):
    journal = Journal(parts.engine, parts.unit_of_work, lambda: None)
    for step, state in zip(STEPS, states, strict=False):
        await journal.end(run.id, step.value, StepEnding(state=state, **more))


def test_a_repeat_with_the_same_key_is_written_once(with_parts):
    async def story(parts):
        assert await publish(parts) == await publish(parts)
        [entry] = await activity(parts)
        assert (entry.kind, entry.version, entry.outcome) == ("publish", 58, "running")

    with_parts(story)


def test_one_that_succeeded_is_done(with_parts):
    async def story(parts):
        await end(parts, await publish(parts), *["succeeded"] * 6)
        [entry] = await activity(parts)
        assert (entry.outcome, entry.ended_at) == ("done", parts.time())

    with_parts(story)


def test_one_that_failed_says_why_and_the_list_names_its_version(with_parts):
    async def story(parts):
        run = await publish(parts)
        await end(parts, run, "failed", reason="image-failed", detail="No space.")
        [entry] = await activity(parts)
        assert (entry.outcome, entry.reason, entry.detail) == (
            "failed", "image-failed", "No space.",
        )  # fmt: skip
        assert (await parts.snapshot(STAGING)).environment.failed_version == 58
        await publish(parts, key="next")
        assert (await parts.snapshot(STAGING)).environment.failed_version is None

    with_parts(story)


def test_a_second_one_is_refused_in_the_record_too(with_parts):
    async def story(parts):
        await publish(parts)
        with pytest.raises(Refusal):
            await publish(parts, key="other")
        newest, first = await activity(parts)
        assert (newest.outcome, newest.reason) == ("refused", "publication-running")
        assert first.outcome == "running"

    with_parts(story)
