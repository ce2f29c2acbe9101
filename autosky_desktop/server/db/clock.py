"""The one clock of the control plane; whoever needs the time is handed a `Now`."""

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)
