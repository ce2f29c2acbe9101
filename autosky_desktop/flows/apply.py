"""Write one change into the store."""

from collections.abc import Callable
from typing import Any

import msgspec

from autosky_desktop.domain.activity import Activity
from autosky_desktop.domain.change import Change, ChangeKind, Gone
from autosky_desktop.domain.environment import Environment, Instance, Snapshot
from autosky_desktop.domain.operation import Operation
from autosky_desktop.domain.publication import Publication
from autosky_desktop.domain.server import Server
from autosky_desktop.store.store import EnvironmentDetails, Store

ACTIVITY_KEPT = 400
"""Entries of one environment; whoever wants older ones asks for them."""

OPERATIONS_KEPT = 50
"""Of one environment: of those that ended the last is told of."""


def _work(details: EnvironmentDetails, operation: Operation) -> None:
    details.operations.put(operation)
    ended = [it for it in details.operations if it.ended_at]
    if len(ended) > OPERATIONS_KEPT:
        details.operations.remove(min(ended, key=lambda it: (it.started_at, it.id)).id)


def _note(details: EnvironmentDetails, entry: Activity) -> None:
    details.activity.put(entry)
    if len(details.activity) > ACTIVITY_KEPT:
        details.activity.remove(min(details.activity, key=lambda it: (it.at, it.id)).id)


WRITES: dict[ChangeKind, tuple[type[Any], Callable[[EnvironmentDetails, Any], None]]] = {
    ChangeKind.SERVER: (Server, lambda details, it: details.servers.put(it)),
    ChangeKind.INSTANCE: (Instance, lambda details, it: details.instances.put(it)),
    ChangeKind.INSTANCE_GONE: (Gone, lambda details, it: details.instances.remove(it.id)),
    ChangeKind.PUBLICATION: (Publication, lambda details, it: details.publications.put(it)),
    ChangeKind.OPERATION: (Operation, _work),
    ChangeKind.ACTIVITY: (Activity, _note),
}


def apply(store: Store, change: Change, *, listed: bool = False) -> bool:
    """Take in one change; returns False if some before it were missed and a snapshot is due.

    `listed`: the list of environments was read after it, and knows better.
    Raises MsgspecError for one that cannot be read; it is not counted, so that it is missed.
    """
    kind = ChangeKind(change.kind)
    if kind is ChangeKind.ENVIRONMENT and not listed:
        _put(store, msgspec.json.decode(change.body, type=Environment))
    if kind is ChangeKind.ENVIRONMENT_GONE and not listed:
        store.environments.remove(change.environment)
    if change.environment not in store.opened or kind is ChangeKind.ENVIRONMENT_GONE:
        return True
    details = store.details(change.environment)
    if details.revision is None or change.revision <= details.revision:
        return True
    if change.revision > details.revision + 1:
        return False
    if kind in WRITES:
        shape, write = WRITES[kind]
        write(details, msgspec.json.decode(change.body, type=shape))
    details.revision = change.revision
    return True


def _put(store: Store, environment: Environment) -> None:
    """Put an environment into the store, unless a snapshot has told of a later revision."""
    known = store.environments.get(environment.id)
    if known is None or known.revision <= environment.revision:
        store.environments.put(environment)


def apply_whole(details: EnvironmentDetails, snapshot: Snapshot) -> None:
    """Replace all that is known of the snapshot's environment by the snapshot."""
    details.failure = None
    details.confirmed = True
    details.revision = snapshot.environment.revision
    details.servers.replace(snapshot.servers)
    details.instances.replace(snapshot.instances)
    details.publications.replace(snapshot.publications)
    details.operations.replace(snapshot.operations)
    details.activity.replace(snapshot.activity)


def forget(details: EnvironmentDetails) -> None:
    """Forget all that is known of the environment, as before it was read."""
    tables = (
        details.servers,
        details.instances,
        details.publications,
        details.operations,
        details.activity,
    )
    details.revision, details.confirmed = None, True
    for table in tables:
        table.replace(())
