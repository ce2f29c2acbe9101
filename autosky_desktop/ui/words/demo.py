"""The demo in words: its pace, and its faults."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QLocale

from autosky_desktop.domain.demo import Fault
from autosky_desktop.ui.words.counts import one_or_many
from autosky_desktop.ui.words.language import QT_TRANSLATE_NOOP, translate

TOLD = 120
"""Seconds of life whose length in the demo is told."""
WHOLE = 10
"""From this speed on, nobody asks for the digits behind the point."""

FAULTS: Mapping[Fault, str] = {
    Fault.IMAGE_FAILS: QT_TRANSLATE_NOOP("demo", "Images fail"),
    Fault.IMAGE_STUCK: QT_TRANSLATE_NOOP("demo", "Images get stuck"),
    Fault.UNHEALTHY_INSTANCE: QT_TRANSLATE_NOOP("demo", "A new instance does not become healthy"),
    Fault.START_REFUSED: QT_TRANSLATE_NOOP("demo", "Servers do not start"),
    Fault.PROVIDER_BUSY: QT_TRANSLATE_NOOP("demo", "The provider throttles every request"),
    Fault.NO_ANSWER: QT_TRANSLATE_NOOP("demo", "The cloud does not answer"),
    Fault.SESSIONS_UNREPORTED: QT_TRANSLATE_NOOP("demo", "Instances do not report sessions"),
}


def pace(speed: float) -> Sequence[str]:
    """Say how fast the demo is and what that means, from a whole sentence to the shortest form."""
    if speed == 1:
        return (
            translate("demo", "Demo: everything takes as long as in real life."),
            translate("demo", "As long as in real life"),
        )
    times = QLocale().toString(round(speed)) if speed >= WHOLE else f"{speed:g}"
    meaning = {"n": times, "time": _takes(TOLD / speed)}
    long, short, shortest = (
        translate(
            "demo",
            "Demo, {n} times as fast as real life: 2 minutes pass in {time}. "
            "Times of day are real.",
        ),
        translate("demo", "{n} times as fast: 2 minutes pass in {time}"),
        translate("demo", "{n} times as fast"),
    )
    return tuple(text.format(**meaning) for text in (long, short, shortest))


def what_is_fast() -> str:
    """Say which times the demo shortens, and which it does not."""
    return translate(
        "demo",
        "Servers, images, users and the minutes they are given are that fast. A scheduled "
        "shutdown, a scheduled publication and a deadline come at the time of day they name.",
    )


def fault(word: str) -> str:
    known = FAULTS.get(Fault(word))
    return translate("demo", known) if known else translate("demo", "Others, set by a file")


def faults(words: Iterable[str]) -> str:
    """List the faults that are on: Images fail · Servers do not start."""
    return " · ".join(fault(word) for word in words)


def _takes(seconds: float) -> str:
    if seconds < 1:
        return translate("demo", "less than a second")
    if seconds < TOLD:
        one, many = translate("demo", "{n} second"), translate("demo", "{n} seconds")
        return one_or_many(round(seconds), one, many)
    one, many = translate("demo", "{n} minute"), translate("demo", "{n} minutes")
    return one_or_many(round(seconds / 60), one, many)
