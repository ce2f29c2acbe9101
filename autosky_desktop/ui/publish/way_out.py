"""The moment to which a shutdown that falls into a publication would have to be moved."""

from datetime import datetime, timedelta

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.extending import QUARTER, latest, rounded_up
from autosky_desktop.domain.publication import Preview

ROOM = timedelta(minutes=10)
"""Between the end that is expected and the shutdown."""
UNKNOWN_LENGTH = timedelta(hours=1)


def way_out(
    preview: Preview, environment: Environment | None, at: datetime | None, *, now: datetime
) -> datetime | None:
    """Return a moment behind the publication, which begins `at` or now; None when the shutdown
    cannot be moved so far.
    """
    if environment is None:
        return None
    expected = preview.expected_high_seconds or preview.expected_seconds
    length = UNKNOWN_LENGTH if expected is None else timedelta(seconds=expected)
    wanted = rounded_up((at or now) + length + ROOM, QUARTER)
    return wanted if wanted <= latest(environment, now=now) else None
