"""The impact of a publication in words: a number that matters, and what happens to it."""

from datetime import datetime

from PySide6.QtCore import QLocale

from autosky_desktop.domain.plan import Hold, Model, Plan
from autosky_desktop.domain.publication import Allowance, Preview
from autosky_desktop.domain.server import ServerState
from autosky_desktop.ui.words import counts
from autosky_desktop.ui.words.language import translate
from autosky_desktop.ui.words.scheduling import in_zone, when
from autosky_desktop.ui.words.times import about, about_from_to

Fact = tuple[str, str]
"""A line of the preview: what stands in bold, and the rest."""


def sessions(preview: Preview, plan: Plan, time_zone: str, now: datetime) -> Fact:
    if preview.sessions_asked and plan.reconnection:
        text = translate("impact", "asked to reconnect, with {n} min to do so")
        return str(preview.sessions_asked), text.format(n=plan.reconnection.minutes)
    if preview.sessions_end:
        text = translate("impact", "end at once")
        if preview.sessions_end == 1:
            text = translate("impact", "ends at once")
        if plan.model == Model.STANDARD:
            text = translate("impact", "disconnected batch by batch")
            if preview.sessions_end == 1:
                text = translate("impact", "disconnected when its turn comes")
        return str(preview.sessions_end), text
    if not preview.sessions_stay:
        return translate("impact", "None"), translate("impact", "open")
    one = preview.sessions_stay == 1
    text = translate("impact", "stay until users sign out")
    if one:
        text = translate("impact", "stays until its user signs out")
    if plan.deadline:
        single, many = (
            translate(
                "impact",
                "stays; if still open {when}, its user is asked to reconnect and disconnected",
            ),
            translate(
                "impact", "stay; whoever is left {when} is asked to reconnect and disconnected"
            ),
        )
        text = (single if one else many).format(when=when(plan.deadline.at, time_zone, now))
    return str(preview.sessions_stay), text


def keeps(deadline: datetime | None, minutes: int | None, time_zone: str, now: datetime) -> str:
    """Say what Keep users connected does to people. `minutes` None: no deadline is asked for."""
    if minutes is None:
        return translate(
            "impact", "Nobody is disconnected. Sessions stay on their version until users sign out."
        )
    if deadline is None:
        return translate("impact", "Nobody is disconnected before the deadline.")
    limit = when(deadline, time_zone, now)
    one, many = (
        translate(
            "impact",
            "Nobody is disconnected before {when}. Whoever is still on the old version then is "
            "asked to reconnect, and disconnected 1 minute later.",
        ),
        translate(
            "impact",
            "Nobody is disconnected before {when}. Whoever is still on the old version then is "
            "asked to reconnect, and disconnected {n} minutes later.",
        ),
    )
    return (one if minutes == 1 else many).format(when=limit, n=minutes)


def instances(preview: Preview, plan: Plan) -> Fact:
    if preview.instances == 0:
        return translate("impact", "None"), translate("impact", "running")
    text = translate("impact", "replaced one after another")
    if preview.instances == 1:
        text = translate("impact", "replaced")
    if plan.model == Model.STANDARD and preview.instances != 1:
        text = translate("impact", "replaced in batches")
    if plan.model == Model.KEEP:
        one, many = (
            translate("impact", "replaced when it is empty"),
            translate("impact", "replaced as they become empty"),
        )
        text = one if preview.instances == 1 else many
    if plan.model == Model.RECONNECT and plan.reconnection:
        text = translate("impact", "replaced, those with users after {n} min").format(
            n=plan.reconnection.minutes
        )
    return str(preview.instances), text


def hold(chosen: Hold | None) -> Fact | None:
    """Say when the publication is held: after 1 instance, until Go on; None without a hold."""
    if chosen is None:
        return None
    if chosen.share:
        first = translate("impact", "After {n}%").format(n=chosen.share)
    elif chosen.first == 1:
        first = translate("impact", "After 1 instance")
    else:
        first = translate("impact", "After {n} instances").format(n=chosen.first)
    if chosen.bake_seconds is None:
        return first, translate("impact", ", until somebody presses Go on")
    text = translate("impact", ", for {time}")
    return first, text.format(time=about(chosen.bake_seconds))


def capacity(preview: Preview) -> Fact | None:
    """Say how many instances take new sessions meanwhile; None when that is not known."""
    if preview.capacity_left is None or not preview.instances:
        return None
    left = preview.capacity_left
    if not left:
        text = translate("impact", "takes new sessions meanwhile")
        return translate("impact", "No instance"), text
    known = translate("impact", "At least {left} of {all}")
    one, many = (
        translate("impact", "takes new sessions meanwhile"),
        translate("impact", "take new sessions meanwhile"),
    )
    text = one if left == 1 else many
    return known.format(left=left, all=preview.instances), text


def version(preview: Preview, plan: Plan) -> Fact:
    number = str(preview.version)
    rest = []
    if plan.image_of is not None:
        rest.append(translate("impact", "({n} again)").format(n=plan.image_of))
    if preview.replaces is not None:
        rest.append(translate("impact", "replaces {n}").format(n=preview.replaces))
    return number, " ".join(rest)


def preparation(preview: Preview, plan: Plan) -> str:
    if plan.image_of is not None:
        return translate("impact", "Not touched")
    if ServerState(preview.preparation) is ServerState.STOPPED:
        return translate("impact", "Stays stopped")
    if plan.options.stop_preparation_server:
        return translate("impact", "Is stopped for the image and stays stopped")
    return translate("impact", "Keeps running")


def duration(preview: Preview) -> Fact:
    """Say how long the publication will take, and how we know."""
    usual = preview.expected_seconds
    if usual is None:
        return "", translate("impact", "Known after three runs like it")
    low, high = preview.expected_low_seconds, preview.expected_high_seconds
    text = about(usual) if low is None or high is None else about_from_to(low, high)
    known = translate("impact", "About {time}").format(time=text)
    return known, translate("impact", ", like the last {n}").format(n=preview.runs)


def changes(preview: Preview) -> Fact | None:
    """Say what differs from the version users are on; None when no differences were reported."""
    if not preview.changes:
        return None
    parts = []
    for it in preview.changes:
        before, after = it.before or "–", it.after or "–"
        parts.append(f"{it.what.replace('-', ' ')} {before} → {after}")
    return "", ", ".join(parts)


def resets(allowance: Allowance, time_zone: str) -> str:
    """Say when the allowance is full again: Resets on 1 December."""
    day = in_zone(allowance.resets_at, time_zone)
    month = QLocale().monthName(day.month, QLocale.FormatType.LongFormat)
    return translate("impact", "Resets on {day} {month}").format(day=day.day, month=month)


def uses(allowance: Allowance) -> str:
    """Say beside the button what it uses up: Uses 1 of the 2 left. Empty when there is nothing to
    use.
    """
    if not allowance.left:
        return ""
    return counts.one_or_many(
        allowance.left,
        translate("impact", "Uses the last one left this month."),
        translate("impact", "Uses 1 of the {n} left."),
    )
