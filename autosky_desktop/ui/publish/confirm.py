"""The question before publishing, in words: its consequences, sorted by weight."""

from collections.abc import Iterator
from datetime import datetime
from html import escape

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.plan import Deadline, EditRequest, Model, PublishRequest
from autosky_desktop.domain.publication import Preview
from autosky_desktop.domain.reasons import CheckCode, CheckLevel
from autosky_desktop.domain.server import ServerState
from autosky_desktop.ui.question import Ask, Consequence
from autosky_desktop.ui.words import checks, counts, impact, scheduling
from autosky_desktop.ui.words.language import translate

QUIET = (CheckCode.PUBLICATION_RUNNING,)
"""Warnings that say nothing here which the consequences do not."""


def question(
    environment: Environment,
    preview: Preview,
    request: PublishRequest,
    publisher: str,
    now: datetime,
) -> Ask:
    """What is asked, as things stand."""
    waits = [it for it in preview.checks if it.level == CheckLevel.WAIT]
    button, doing = _button(preview, request, now)
    note = translate("publish", "Publishing as {operator}").format(operator=publisher)
    return Ask(
        translate("publish", "Confirm publication"),
        _title(environment, preview, request),
        list(_consequences(environment, preview, request, now)),
        button,
        doing,
        note=note,
        hurts=preview.sessions_end > 0,
        later=request.schedule is not None,
        reason=checks.reason_to_wait(waits[0], environment.time_zone) if waits else "",
    )


def _title(environment: Environment, preview: Preview, request: PublishRequest) -> str:
    text = translate("publish", "Publish version {version} to {environment}?")
    if request.plan.image_of is not None:
        text = translate("publish", "Publish version {earlier} to {environment} again?")
    if request.schedule:
        text = translate("publish", "Schedule a publication to {environment}?")
    if isinstance(request, EditRequest):
        text = translate("publish", "Change the scheduled publication to {environment}?")
    return text.format(
        version=preview.version, earlier=request.plan.image_of, environment=environment.name
    )


def _button(preview: Preview, request: PublishRequest, now: datetime) -> tuple[str, str]:
    """What it says, and while it is done."""
    doing = translate("publish", "Publishing…")
    if schedule := request.schedule:
        when = scheduling.when(schedule.at, schedule.time_zone, now)
        text = translate("publish", "Schedule for {when}")
        if isinstance(request, EditRequest):
            text = translate("publish", "Change to {when}")
        return text.format(when=when), translate("publish", "Scheduling…")
    if preview.sessions_end:
        text = translate("publish", "Publish and end {sessions}")
        return text.format(sessions=counts.sessions(preview.sessions_end)), doing
    if preview.sessions_asked and request.plan.reconnection:
        text = translate("publish", "Publish and ask {users}")
        return text.format(users=counts.users(preview.sessions_asked)), doing
    text = translate("publish", "Publish version {version}")
    return text.format(version=preview.version), doing


def _consequences(
    environment: Environment, preview: Preview, request: PublishRequest, now: datetime
) -> Iterator[Consequence]:
    yield _sessions(environment, preview, request, now)
    yield _instances(preview, request)
    for it in preview.checks:
        if it.level == CheckLevel.WARN and it.code not in QUIET:
            yield Consequence(
                "alert-triangle", "warn", escape(checks.check(it, environment.time_zone)) + "."
            )
    if request.plan.image_of is not None:
        yield _way_back(preview, request)
    else:
        yield _preparation(preview, request)
    if request.schedule:
        first, second = scheduling.in_words(request.schedule.at, request.schedule.time_zone, now)
        yield Consequence("clock", "ok", f"<b>{escape(first)}</b>", second)
        yield Consequence("info", "warn", escape(scheduling.only_while_open()))


