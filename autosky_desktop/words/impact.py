"""The impact of a publication in words: a number that matters, and what happens to it."""

from datetime import datetime

from autosky_desktop.domain.plan import Hold, Model, Plan
from autosky_desktop.domain.publication import Allowance, Preview
from autosky_desktop.domain.server import ServerState
from autosky_desktop.words import counts, names
from autosky_desktop.words.language import N_, _, ngettext, pgettext
from autosky_desktop.words.scheduling import in_zone, when
from autosky_desktop.words.times import about, about_from_to, date_without_year

CHANGED = {"platform-version": N_("platform version {before} → {after}")}
"""The changes from one version to the next, in words."""

Fact = tuple[str, str]
"""A line of the preview: what stands in bold, and the rest."""


def sessions(preview: Preview, plan: Plan, time_zone: str, now: datetime) -> Fact:
    if preview.sessions_asked and plan.reconnection:
        text = _("asked to reconnect, with {n} min to do so")
        return str(preview.sessions_asked), text.format(n=plan.reconnection.minutes)
    if preview.sessions_end:
        ending = preview.sessions_end
        text = ngettext("ends at once", "end at once", ending)
        if plan.model == Model.STANDARD:
            text = ngettext(
                "disconnected when its turn comes", "disconnected batch by batch", ending
            )
        return str(ending), text
    staying = preview.sessions_stay
    if not staying:
        return pgettext("sessions", "None"), _("open")
    text = ngettext("stays until its user signs out", "stay until users sign out", staying)
    if plan.deadline:
        text = ngettext(
            "stays; if still open {when}, its user is asked to reconnect and disconnected",
            "stay; whoever is left {when} is asked to reconnect and disconnected",
            staying,
        ).format(when=when(plan.deadline.at, time_zone, now))
    return str(staying), text


def keeps(deadline: datetime | None, minutes: int | None, time_zone: str, now: datetime) -> str:
    """Say what Keep users connected does to people. `minutes` None: no deadline is asked for."""
    if minutes is None:
        return _("Nobody is disconnected. Sessions stay on their version until users sign out.")
    if deadline is None:
        return _("Nobody is disconnected before the deadline.")
    limit = when(deadline, time_zone, now)
    return ngettext(
        "Nobody is disconnected before {when}. Whoever is still on the old version then is "
        "asked to reconnect, and disconnected {n} minute later.",
        "Nobody is disconnected before {when}. Whoever is still on the old version then is "
        "asked to reconnect, and disconnected {n} minutes later.",
        minutes,
    ).format(when=limit, n=minutes)


def instances(preview: Preview, plan: Plan) -> Fact:
    added = preview.instances_added
    if preview.instances == 0 and added:
        return str(added), ngettext("starts", "start", added)
    if preview.instances == 0:
        return pgettext("instances", "None"), _("running")
    how = _replaced(preview, plan)
    if added:
        more = ngettext("{how}, and {n} more starts", "{how}, and {n} more start", added)
        how = more.format(how=how, n=added)
    return str(preview.instances), how


def switch(plan: Plan, now: datetime) -> Fact | None:
    """Say when instances are replaced; None: as soon as all is prepared."""
    if plan.switch is None:
        return None
    return when(plan.switch.at, plan.switch.time_zone, now), _("and not before")


def _replaced(preview: Preview, plan: Plan) -> str:
    """Say how the instances that are there are replaced."""
    text = _("replaced one after another")
    if preview.instances == 1:
        text = _("replaced")
    if plan.model == Model.STANDARD and preview.instances != 1:
        text = _("replaced in batches")
    if plan.model == Model.KEEP:
        text = ngettext(
            "replaced when it is empty", "replaced as they become empty", preview.instances
        )
    if plan.model == Model.RECONNECT and plan.reconnection:
        text = ngettext(
            "replaced, after {minutes} min if it has users",
            "replaced, those with users after {minutes} min",
            preview.instances,
        ).format(minutes=plan.reconnection.minutes)
    return text


def hold(chosen: Hold | None) -> Fact | None:
    """Say when the publication is held: after 1 instance, until Go on; None without a hold."""
    if chosen is None:
        return None
    if chosen.named:
        first = _("After {names}").format(names=names.several(chosen.named))
    elif chosen.share:
        first = _("After {n}%").format(n=chosen.share)
    else:
        number = chosen.first or 1
        first = ngettext("After {n} instance", "After {n} instances", number).format(n=number)
    if chosen.bake_seconds is None:
        return first, _(", until somebody presses Go on")
    text = _(", for {time}")
    return first, text.format(time=about(chosen.bake_seconds))


