"""The consequences for sessions and instances, and what is to be minded: one wording for each
question that begins a publication or lets one go on.
"""

from collections.abc import Iterator
from datetime import datetime
from html import escape

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.plan import Deadline, Model, Plan, Reconnection
from autosky_desktop.domain.publication import Preview
from autosky_desktop.domain.reasons import CheckCode, CheckLevel
from autosky_desktop.words import checks, impact, scheduling
from autosky_desktop.words.language import _, ngettext
from autosky_desktop.words.question import Consequence

QUIET = (CheckCode.PUBLICATION_RUNNING,)
"""Warnings that say nothing here which the consequences do not."""


def chosen_zone(environment: Environment, plan: Plan) -> str:
    """Return the zone of the times that were chosen in a plan; empty without one."""
    if plan.switch:
        return plan.switch.time_zone
    return environment.time_zone if plan.deadline else ""


def sessions(
    time_zone: str, preview: Preview, plan: Plan, now: datetime, *, rest: bool = False
) -> Consequence:
    """Say what becomes of sessions.

    `time_zone` is that of the times that were chosen; `rest`: of what a publication that had begun
    has left to do.
    """
    if preview.sessions_end:
        return _ends(preview, plan, rest=rest)
    if preview.sessions_asked and (asked := _asked_at_once(plan, now)):
        number = preview.sessions_asked
        text = ngettext(
            "<b>{n} user is asked to reconnect</b> and disconnected {minutes} min later.",
            "<b>{n} users are asked to reconnect</b> and disconnected {minutes} min later.",
            number,
        ).format(n=number, minutes=asked.minutes)
        uses = impact.uses(preview.allowance) if preview.allowance else ""
        return Consequence("users", "warn", text, uses)
    if not preview.sessions_stay:
        nobody = _("No session is open.")
        if rest:
            nobody = _("No session is open on what is still to be replaced.")
        return Consequence("users", "ok", nobody)
    staying = preview.sessions_stay
    text = ngettext(
        "<b>{n} session</b> stays until its user signs out.",
        "<b>{n} sessions</b> stay until users sign out.",
        staying,
    ).format(n=staying)
    after = _("The publication ends when the last of them has signed out.")
    if plan.model == Model.KEEP:
        after = _("The old and new versions run side by side until then.")
    if plan.deadline:
        after = _at_the_deadline(time_zone, plan.deadline, now)
        uses = _("That uses one of the month's requests.")
        after = f"{after} {uses}" if preview.allowance else after
    tone = "warn" if plan.deadline else "ok"
    return Consequence("users", tone, text, escape(after))


def _at_the_deadline(time_zone: str, deadline: Deadline, now: datetime) -> str:
    minutes = deadline.reconnection.minutes
    when = scheduling.when(deadline.at, time_zone, now)
    return (
        ngettext(
            "Whoever is left {when} is asked to reconnect and disconnected {n} minute later; "
            "unsaved work is lost.",
            "Whoever is left {when} is asked to reconnect and disconnected {n} minutes later; "
            "unsaved work is lost.",
            minutes,
        )
    ).format(when=when, n=minutes)


def _asked_at_once(plan: Plan, now: datetime) -> Reconnection | None:
    """Return what users are asked with at once: a hold may have outlasted the deadline."""
    if plan.deadline and plan.deadline.at <= now:
        return plan.deadline.reconnection
    return plan.reconnection


def _ends(preview: Preview, plan: Plan, *, rest: bool) -> Consequence:
    ending = preview.sessions_end
    said = ngettext("<b>{n} session ends at once.</b>", "<b>{n} sessions end at once.</b>", ending)
    if plan.model == Model.STANDARD:
        said = ngettext(
            "<b>{n} session is disconnected</b> when its turn comes.",
            "<b>{n} sessions are disconnected</b> batch by batch.",
            ending,
        )
    lost = _("Unsaved work is lost and users get no warning.")
    text = f"{said.format(n=ending)} {lost}"
    if rest:
        return Consequence("users", "bad", text)
    gentler = _("To warn them first, go back and use Request user reconnection.")
    if preview.allowance:
        gentler = _(
            "To warn them first, go back and use Request user reconnection "
            "({left} of {limit} left).",
        ).format(left=preview.allowance.left, limit=preview.allowance.limit)
    return Consequence("users", "bad", text, gentler)


def instances(preview: Preview, plan: Plan, *, rest: bool = False) -> Consequence:
    starts = ngettext("{n} instance starts.", "{n} instances start.", preview.instances_added)
    starts = starts.format(n=preview.instances_added) if preview.instances_added else ""
    if preview.instances == 0 and starts:
        return Consequence("layers", "ok", starts)
    if preview.instances == 0:
        none = _("No instance is running.")
        if rest:
            none = _("No instance is left to be replaced.")
        return Consequence("layers", "ok", none)
    text = _are_replaced(preview, plan)
    after = impact.held(plan.hold) if plan.hold else ""
    return Consequence("layers", "warn", f"{text} {starts}".rstrip(), after)


def _are_replaced(preview: Preview, plan: Plan) -> str:
    number, minutes = preview.instances, 0
    text = ngettext(
        "{n} instance is replaced.", "{n} instances are replaced one after another.", number
    )
    if plan.model == Model.STANDARD:
        text = ngettext(
            "{n} instance is replaced.", "{n} instances are replaced in batches.", number
        )
    if plan.model == Model.KEEP:
        text = ngettext(
            "{n} instance is replaced when it is empty.",
            "{n} instances are replaced as they become empty.",
            number,
        )
    if plan.model == Model.RECONNECT and plan.reconnection:
        minutes = plan.reconnection.minutes
        text = ngettext(
            "{n} instance is replaced, after {minutes} min if it has users.",
            "{n} instances are replaced, those with users after {minutes} min.",
            number,
        )
    return text.format(n=number, minutes=minutes)


def warnings(time_zone: str, preview: Preview) -> Iterator[Consequence]:
    for it in preview.checks:
        if it.level == CheckLevel.WARN and it.code not in QUIET:
            text = checks.check(it, time_zone, preview.checked_at)
            yield Consequence("alert-triangle", "warn", escape(text) + ".")


def reason_to_wait(time_zone: str, preview: Preview) -> str:
    """Say the first reason to wait, with what to do about it; empty when nothing is in the way."""
    waits = (it for it in preview.checks if it.level == CheckLevel.WAIT)
    first = next(waits, None)
    return checks.reason_to_wait(first, time_zone, preview.checked_at) if first else ""


def said_on_the_button(
    preview: Preview, plan: Plan, now: datetime, *, plain: str, ends: str, asks: str
) -> str:
    """Return the words on the button: `plain` ones where nobody is disconnected or asked.

    `ends`: the words when {n} sessions end; `asks`: when {n} users are asked to reconnect.
    """
    if preview.sessions_end:
        return ends.format(n=preview.sessions_end)
    if preview.sessions_asked and _asked_at_once(plan, now):
        return asks.format(n=preview.sessions_asked)
    return plain
