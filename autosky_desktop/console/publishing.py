"""The commands that publish, and that answer, stop or move a publication."""

from typing import Any

import click

from autosky_desktop.actions.intents import Order
from autosky_desktop.console import lookups, moments, plan
from autosky_desktop.console.following import DONE, REFUSED, followed
from autosky_desktop.console.output import confirm
from autosky_desktop.console.reach import Reached, reaching
from autosky_desktop.domain.environment import Environment, Label
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
    rest_of,
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
        return _reason(reached, ask)
    if not _agreed(reached, home, ask, yes=yes):
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


def _agreed(reached: Reached, home: Environment, ask: Ask, *, yes: bool) -> bool:
    """Return whether it can be done, and somebody agreed to it."""
    if _reason(reached, ask):
        return False
    typed = home.name if ask.hurts and home.label == Label.PRODUCTION else ""
    agreed = confirm(reached.output, ask, yes=yes, typed=typed)
    if not agreed:
        reached.output.say(_(words.NOTHING_DONE))
    return agreed


def _reason(reached: Reached, ask: Ask) -> int:
    """Say why it cannot be done; returns the exit code, 0 when it can."""
    if ask.reason:
        reached.output.say(ask.reason, "red")
    return REFUSED if ask.reason else DONE


def _say_begun(reached: Reached, run: Publication) -> None:
    if reached.output.json:
        reached.output.tell(run)
    elif is_scheduled(run) and run.scheduled_for:
        zone = run.time_zone or "UTC"
        reached.output.line(words.planned(run.scheduled_for, zone, reached.now(), run.id))
    else:
        reached.output.line(words.begun(run.version, run.id))
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


@click.command("go-on", help=words.GO_ON)
@click.argument("publication", metavar="PUBLICATION|ENVIRONMENT")
@click.option("--yes", is_flag=True, help=words.YES)
@click.option("--wait", is_flag=True, help=words.WAIT)
@reaching
async def go_on(reached: Reached, publication: str, *, yes: bool, wait: bool) -> int:
    home, run = await lookups.publication(reached, publication)
    seen = await reached.plane.preview(home.id, rest_of(run))
    ask = run_questions.going_on(home, run, seen, reached.now())
    order = reached.intents.go_on(run.id, HoldDecision.ON)
    return await _answer(reached, home, run, ask, order, yes=yes, wait=wait)


@click.command("go-back", help=words.GO_BACK)
@click.argument("publication", metavar="PUBLICATION|ENVIRONMENT")
@click.option("--yes", is_flag=True, help=words.YES)
@click.option("--wait", is_flag=True, help=words.WAIT)
@reaching
async def go_back(reached: Reached, publication: str, *, yes: bool, wait: bool) -> int:
    home, run = await lookups.publication(reached, publication)
    seen = await reached.plane.preview(home.id, instead_of(run))
    ask = run_questions.going_back(home, run, seen, reached.now())
    order = reached.intents.go_on(run.id, HoldDecision.BACK)
    return await _answer(reached, home, run, ask, order, yes=yes, wait=wait)


@click.command("retry", help=words.RETRY)
@click.argument("publication")
@click.option("--yes", is_flag=True, help=words.YES)
@click.option("--wait", is_flag=True, help=words.WAIT)
@reaching
async def retry(reached: Reached, publication: str, *, yes: bool, wait: bool) -> int:
    home, run = await lookups.publication(reached, publication)
    seen = await reached.plane.preview(home.id, rest_of(run))
    ask = run_questions.retrying(home, run, seen, reached.now())
    order = reached.intents.retry(run.id)
    return await _answer(reached, home, run, ask, order, yes=yes, wait=wait)


async def _answer(
    reached: Reached,
    home: Environment,
    before: Publication,
    ask: Ask,
    order: Order[Publication],
    *,
    yes: bool,
    wait: bool,
) -> int:
    if not _agreed(reached, home, ask, yes=yes):
        return REFUSED
    run = await order.send()
    if reached.output.json:
        reached.output.tell(run)
    if not (wait or reached.here):
        return DONE
    return await followed(reached, home, run, held=False, stale=before)


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
    if not is_scheduled(run) or run.scheduled_for is None:
        reached.output.say(_(words.NOT_SCHEDULED), "red")
        return REFUSED
    zone = time_zone or run.time_zone or home.time_zone
    schedule = Schedule(at=moments.moment(at, zone, reached.now()), time_zone=zone)
    request = MoveRequest(expected=run.scheduled_for, schedule=schedule)
    _say_begun(reached, await reached.intents.move(run.id, request).send())
    return DONE
