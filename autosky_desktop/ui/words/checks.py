"""The checks before publishing in words: passed, a warning, or a reason to wait and what to do."""

from autosky_desktop.domain.publication import Check
from autosky_desktop.ui.words import states
from autosky_desktop.ui.words.language import QT_TRANSLATE_NOOP, translate
from autosky_desktop.ui.words.scheduling import clock_there, named_here
from autosky_desktop.ui.words.times import about, clock, day_and_month

CHECKS = {
    "preparation-running": QT_TRANSLATE_NOOP("publishing", "Preparation server is running"),
    "preparation-stopped": QT_TRANSLATE_NOOP("publishing", "Preparation server is stopped"),
    "preparation-moving": QT_TRANSLATE_NOOP(
        "publishing", "Preparation server is neither running nor stopped"
    ),
    "no-preparation-server": QT_TRANSLATE_NOOP("publishing", "There is no preparation server"),
    "image-creating": QT_TRANSLATE_NOOP("publishing", "An image is being created"),
    "publication-running": QT_TRANSLATE_NOOP("publishing", "Another publication is running"),
    "no-publication-running": QT_TRANSLATE_NOOP("publishing", "No other publication is running"),
    "shutdown-in-run": QT_TRANSLATE_NOOP("publishing", "Shutdown at {time} falls within this run"),
    "shutdown-before": QT_TRANSLATE_NOOP("publishing", "Shutdown at {time} comes before this run"),
    "schedule-clash": QT_TRANSLATE_NOOP(
        "publishing", "Another publication is planned for {time}{long}"
    ),
    "allowance-none": QT_TRANSLATE_NOOP("publishing", "No reconnection left until {day}"),
    "asked-recently": QT_TRANSLATE_NOOP("publishing", "{users} asked to reconnect at {time}"),
    "image-gone": QT_TRANSLATE_NOOP("publishing", "The image of version {version} is gone"),
    "image-available": QT_TRANSLATE_NOOP(
        "publishing", "The image of version {version} is available"
    ),
    "not-enough-capacity": QT_TRANSLATE_NOOP(
        "publishing", "Nobody new can sign in until a new instance is up"
    ),
    "hold-after-all": QT_TRANSLATE_NOOP(
        "publishing", "The hold comes after all instances: none is left to hold back"
    ),
    "nothing-changed": QT_TRANSLATE_NOOP(
        "publishing", "Nothing has changed since the last version"
    ),
    "deadline-passed": QT_TRANSLATE_NOOP("publishing", "The deadline of {time} has passed"),
    "deadline-too-soon": QT_TRANSLATE_NOOP(
        "publishing", "The deadline of {time} comes before the first instance could be replaced"
    ),
    "deadline-may-be-soon": QT_TRANSLATE_NOOP(
        "publishing",
        "The deadline of {time} may come before the first instance is replaced: "
        "too few publications have shown how long that takes",
    ),
    "schedule-past": QT_TRANSLATE_NOOP("publishing", "{time} has passed"),
}

SOLUTIONS = {
    "preparation-moving": QT_TRANSLATE_NOOP("publishing", "Wait until it runs or is stopped."),
    "no-preparation-server": QT_TRANSLATE_NOOP("publishing", "Ask the provider's support for one."),
    "publication-running": QT_TRANSLATE_NOOP(
        "publishing", "One publication at a time per environment."
    ),
    "allowance-none": QT_TRANSLATE_NOOP(
        "publishing", "Use Keep users connected, which needs no request."
    ),
    "image-gone": QT_TRANSLATE_NOOP("publishing", "Publish another version."),
    "deadline-passed": QT_TRANSLATE_NOOP("publishing", "Choose a later deadline."),
    "deadline-too-soon": QT_TRANSLATE_NOOP("publishing", "Choose a later deadline."),
    "schedule-past": QT_TRANSLATE_NOOP("publishing", "Choose a later time."),
}
"""The advice on each reason to wait."""


TYPED = frozenset(
    (
        "schedule-clash",
        "schedule-past",
        "deadline-passed",
        "deadline-too-soon",
        "deadline-may-be-soon",
    )
)
"""The checks about a time that stands beside them in the zone of the form."""


def check(it: Check, time_zone: str = "") -> str:
    """Say what a check found. `time_zone` is that of the times beside it; without one, times are
    this computer's.
    """
    known = CHECKS.get(it.code)
    if known is None:
        return states.as_received(it.code)
    taking = translate("publishing", ", about {time} long")
    return translate("publishing", known).format(
        time=_time(it, time_zone),
        day=day_and_month(it.at) if it.at else "",
        long=taking.format(time=about(it.seconds)) if it.seconds else "",
        users=_users_were(it.count),
        version=it.version or "",
    )


def reason_to_wait(it: Check, time_zone: str = "") -> str:
    """Say why publishing has to wait and what to do, in a sentence beside the button."""
    solution = SOLUTIONS.get(it.code)
    text = check(it, time_zone) + "."
    return f"{text} {translate('publishing', solution)}" if solution else text


def _users_were(number: int | None) -> str:
    if number is None:
        return translate("publishing", "Users were")
    one, many = translate("publishing", "1 user was"), translate("publishing", "{n} users were")
    return (one if number == 1 else many).format(n=number)


def _time(it: Check, time_zone: str) -> str:
    if it.at is None:
        return ""
    if time_zone and it.code in TYPED:
        return clock_there(it.at, time_zone)
    return named_here(clock(it.at), it.at, time_zone)
