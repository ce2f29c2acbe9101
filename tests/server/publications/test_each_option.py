"""Each option of a plan is kept and told as it was asked for, whatever becomes of it."""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from autosky_desktop.domain.plan import Model, MoveRequest, Plan, PublishRequest, Schedule
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.rules import blank_steps, gone_back
from autosky_desktop.server.publications.schedule_commands import ScheduleCommands
from tests.support.cloud import MORNING
from tests.support.options import each_option
from tests.support.people import ANA

STAGING = "erp-staging"
OPTIONS = each_option()
EVENING = Schedule(at=MORNING + timedelta(hours=12), time_zone="America/Sao_Paulo")
LATER = Schedule(at=MORNING + timedelta(hours=13), time_zone="America/Sao_Paulo")
ENDS_WITH_IT = {"model", "reconnection", "deadline", "hold", "image_of", "switch"}
"""What the way back says itself."""


@pytest.mark.parametrize("option", OPTIONS)
def test_it_is_kept_moved_and_told_as_it_was_asked_for(with_parts, option):
    plan = OPTIONS[option]
    assert getattr(plan, option) != getattr(Plan(), option)

    async def story(parts):
        activity_log = ActivityLog(parts.engine, parts.unit_of_work, parts.time)
        schedules = ScheduleCommands(parts.engine, parts.unit_of_work, activity_log, parts.time)
        async with parts.unit_of_work.transaction(STAGING) as transaction:
            await transaction.publication(earlier())
        asked = PublishRequest(expected_version=58, plan=plan, schedule=EVENING)
        run = await schedules.plan(STAGING, asked, principal=ANA, key="p")
        request = MoveRequest(expected=EVENING.at, schedule=LATER)
        moved = await schedules.move(run.id, request, principal=ANA, key="m")
        async with parts.engine.connect() as connection:
            kept = await publications.find(connection, run.id)
        assert kept
        told = msgspec.json.decode(msgspec.json.encode(kept[1]), type=Publication)
        assert (run.plan, moved.plan, told.plan) == (plan, plan, plan)

    with_parts(story)


@pytest.mark.parametrize("option", OPTIONS)
def test_on_the_way_back_it_is_as_it_was_planned_but_for_what_the_way_back_is(option):
    plan = OPTIONS[option]
    run = replace(earlier(), plan=plan, replaces=38)
    back = gone_back(run, version=58, replaces=39, now=EVENING.at)
    gentle = Model.KEEP if plan.model == Model.RECONNECT else plan.model
    assert (back.plan.model, back.plan.image_of) == (gentle, 38)
    assert (back.plan.reconnection, back.plan.deadline, back.plan.hold) == (None, None, None)
    assert back.plan.switch is None
    if option not in ENDS_WITH_IT:
        assert getattr(back.plan, option) == getattr(plan, option)


def earlier() -> Publication:
    """Version 39, whose image is there still."""
    steps = [replace(step, state="succeeded", made="i") for step in blank_steps()]
    return Publication(
        id="39", version=39, plan=Plan(), state="succeeded", publisher="Ana", requested_by="ana",
        requested_at=MORNING, steps=steps,
    )  # fmt: skip
