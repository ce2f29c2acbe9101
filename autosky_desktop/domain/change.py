"""The events of the feed: each carries one resource as it is now, and its place in time."""

import msgspec

from autosky_desktop.domain.wire import Position, Statement, Word


class ChangeKind(Word):
    ENVIRONMENT = "environment"
    ENVIRONMENT_GONE = "environment-gone"
    SERVER = "server"
    INSTANCE = "instance"
    INSTANCE_GONE = "instance-gone"
    PUBLICATION = "publication"
    OPERATION = "operation"
    ACTIVITY = "activity"
    UNKNOWN = "unknown"


class Change(Statement, frozen=True, kw_only=True):
    """One event of an environment. `body` is the whole resource of `kind`, not a difference.

    `revision` follows the environment's last one without a gap; a gap means: take a snapshot.
    A kind from the future is counted and otherwise passed over, so `body` is decoded late.
    """

    kind: str
    environment: str
    revision: Position
    body: msgspec.Raw


class Gone(Statement, frozen=True, kw_only=True):
    """The body of a change that tells that a resource is gone."""

    id: str
