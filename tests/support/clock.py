"""A clock for the cloud that a test can hold, so that what the cloud is at does not pass."""

from datetime import datetime, timedelta

from autosky_desktop.server.db.clock import now


class HeldClock:
    """Goes as the right time does; from `hold` to `go_on` it stands still."""

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
        """Held, it goes on by so much and stands again."""
        self._held = self() + timedelta(seconds=seconds)
