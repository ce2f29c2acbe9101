"""Edits of publications that come at once share a transaction, and nobody fails for another."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.plan import PublishRequest
from autosky_desktop.server.db.engine import WRITES
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.workflow.journal import Journal
from autosky_desktop.server.publications.workflow.writes import PublicationWrites
from tests.support.people import ANA

STAGING, PRODUCTION = "erp-staging", "erp-production"


async def publish(parts, environment: str) -> str:
    version = (await parts.snapshot(environment)).environment.current_version + 1
    asked = PublishRequest(expected_version=version)
    run = await parts.publisher.publish(environment, asked, principal=ANA, key=environment)
    return run.id


async def both(parts) -> list[str]:
    return [await publish(parts, STAGING), await publish(parts, PRODUCTION)]


def noting(note: str):
    return lambda _, run: replace(run, note=note)


def broken(_recording, _run):
    raise ValueError("a defect")


async def note(parts, publication: str) -> str | None:
    async with parts.engine.connect() as connection:
        found = await publications.find(connection, publication)
    return found[1].note


@contextmanager
def transactions(engine: AsyncEngine) -> Iterator[list[str]]:
    """Those that write."""
    begun = []

    def hear(connection) -> None:
        if connection.get_execution_options().get(WRITES):
            begun.append(connection)

    event.listen(engine.sync_engine, "begin", hear)
    yield begun
    event.remove(engine.sync_engine, "begin", hear)


def test_what_comes_while_another_writes_is_written_together(with_parts):
    async def story(parts):
        runs, edits = await both(parts), PublicationWrites(parts.unit_of_work, lambda: None)
        before = {
            it: (await parts.snapshot(it)).environment.revision for it in (STAGING, PRODUCTION)
        }
        with transactions(parts.engine) as begun:
            async with parts.unit_of_work.turn():
                waiting = [asyncio.create_task(edits.edit(run, noting(run))) for run in runs]
                waiting += [asyncio.create_task(edits.edit(runs[0], noting("second")))]
                await asyncio.sleep(0)
            came = await asyncio.gather(*waiting)
        assert len(begun) == 1
        assert [run.note for run in came] == [*runs, "second"]
        assert [await note(parts, run) for run in runs] == ["second", runs[1]]
        after = {it: (await parts.snapshot(it)).environment.revision for it in before}
        assert [after[it] - before[it] for it in (STAGING, PRODUCTION)] == [2, 1]

    with_parts(story)


def test_one_that_fails_fails_alone(with_parts):
    async def story(parts):
        runs, edits = await both(parts), PublicationWrites(parts.unit_of_work, lambda: None)
        async with parts.unit_of_work.turn():
            waiting = [
                asyncio.create_task(edits.edit(*it))
                for it in (
                    (runs[0], noting("first")),
                    (runs[1], broken),
                    ("nobody", noting("")),
                    (runs[1], noting("last")),
                )
            ]
            await asyncio.sleep(0)
        first, defect, nobody, last = await asyncio.gather(*waiting, return_exceptions=True)
        assert isinstance(defect, ValueError)
        assert isinstance(nobody, LookupError)
        assert (first.note, last.note) == ("first", "last")
        assert [await note(parts, run) for run in runs] == ["first", "last"]

    with_parts(story)


def test_one_that_is_called_off_while_it_waits_is_not_written(with_parts):
    async def story(parts):
        runs, edits = await both(parts), PublicationWrites(parts.unit_of_work, lambda: None)
        async with parts.unit_of_work.turn():
            waiting = [asyncio.create_task(edits.edit(run, noting("new"))) for run in runs]
            await asyncio.sleep(0)
            waiting[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting[0]
        await waiting[1]
        assert [await note(parts, run) for run in runs] == ["", "new"]

    with_parts(story)


def test_progress_that_is_known_already_is_not_written(with_parts):
    async def story(parts):
        journal = Journal(parts.engine, parts.unit_of_work, lambda: None)
        run = await journal.begin(await publish(parts, STAGING), "image-creation")
        known = await journal.progress(run, "image-creation", 40, 100)
        with transactions(parts.engine) as begun:
            assert await journal.progress(known, "image-creation", 40, 100) == known
            assert begun == []
            further = await journal.progress(known, "image-creation", 41, 100)
            assert len(begun) == 1
        assert (await journal.read(run.id))[1] == further

    with_parts(story)
