"""The question before publishing, in words: its consequences, sorted by weight."""

from collections.abc import Iterator
from datetime import datetime
from html import escape

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.plan import EditRequest, PublishRequest, Switch
from autosky_desktop.domain.publication import Preview
from autosky_desktop.domain.server import ServerState
from autosky_desktop.words import impact, scheduling
from autosky_desktop.words.consequences import (
    chosen_zone,
    instances,
    reason_to_wait,
    said_on_the_button,
    sessions,
    warnings,
)
from autosky_desktop.words.language import _, ngettext
from autosky_desktop.words.question import Ask, Consequence


def question(
    environment: Environment,
    preview: Preview,
    request: PublishRequest,
    publisher: str,
    now: datetime,
) -> Ask:
    """Word the question, as things stand."""
    button, doing = _button(preview, request, now)
    zone = _zone(environment, request)
    note = _("Publishing as {operator}").format(operator=publisher)
    return Ask(
        _("Confirm publication"),
        _title(environment, preview, request),
        list(_consequences(environment, preview, request, now)),
        button,
        doing,
        note=note,
        hurts=preview.sessions_end > 0,
        later=request.schedule is not None,
        reason=reason_to_wait(zone, preview),
    )


def _zone(environment: Environment, request: PublishRequest) -> str:
    """Return the zone of the times that were chosen; empty without one."""
    if request.schedule:
        return request.schedule.time_zone
    return chosen_zone(environment, request.plan)


def _title(environment: Environment, preview: Preview, request: PublishRequest) -> str:
    text = _("Publish version {version} to {environment}?")
    if request.plan.image_of is not None:
        text = _("Publish version {earlier} to {environment} again?")
    if request.schedule:
        text = _("Schedule a publication to {environment}?")
    if isinstance(request, EditRequest):
        text = _("Change the scheduled publication to {environment}?")
    return text.format(
        version=preview.version, earlier=request.plan.image_of, environment=environment.name
    )


def _button(preview: Preview, request: PublishRequest, now: datetime) -> tuple[str, str]:
    """Return what the button says, and what it says while that is done."""
    doing = _("Publishing…")
    if schedule := request.schedule:
        when = scheduling.when(schedule.at, schedule.time_zone, now)
        text = _("Schedule for {when}")
        if isinstance(request, EditRequest):
            text = _("Change to {when}")
        return text.format(when=when), _("Scheduling…")
    said = said_on_the_button(
        preview,
        request.plan,
        now,
        plain=_("Publish version {version}").format(version=preview.version),
        ends=ngettext(
            "Publish and end {n} session", "Publish and end {n} sessions", preview.sessions_end
        ),
        asks=ngettext(
            "Publish and ask {n} user", "Publish and ask {n} users", preview.sessions_asked
        ),
    )
    return said, doing


def _consequences(
    environment: Environment, preview: Preview, request: PublishRequest, now: datetime
) -> Iterator[Consequence]:
    zone = _zone(environment, request)
    yield sessions(zone, preview, request.plan, now)
    yield instances(preview, request.plan)
    yield from warnings(zone, preview)
    if request.plan.image_of is not None:
        yield _way_back(preview, request)
    else:
        yield _preparation(preview, request)
    if request.plan.switch:
        yield _switch(request.plan.switch, now)
    if request.schedule:
        first, second = scheduling.in_words(request.schedule.at, request.schedule.time_zone, now)
        yield Consequence("clock", "ok", f"<b>{escape(first)}</b>", second)
    if request.schedule or request.plan.switch:
        yield Consequence("info", "warn", escape(scheduling.only_while_open()))


def _switch(switch: Switch, now: datetime) -> Consequence:
    """Say when instances are replaced, and that nobody meets the new version before."""
    text = _("<b>Instances are replaced {when}.</b> Until then everything is only prepared.")
    when = scheduling.when(switch.at, switch.time_zone, now)
    return Consequence("clock", "ok", text.format(when=escape(when)))


def _preparation(preview: Preview, request: PublishRequest) -> Consequence:
    stops = request.plan.options.stop_preparation_server
    running = ServerState(preview.preparation) is ServerState.RUNNING
    text = _("The preparation server keeps running.")
    if ServerState(preview.preparation) is ServerState.STOPPED:
        text = _("The preparation server stays stopped.")
    elif stops:
        text = _("The preparation server is stopped for the image and stays stopped.")
    return Consequence("server", "warn" if stops and running else "ok", text)


def _way_back(preview: Preview, request: PublishRequest) -> Consequence:
    """Say what publishing an earlier version again changes back."""
    text = _("The image of version {earlier} is used again, as version {version}.").format(
        earlier=request.plan.image_of, version=preview.version
    )
    changes = impact.changes(preview)
    return Consequence("undo", "ok", text, escape(changes[1]) if changes else "")
