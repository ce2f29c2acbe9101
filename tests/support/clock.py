"""A clock for the cloud that a test can hold, so that the state the cloud is in does not pass."""

from datetime import datetime, timedelta

from autosky_desktop.server.db.clock import now


class HeldClock:
    """A clock that goes as the right time does, but stands still from `hold` to `go_on`."""

    def __init__(self) -> None:
        self._behind = timedelta()
        self._held: datetime | None = None

    def __call__(self) -> datetime:
        return self._held or now() - self._behind

    def hold(self) -> None:
        self._held = self()

    def go_on(self) -> None:
        self._behind, self._held = now() - self(), None

    def passes(self, *, seconds: float) -> None:
        """Let so much time pass on the held clock, which stands still again."""
        self._held = self() + timedelta(seconds=seconds)
