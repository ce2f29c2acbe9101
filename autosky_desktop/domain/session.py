"""The people on the instances."""

from typing import Annotated

from msgspec import Meta

from autosky_desktop.domain.wire import Instant, Intent, Statement

MOST_AT_ONCE = 1000


class Session(Statement, frozen=True, kw_only=True):
    """A user session: the account, and the id of the instance it is on."""

    id: str
    account: str
    instance: str
    since: Instant


class SessionList(Statement, frozen=True, kw_only=True):
    """Every session of an environment as the provider reported them at `read_at`."""

    sessions: list[Session]
    read_at: Instant


class EndSessions(Intent, frozen=True, kw_only=True):
    """A request to end these sessions at once; unsaved work in them is lost."""

    sessions: Annotated[list[str], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class SessionsEnded(Statement, frozen=True, kw_only=True):
    """The result of ending sessions: ids that were ended, and ids that were already gone."""

    ended: list[str]
    gone: list[str]
