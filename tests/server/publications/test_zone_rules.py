"""A publication starts at the hour that was meant, whatever becomes of the rules of its zone."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from autosky_desktop.domain.plan import MoveRequest, PublishRequest, Schedule
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.schedule_commands import ScheduleCommands
from autosky_desktop.server.publications.timer import PublicationTimer
from tests.support.people import ANA

STAGING, ZONE = "erp-staging", "America/Sao_Paulo"
AS_IN_SUMMER, FURTHER_BACK = "America/Noronha", "America/Rio_Branco"
AT_22 = datetime(2027, 1, 16, 1, tzinfo=UTC)  # by the rules of 2026: three hours behind UTC
HOUR = timedelta(hours=1)


class Rules:
    """Of the one zone, as an update of the computer changes them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def are_those_of(self, other: str) -> None:
        file = self._folder / ZONE
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(files("tzdata").joinpath("zoneinfo", *other.split("/")).read_bytes())
        zoneinfo.reset_tzpath(to=[str(self._folder)])

    def are_gone(self) -> None:
        file = self._folder / ZONE
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"TZif, but not the whole of it")
        zoneinfo.reset_tzpath(to=[str(self._folder)])


@pytest.fixture
def rules(tmp_path):
    yield Rules(tmp_path / "zones")
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


class Evening:
    """Version 58 is planned for 22:00 in January."""

    def __init__(self, parts) -> None:
        self.parts, self.started = parts, 0
        self.begin()

    def begin(self) -> None:
        """As after a restart."""
        parts = self.parts
        zoneinfo.ZoneInfo.clear_cache()
        self.planned = ScheduleCommands(
            parts.engine, parts.unit_of_work, parts.activity_log, parts.time
        )
        self.scheduler = PublicationTimer(
            parts.engine,
            parts.unit_of_work,
            parts.activity_log,
            parts.bus,
            parts.time,
            self._count,
            lambda: parts.time.now.timestamp(),
        )

    def _count(self) -> None:
        self.started += 1

    async def plan(self, at: datetime = AT_22):
        schedule = Schedule(at=at, time_zone=ZONE)
        asked = PublishRequest(expected_version=58, schedule=schedule)
        run = await self.planned.plan(STAGING, asked, principal=ANA, key="p")
        await self.scheduler.act()
        return run

    async def run(self, identity: str):
        async with self.parts.engine.connect() as connection:
            found = await publications.find(connection, identity)
        return found[1]

    async def told(self):
        """What the record says of its moves."""
        entries = (await self.parts.snapshot(STAGING)).activity
        moves = [it for it in entries if it.kind == "move-publication"]
        return [(it.by, it.outcome, it.reason, it.moved_from, it.moved_to) for it in moves]


@pytest.mark.parametrize(("other", "hours"), [(AS_IN_SUMMER, -1), (FURTHER_BACK, 2)])
@pytest.mark.parametrize("restarted", [True, False])
def test_it_keeps_its_hour_when_the_rules_change_and_says_so(
    with_parts, rules, other, hours, restarted
):
    async def story(parts):
        evening = Evening(parts)
        run = await evening.plan()
        rules.are_those_of(other)
        if restarted:
            evening.begin()
        else:
            parts.time.goes_on(hours=1)  # so often the rules are read anew
        await evening.scheduler.act()
        to = AT_22 + hours * HOUR
        moved = await evening.run(run.id)
        assert (moved.scheduled_for, moved.rules_moved_from) == (to, AT_22)
        assert await evening.told() == [(None, "done", "zone-rules", AT_22, to)]
        environment = (await parts.snapshot(STAGING)).environment
        assert environment.next_publication == to

        parts.time.now = to - timedelta(seconds=1)
        await evening.scheduler.act()
        assert evening.started == 0
        parts.time.goes_on(seconds=1)
        await evening.scheduler.act()
        assert evening.started == 1

    with_parts(story)


def test_the_rules_are_read_once_an_hour_and_not_at_every_look(with_parts, rules):
    async def story(parts):
        evening = Evening(parts)
        run = await evening.plan()
        parts.time.goes_on(hours=1)
        await evening.scheduler.act()
        rules.are_those_of(AS_IN_SUMMER)
        for minutes, at in ((59, AT_22), (1, AT_22 - HOUR)):
            parts.time.goes_on(minutes=minutes)
            await evening.scheduler.act()
            assert (await evening.run(run.id)).scheduled_for == at

    with_parts(story)


def test_it_moves_back_when_the_rules_do(with_parts, rules):
    async def story(parts):
        evening = Evening(parts)
        run = await evening.plan()
        for other in (AS_IN_SUMMER, ZONE):
            rules.are_those_of(other)
            evening.begin()
            await evening.scheduler.act()
        assert (await evening.run(run.id)).scheduled_for == AT_22
        assert len(await evening.told()) == 2

    with_parts(story)


def test_rules_that_are_the_same_move_nothing(with_parts, rules):
    async def story(parts):
        evening = Evening(parts)
        run = await evening.plan()
        for _ in range(3):
            evening.begin()
            await evening.scheduler.act()
            parts.time.goes_on(hours=2)
            await evening.scheduler.act()
        assert (await evening.run(run.id)).scheduled_for == AT_22
        assert await evening.told() == []

    with_parts(story)


def test_a_zone_that_is_not_known_any_more_leaves_it_at_its_moment(with_parts, rules):
    async def story(parts):
        evening = Evening(parts)
        run = await evening.plan()
        rules.are_gone()
        evening.begin()
        await evening.scheduler.act()
        assert (await evening.run(run.id)).scheduled_for == AT_22
        rules.are_those_of(AS_IN_SUMMER)
        evening.begin()
        await evening.scheduler.act()
        assert (await evening.run(run.id)).scheduled_for == AT_22 - HOUR

    with_parts(story)


def test_what_a_person_moves_is_meant_anew(with_parts, rules):
    async def story(parts):
        evening = Evening(parts)
        run = await evening.plan()
        rules.are_those_of(AS_IN_SUMMER)
        evening.begin()
        await evening.scheduler.act()
        at = AT_22 + 24 * HOUR
        request = MoveRequest(
            expected=AT_22 - HOUR, schedule=Schedule(at=at, time_zone="Europe/Berlin")
        )
        moved = await evening.planned.move(run.id, request, principal=ANA, key="m")
        assert (moved.meant.local, moved.rules_moved_from) == ("2027-01-17T02:00:00", None)
        rules.are_those_of(FURTHER_BACK)
        evening.begin()
        await evening.scheduler.act()
        assert (await evening.run(run.id)).scheduled_for == at

    with_parts(story)