def held(chosen: Hold) -> str:
    """Say in a sentence when the publication is held, and until when."""
    time = "" if chosen.bake_seconds is None else about(chosen.bake_seconds)
    if chosen.named:
        text = _("After {names} it waits until somebody presses Go on.")
        if time:
            text = _("After {names} it waits for {time}.")
        return text.format(names=names.several(chosen.named), time=time)
    if chosen.share:
        text = _("After {share} of the instances it waits until somebody presses Go on.")
        if time:
            text = _("After {share} of the instances it waits for {time}.")
        return text.format(share=counts.percent(chosen.share), time=time)
    number = chosen.first or 1
    text = ngettext(
        "After {n} instance it waits until somebody presses Go on.",
        "After {n} instances it waits until somebody presses Go on.",
        number,
    )
    if time:
        text = ngettext(
            "After {n} instance it waits for {time}.",
            "After {n} instances it waits for {time}.",
            number,
        )
    return text.format(n=number, time=time)


def capacity(preview: Preview) -> Fact | None:
    """Say how many instances take new sessions meanwhile; None when that is not known."""
    if preview.capacity_left is None or not preview.instances:
        return None
    left = preview.capacity_left
    if not left:
        text = _("takes new sessions meanwhile")
        return _("No instance"), text
    known = _("At least {left} of {all}")
    text = ngettext("takes new sessions meanwhile", "take new sessions meanwhile", left)
    return known.format(left=left, all=preview.instances), text


def version(preview: Preview, plan: Plan) -> Fact:
    number = str(preview.version)
    rest = []
    if plan.image_of is not None:
        rest.append(_("({n} again)").format(n=plan.image_of))
    if preview.replaces is not None:
        rest.append(_("replaces {n}").format(n=preview.replaces))
    return number, " ".join(rest)


def preparation(preview: Preview, plan: Plan) -> str:
    if plan.image_of is not None:
        return _("Not touched")
    if ServerState(preview.preparation) is ServerState.STOPPED:
        return _("Stays stopped")
    if plan.options.stop_preparation_server:
        return _("Is stopped for the image and stays stopped")
    return _("Keeps running")


def duration(preview: Preview) -> Fact:
    """Say how long the publication will take, and how we know."""
    usual = preview.expected_seconds
    if usual is None:
        return "", _("Known after three runs like it")
    low, high = preview.expected_low_seconds, preview.expected_high_seconds
    text = about(usual) if low is None or high is None else about_from_to(low, high)
    known = _("About {time}").format(time=text)
    return known, _(", like the last {n}").format(n=preview.runs)


def changes(preview: Preview) -> Fact | None:
    """Say what differs from the version users are on; None when no differences were reported."""
    if not preview.changes:
        return None
    parts = []
    for it in preview.changes:
        before, after = it.before or "–", it.after or "–"
        text = _(CHANGED.get(it.what, "{what} {before} → {after}"))
        parts.append(text.format(what=it.what.replace("-", " "), before=before, after=after))
    return "", ", ".join(parts)


def resets(allowance: Allowance, time_zone: str) -> str:
    """Say when the allowance is full again: Resets on 1 December."""
    day = in_zone(allowance.resets_at, time_zone)
    return _("Resets on {day}").format(day=date_without_year(day))


def uses(allowance: Allowance) -> str:
    """Say beside the button what it uses up: Uses 1 of the 2 left. Empty when there is nothing to
    use.
    """
    if not allowance.left:
        return ""
    if allowance.left == 1:
        return _("Uses the last one left this month.")
    return _("Uses 1 of the {n} left.").format(n=allowance.left)


def in_short(preview: Preview) -> tuple[str, str]:
    """Say in few words, as HTML, how many instances and how many people are touched."""
    end, stay, asked = preview.sessions_end, preview.sessions_stay, preview.sessions_asked
    people = _("no session open")
    if asked:
        people = ngettext("<b>{n}</b> user asked", "<b>{n}</b> users asked", asked)
    elif end:
        people = ngettext("<b>{n}</b> session ends", "<b>{n}</b> sessions end", end)
    elif stay:
        people = ngettext("<b>{n}</b> session stays", "<b>{n}</b> sessions stay", stay)
    number = preview.instances
    instances = ngettext("<b>{n}</b> instance", "<b>{n}</b> instances", number)
    if not number and preview.instances_added:
        number = preview.instances_added
        instances = ngettext("<b>{n}</b> instance starts", "<b>{n}</b> instances start", number)
    return instances.format(n=number), people.format(n=asked or end or stay)
