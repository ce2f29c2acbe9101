"""The commands that publish, and that answer, stop or move a publication."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import click

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.console import lookups, moments, plan
from autosky_desktop.console.following import DONE, REFUSED, followed
from autosky_desktop.console.output import agreed
from autosky_desktop.console.reach import Reached, reaching
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.plan import (
    HoldDecision,
    MoveRequest,
    PreviewRequest,
    PublishRequest,
    Schedule,
)
from autosky_desktop.domain.publication import (
    Preview,
    Publication,
    instead_of,
    is_scheduled,
    planned_for,
    rest_of,
    switches_at,
)
from autosky_desktop.words import console as words
from autosky_desktop.words import publish_question, run_questions
from autosky_desktop.words.language import _
from autosky_desktop.words.question import Ask


@click.command("publish", help=words.PUBLISH)
@click.argument("environment")
@plan.options
@click.option("--note", default="", metavar="TEXT", help=words.NOTE)
@click.option("--publisher", default="", metavar="NAME", help=words.PUBLISHER)
@click.option("--at", metavar="TIME", help=words.AT)
@click.option("--time-zone", metavar="ZONE", help=words.TIME_ZONE)
@click.option("--version", type=click.IntRange(1), help=words.VERSION)
@click.option("--preview", is_flag=True, help=words.PREVIEW)
@click.option("--yes", is_flag=True, help=words.YES)
@click.option("--wait", is_flag=True, help=words.WAIT)
@click.option("--follow", is_flag=True, help=words.FOLLOW)
@reaching
async def publish(
    reached: Reached,
    environment: str,
    *,
    note: str,
    publisher: str,
    at: str | None,
    time_zone: str | None,
    version: int | None,
    preview: bool,
    yes: bool,
    wait: bool,
    follow: bool,
    **chosen: Any,
) -> int:
    home, now = lookups.environment(reached, environment), reached.now()
    await reached.details(home)
    zone = time_zone or home.time_zone
    schedule = Schedule(at=moments.moment(at, zone, now), time_zone=zone) if at else None
    made = plan.plan(plan.Chosen(**chosen), zone, now)
    looked = PreviewRequest(plan=made, at=schedule.at if schedule else None)
    seen = await reached.plane.preview(home.id, looked)
    if preview and reached.output.json:
        reached.output.tell(seen)
        return DONE
    request = PublishRequest(
        expected_version=version or seen.version,
        plan=made,
        note=note,
        publisher=publisher,
        schedule=schedule,
    )
    ask = _question(reached, home, seen, request)
    if preview:
        reached.output.ask(ask)
        if ask.reason:
            reached.output.say(ask.reason, "red")
        return REFUSED if ask.reason else DONE
    if not agreed(reached.output, home, ask, yes=yes):
        return REFUSED
    run = await reached.intents.publish(home.id, request).send()
    _say_begun(reached, run)
    if is_scheduled(run) and not (wait or follow):
        return DONE
    if wait or follow or reached.here:
        return await followed(reached, home, run, held=follow)
    return DONE


def _question(reached: Reached, home: Environment, seen: Preview, request: PublishRequest) -> Ask:
    me = reached.store.me
    publisher = request.publisher or (me.operator if me else "")
    return publish_question.question(home, seen, request, publisher, reached.now())


def _say_begun(reached: Reached, run: Publication) -> None:
    if reached.output.json:
        reached.output.tell(run)
    elif is_scheduled(run) and run.scheduled_for:
        zone = run.time_zone or "UTC"
        reached.output.line(words.planned(run.scheduled_for, zone, reached.now(), run.id))
    else:
        reached.output.line(words.begun(run.version, run.id))
    _say_switch(reached, run)
    if is_scheduled(run) and reached.here:
        reached.output.say(_(words.SCHEDULED_HERE), "yellow")


@click.command("publication", help=words.PUBLICATION)
@click.argument("publication", metavar="PUBLICATION|ENVIRONMENT")
@click.option("--wait", is_flag=True, help=words.WAIT)
@click.option("--follow", is_flag=True, help=words.FOLLOW)
@reaching
async def publication(reached: Reached, publication: str, *, wait: bool, follow: bool) -> int:
    home, run = await lookups.publication(reached, publication)
    if wait or follow:
        return await followed(reached, home, run, held=follow)
    if reached.output.json:
        reached.output.tell(run)
        return DONE
    for line in words.told(run, reached.now()):
        reached.output.line(line)
    return DONE


class PublicationAnswer(NamedTuple):
    """An answer to a publication: what is looked at and asked before it, and how it is given."""

    look: Callable[[Publication], PreviewRequest]
    question: Callable[[Environment, Publication, Preview, datetime], Ask]
    give: Callable[[Intents, Publication], Order[Publication]]


def _answering(name: str, about: str, answer: PublicationAnswer) -> click.Command:
    """Return the command that gives an answer, once somebody has agreed to what it does."""

    @click.command(name, help=about)
    @click.argument("publication", metavar="PUBLICATION|ENVIRONMENT")
    @click.option("--yes", is_flag=True, help=words.YES)
    @click.option("--wait", is_flag=True, help=words.WAIT)
    @reaching
    async def give(reached: Reached, publication: str, *, yes: bool, wait: bool) -> int:
        home, before = await lookups.publication(reached, publication)
        seen = await reached.plane.preview(home.id, answer.look(before))
        ask = answer.question(home, before, seen, reached.now())
        if not agreed(reached.output, home, ask, yes=yes):
            return REFUSED
        run = await answer.give(reached.intents, before).send()
        if reached.output.json:
            reached.output.tell(run)
        if not (wait or reached.here):
            return DONE
        return await followed(reached, home, run, held=False, stale=before)

    return give


go_on = _answering(
    "go-on",
    words.GO_ON,
    PublicationAnswer(
        rest_of, run_questions.going_on, lambda by, run: by.go_on(run.id, HoldDecision.ON)
    ),
)
go_back = _answering(
    "go-back",
    words.GO_BACK,
    PublicationAnswer(
        instead_of, run_questions.going_back, lambda by, run: by.go_on(run.id, HoldDecision.BACK)
    ),
)
retry = _answering(
    "retry",
    words.RETRY,
    PublicationAnswer(rest_of, run_questions.retrying, lambda by, run: by.retry(run.id)),
)


@click.command("cancel", help=words.CANCEL)
@click.argument("publication", metavar="PUBLICATION|ENVIRONMENT")
@click.option("--wait", is_flag=True, help=words.WAIT)
@reaching
async def cancel(reached: Reached, publication: str, *, wait: bool) -> int:
    home, run = await lookups.publication(reached, publication)
    asked = await reached.intents.cancel(run.id).send()
    if reached.output.json:
        reached.output.tell(asked)
    elif asked.ended:
        reached.output.line(words.called_off(asked))
    if (wait or reached.here) and not asked.ended:
        await followed(reached, home, asked, held=True, stale=run)
    return DONE


@click.command("move", help=words.MOVE)
@click.argument("publication")
@click.option("--at", required=True, metavar="TIME", help=words.AT)
@click.option("--time-zone", metavar="ZONE", help=words.TIME_ZONE)
@reaching
async def move(reached: Reached, publication: str, at: str, time_zone: str | None) -> int:
    home, run = await lookups.publication(reached, publication)
    expected = planned_for(run)
    if expected is None:
        reached.output.say(_(words.NOT_SCHEDULED), "red")
        return REFUSED
    zone = time_zone or _zone_of(run) or home.time_zone
    schedule = Schedule(at=moments.moment(at, zone, reached.now()), time_zone=zone)
    request = MoveRequest(expected=expected, schedule=schedule)
    moved = await reached.intents.move(run.id, request).send()
    if is_scheduled(moved) or reached.output.json:
        _say_begun(reached, moved)
    else:
        _say_switch(reached, moved)
    return DONE


def _zone_of(run: Publication) -> str | None:
    """Return the zone of the moment that may be moved."""
    if is_scheduled(run) or run.plan.switch is None:
        return run.time_zone
    return run.plan.switch.time_zone


def _say_switch(reached: Reached, run: Publication) -> None:
    """Say when instances are replaced, if that has a moment of its own."""
    at, switch = switches_at(run), run.plan.switch
    if at and switch and not reached.output.json:
        said = words.switches(run.version, at, switch.time_zone, reached.now())
        reached.output.line(said)
