"""The demo in words: its pace, and its faults."""

from collections.abc import Iterable, Mapping, Sequence

from autosky_desktop.domain.demo import Fault
from autosky_desktop.words.counts import decimal, minutes, number
from autosky_desktop.words.language import N_, _, ngettext

TOLD = 120
"""Seconds of life whose length in the demo is told."""
WHOLE = 10
"""From this speed on, nobody asks for the digits behind the point."""

FAULTS: Mapping[Fault, str] = {
    Fault.IMAGE_FAILS: N_("Images fail"),
    Fault.IMAGE_STUCK: N_("Images get stuck"),
    Fault.UNHEALTHY_INSTANCE: N_("A new instance does not become healthy"),
    Fault.START_REFUSED: N_("Servers do not start"),
    Fault.PROVIDER_BUSY: N_("The provider throttles every request"),
    Fault.NO_ANSWER: N_("The cloud does not answer"),
    Fault.SESSIONS_UNREPORTED: N_("Instances do not report sessions"),
}


def pace(speed: float) -> Sequence[str]:
    """Say how fast the demo is and what that means, from a whole sentence to the shortest form."""
    if speed == 1:
        return (
            _("Demo: everything takes as long as in real life."),
            _("As long as in real life"),
        )
    times = number(round(speed)) if speed >= WHOLE else decimal(speed)
    meaning = {"n": times, "time": _takes(TOLD / speed)}
    long, short, shortest = (
        _(
            "Demo, {n} times as fast as real life: 2 minutes pass in {time}. "
            "Times of day are real.",
        ),
        _("{n} times as fast: 2 minutes pass in {time}"),
        _("{n} times as fast"),
    )
    return tuple(text.format(**meaning) for text in (long, short, shortest))


def what_is_fast() -> str:
    """Say which times the demo shortens, and which it does not."""
    return _(
        "Servers, images, users and the minutes they are given are that fast. A scheduled "
        "shutdown, a scheduled publication and a deadline come at the time of day they name.",
    )


def fault(word: str) -> str:
    known = FAULTS.get(Fault(word))
    return _(known) if known else _("Others, set by a file")


def faults(words: Iterable[str]) -> str:
    """List the faults that are on: Images fail · Servers do not start."""
    return " · ".join(fault(word) for word in words)


def _takes(seconds: float) -> str:
    if seconds < 1:
        return _("less than a second")
    if seconds < TOLD:
        n = round(seconds)
        return ngettext("{n} second", "{n} seconds", n).format(n=n)
    return minutes(round(seconds / 60))