def _sessions(
    environment: Environment, preview: Preview, request: PublishRequest, now: datetime
) -> Consequence:
    if preview.sessions_end:
        return _ends(preview, request)
    if preview.sessions_asked and request.plan.reconnection:
        one, many = (
            translate("publish", "<b>{n} user is asked to reconnect</b> and disconnected"),
            translate("publish", "<b>{n} users are asked to reconnect</b> and disconnected"),
        )
        later = translate("publish", "{n} min later.").format(n=request.plan.reconnection.minutes)
        text = f"{counts.one_or_many(preview.sessions_asked, one, many)} {later}"
        uses = impact.uses(preview.allowance) if preview.allowance else ""
        return Consequence("users", "warn", text, uses)
    if not preview.sessions_stay:
        return Consequence("users", "ok", translate("publish", "No session is open."))
    one, many = (
        translate("publish", "<b>{n} session</b> stays until its user signs out."),
        translate("publish", "<b>{n} sessions</b> stay until users sign out."),
    )
    after = translate("publish", "The publication ends when the last of them has signed out.")
    if request.plan.model == Model.KEEP:
        after = translate("publish", "The old and new versions run side by side until then.")
    if request.plan.deadline:
        after = _at_the_deadline(environment, request.plan.deadline, now)
    text = counts.one_or_many(preview.sessions_stay, one, many)
    tone = "warn" if request.plan.deadline else "ok"
    return Consequence("users", tone, text, escape(after))


def _at_the_deadline(environment: Environment, deadline: Deadline, now: datetime) -> str:
    one, many = (
        translate(
            "publish",
            "Whoever is left {when} is asked to reconnect and disconnected 1 minute later; "
            "unsaved work is lost. That uses one of the month's requests.",
        ),
        translate(
            "publish",
            "Whoever is left {when} is asked to reconnect and disconnected {n} minutes later; "
            "unsaved work is lost. That uses one of the month's requests.",
        ),
    )
    minutes = deadline.reconnection.minutes
    when = scheduling.when(deadline.at, environment.time_zone, now)
    return (one if minutes == 1 else many).format(when=when, n=minutes)


def _ends(preview: Preview, request: PublishRequest) -> Consequence:
    one, many = (
        translate("publish", "<b>{n} session ends at once.</b>"),
        translate("publish", "<b>{n} sessions end at once.</b>"),
    )
    if request.plan.model == Model.STANDARD:
        one, many = (
            translate("publish", "<b>{n} session is disconnected</b> when its turn comes."),
            translate("publish", "<b>{n} sessions are disconnected</b> batch by batch."),
        )
    lost = translate("publish", "Unsaved work is lost and users get no warning.")
    text = f"{counts.one_or_many(preview.sessions_end, one, many)} {lost}"
    gentler = translate("publish", "To warn them first, go back and use Request user reconnection.")
    if preview.allowance:
        gentler = translate(
            "publish",
            "To warn them first, go back and use Request user reconnection "
            "({left} of {limit} left).",
        ).format(left=preview.allowance.left, limit=preview.allowance.limit)
    return Consequence("users", "bad", text, gentler)


def _instances(preview: Preview, request: PublishRequest) -> Consequence:
    if preview.instances == 0:
        return Consequence("layers", "ok", translate("publish", "No instance is running."))
    _number, how = impact.instances(preview, request.plan)
    one, many = (
        translate("publish", "{n} instance is {how}."),
        translate("publish", "{n} instances are {how}."),
    )
    text = (one if preview.instances == 1 else many).format(n=preview.instances, how=how)
    after = ""
    if held := impact.hold(request.plan.hold):
        when, how = held[0], held[1].removeprefix(",")
        after = translate("publish", "{when} it waits{how}.").format(when=when, how=how)
    return Consequence("layers", "warn", text, after)


def _preparation(preview: Preview, request: PublishRequest) -> Consequence:
    stops = request.plan.options.stop_preparation_server
    running = ServerState(preview.preparation) is ServerState.RUNNING
    touched = impact.preparation(preview, request.plan)
    return Consequence(
        "server",
        "warn" if stops and running else "ok",
        translate("publish", "Preparation server: {text}.").format(
            text=touched[:1].lower() + touched[1:]
        ),
    )


def _way_back(preview: Preview, request: PublishRequest) -> Consequence:
    """What publishing an earlier version again changes back."""
    text = translate(
        "publish", "The image of version {earlier} is used again, as version {version}."
    ).format(earlier=request.plan.image_of, version=preview.version)
    changes = impact.changes(preview)
    return Consequence("undo", "ok", text, escape(changes[1]) if changes else "")
