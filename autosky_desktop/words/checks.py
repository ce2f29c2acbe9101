"""The checks before publishing in words: passed, a warning, or a reason to wait and what to do."""

from datetime import datetime

from autosky_desktop.domain.publication import Check
from autosky_desktop.domain.reasons import CheckCode
from autosky_desktop.words import names, states
from autosky_desktop.words.language import N_, _, ngettext
from autosky_desktop.words.scheduling import clock_or_day_there, named_here
from autosky_desktop.words.times import about, clock_or_moment, day_and_month

CHECKS = {
    "preparation-running": N_("Preparation server is running"),
    "preparation-stopped": N_("Preparation server is stopped"),
    "preparation-moving": N_("Preparation server is neither running nor stopped"),
    "no-preparation-server": N_("There is no preparation server"),
    "image-creating": N_("An image is being created"),
    "publication-running": N_("Another publication is running"),
    "no-publication-running": N_("No other publication is running"),
    "shutdown-in-run": N_("Shutdown at {time} falls within this run"),
    "shutdown-before": N_("Shutdown at {time} comes before this run"),
    "schedule-clash": N_("Another publication is planned for {time}"),
    "allowance-none": N_("No reconnection left until {day}"),
    "asked-recently": N_("Users were asked to reconnect at {time}"),
    "image-gone": N_("The image of version {version} is gone"),
    "image-available": N_("The image of version {version} is available"),
    "not-enough-capacity": N_("Nobody new can sign in until a new instance is up"),
    "hold-after-all": N_("The hold comes after all instances: none is left to hold back"),
    "first-gone": N_("{gone}"),
    "nothing-changed": N_("Nothing has changed since the last version"),
    "deadline-passed": N_("The deadline of {time} has passed"),
    "deadline-too-soon": N_(
        "The deadline of {time} comes before the first instance could be replaced"
    ),
    "deadline-may-be-soon": N_(
        "The deadline of {time} may come before the first instance is replaced: "
        "too few publications have shown how long that takes",
    ),
    "schedule-past": N_("{time} has passed"),
    "switch-passed": N_("{time}, when instances are to be replaced, is not after the start"),
    "switch-may-be-soon": N_("The image may not be ready by {time}, when instances are replaced"),
}

SOLUTIONS = {
    "preparation-moving": N_("Wait until it runs or is stopped."),
    "no-preparation-server": N_("Ask the provider's support for one."),
    "publication-running": N_("One publication at a time per environment."),
    "allowance-none": N_("Use Keep users connected, which needs no request."),
    "image-gone": N_("Publish another version."),
    "deadline-passed": N_("Choose a later deadline."),
    "deadline-too-soon": N_("Choose a later deadline."),
    "schedule-past": N_("Choose a later time."),
    "switch-passed": N_("Choose a later time."),
}
"""The advice on each reason to wait."""


IN_THE_FORMS_ZONE = frozenset(
    (
        "schedule-clash",
        "schedule-past",
        "deadline-passed",
        "deadline-too-soon",
        "deadline-may-be-soon",
        "switch-passed",
        "switch-may-be-soon",
    )
)
"""The checks about a time that stands beside them in the zone of the form."""


def check(it: Check, time_zone: str = "", now: datetime | None = None) -> str:
    """Say what a check found. `time_zone` is that of the times beside it; without one, times are
    this computer's. They have their day, unless that is the one of `now`.
    """
    if it.code not in CHECKS:
        return states.as_received(it.code)
    return _text(it).format(
        time=_time(it, time_zone, now),
        day=day_and_month(it.at) if it.at else "",
        long=about(it.seconds) if it.seconds else "",
        n=it.count,
        version=it.version or "",
        gone=_gone(it),
    )


def _text(it: Check) -> str:
    code = CheckCode(it.code)
    if code is CheckCode.SCHEDULE_CLASH and it.seconds:
        return _("Another publication is planned for {time}, about {long} long")
    if code is CheckCode.ASKED_RECENTLY and it.count is not None:
        return ngettext(
            "{n} user was asked to reconnect at {time}",
            "{n} users were asked to reconnect at {time}",
            it.count,
        )
    return _(CHECKS[it.code])


def reason_to_wait(it: Check, time_zone: str = "", now: datetime | None = None) -> str:
    """Say why publishing has to wait and what to do, in a sentence beside the button. The rest is
    as in `check`.
    """
    solution = SOLUTIONS.get(it.code)
    text = check(it, time_zone, now) + "."
    return f"{text} {_(solution)}" if solution else text


def _gone(it: Check) -> str:
    """Say who was to go first and is not there."""
    if not it.name:
        return ""
    text = ngettext(
        "{names} is to be replaced first and is not there now",
        "{names} are to be replaced first and are not there now",
        it.count or 1,
    )
    return text.format(names=names.several([it.name], it.count or 1))


def _time(it: Check, time_zone: str, now: datetime | None) -> str:
    if it.at is None:
        return ""
    if time_zone and it.code in IN_THE_FORMS_ZONE:
        return clock_or_day_there(it.at, time_zone, now)
    return named_here(clock_or_moment(it.at, now=now), it.at, time_zone)
