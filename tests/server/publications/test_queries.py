"""The history of an environment, in pages, by every filter."""

import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.plan import Plan
from autosky_desktop.domain.publication import Publication, StepName
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.queries import PublicationQuery
from autosky_desktop.server.publications.rules import blank_steps

STAGING, PAYROLL = "erp-staging", "payroll"
MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
BLANK = Publication(
    id="0", version=1, plan=Plan(), state="succeeded",
    publisher="Ana", requested_by="ana", requested_at=MORNING, steps=blank_steps(),
)  # fmt: skip


async def keep(parts, environment: str, *runs: Publication) -> None:
    async with parts.unit_of_work.transaction(environment) as transaction:
        for run in runs:
            await transaction.publication(run)


async def found(parts, environment: str = STAGING, *, limit: int = 50, **filters) -> list[int]:
    async with parts.engine.connect() as connection:
        page = await publications.page(
            connection, environment, PublicationQuery(limit=limit, **filters)
        )
    return [run.version for run in page.publications]


def a_run(number: int, **fields) -> Publication:
    at = MORNING + timedelta(days=number)
    return replace(BLANK, id=str(number), version=number, requested_at=at, **fields)


RUNS = (
    a_run(1, started_at=MORNING + timedelta(days=1)),
    a_run(2, plan=Plan(model="standard"), state="failed", note="New tax tables"),
    a_run(
        3,
        publisher="Rui",
        note="100% of the TAX office",
        scheduled_for=MORNING + timedelta(days=3),
    ),
    a_run(4, state="scheduled", scheduled_for=MORNING + timedelta(days=40)),
)


@pytest.mark.parametrize(
    ("filters", "versions"),
    [
        ({}, [4, 3, 2, 1]),
        ({"model": "standard"}, [2]),
        ({"state": "succeeded"}, [3, 1]),
        ({"by": "Rui"}, [3]),
        ({"search": "tax"}, [3, 2]),
        ({"search": "100%"}, [3]),
        ({"search": "_"}, []),
        ({"search": "rui"}, [3]),
        ({"search": "2"}, [2]),
        ({"since": MORNING + timedelta(days=2)}, [4, 3, 2]),
        ({"until": MORNING + timedelta(days=2)}, [1]),
        ({"since": MORNING + timedelta(days=39)}, [4]),
        ({"scheduled": True}, [4]),
        ({"scheduled": False}, [3, 2, 1]),
        ({"planned": True}, [4, 3]),
        ({"planned": False}, [2, 1]),
        ({"scheduled": False, "planned": True}, [3]),
        ({"search": "tax", "state": "failed", "by": "Ana"}, [2]),
        ({"search": "office rui"}, [3]),
        ({"search": "tables rui"}, []),
        ({"search": "3 TAX"}, [3]),
        ({"search": " "}, [4, 3, 2, 1]),
        ({"search": "RÜI"}, [3]),
    ],
)
def test_a_filter_leaves_what_it_says(with_parts, filters, versions):
    async def story(parts):
        await keep(parts, STAGING, *RUNS)
        await keep(parts, PAYROLL, a_run(9, plan=Plan(model="standard")))
        assert await found(parts, **filters) == versions

    with_parts(story)


@pytest.mark.parametrize("search", ["ORÇAMENTO", "orcamento", "Lacz", "ŁĄCZ 7", "strasse", "100%"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_search_needs_no_accents_and_minds_none(with_parts, search, form):
    async def story(parts):
        marked = a_run(7, publisher="Łącz", note="Orçamento 100% der Straße")
        await keep(parts, STAGING, a_run(6), marked)
        assert await found(parts, search=unicodedata.normalize(form, search)) == [7]

    with_parts(story)


def test_pages_follow_one_another_without_a_gap_or_a_repeat(with_parts):
    async def story(parts):
        await keep(parts, STAGING, *map(a_run, range(1, 8)))
        seen, cursor = [], None
        while True:
            async with parts.engine.connect() as connection:
                wanted = PublicationQuery(limit=3, cursor=cursor, state="succeeded")
                page = await publications.page(connection, STAGING, wanted)
            seen.append([run.version for run in page.publications])
            if page.next is None:
                break
            cursor = int(page.next)
        assert seen == [[7, 6, 5], [4, 3, 2], [1]]

    with_parts(story)


def test_a_snapshot_holds_what_is_scheduled_however_long_ago_that_was(with_parts):
    async def story(parts):
        await keep(parts, STAGING, RUNS[3], *map(a_run, range(5, 80)))
        runs = (await parts.snapshot(STAGING)).publications
        assert len(runs) == 51
        assert runs[0].version == 4
        assert (await parts.snapshot(STAGING)).environment.publishing is None

    with_parts(story)


def test_the_image_of_a_version_is_that_it_was_published_with_or_else_that_it_was_found_with(
    with_parts,
):
    made = [
        replace(step, made="img-8") if step.name == StepName.IMAGE else step
        for step in blank_steps()
    ]
    runs = (
        a_run(8, steps=made, replaces=7, replaced_image="img-7"),
        a_run(9, steps=made, replaces=5, replaced_image="img-5"),
        a_run(10, replaces=8, replaced_image="img-other"),
    )

    async def story(parts):
        await keep(parts, STAGING, *runs)
        async with parts.engine.connect() as connection:
            images = [
                await publications.version_image(connection, STAGING, version)
                for version in (4, 5, 7, 8)
            ]
        assert [image and image.id for image in images] == [None, "img-5", "img-7", "img-8"]

    with_parts(story)
