"""The record of connections that operators opened from the desktop: who, to which server, as whom,
and how it ended.

Never a secret: neither a password nor anything a client printed is in these.
"""

from typing import Annotated

from msgspec import Meta

from autosky_desktop.domain.wire import Instant, Intent, Statement, Word

LONGEST_NAME = 256


class ConnectionOutcome(Word):
    """The outcome of a connection; `open` until it has ended.

    `left` is one whose desktop was closed while the session went on: nobody saw it end.
    """

    OPEN = "open"
    CLOSED = "closed"
    LEFT = "left"
    WRONG_PASSWORD = "wrong-password"  # noqa: S105 - a word for an outcome
    ACCOUNT_LOCKED = "account-locked"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    LOST = "lost"
    UNTRUSTED = "untrusted"
    CLIENT_FAILED = "client-failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]


class ConnectionBegun(Intent, frozen=True, kw_only=True):
    """A report that a client is about to be started, or would have been, had nothing failed before.

    `address` is the one that was chosen.
    """

    account: Name
    address: Name
    protocol: Name


class ConnectionEnded(Intent, frozen=True, kw_only=True):
    """A report that a connection ended, and how. A second report of it changes nothing."""

    outcome: ConnectionOutcome


class Connection(Statement, frozen=True, kw_only=True):
    """One connection as it is recorded; `outcome` is a ConnectionOutcome word as it came. `server`
    is the id of the server or of the instance.
    """

    id: str
    server: str
    account: str
    address: str
    protocol: str
    by: str
    by_id: str | None = None
    at: Instant
    outcome: str = ConnectionOutcome.OPEN.value
    ended_at: Instant | None = None
