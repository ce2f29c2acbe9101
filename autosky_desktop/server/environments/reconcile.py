"""Records one reading of the provider: what changed, and which requests it shows done."""

import logging
from collections.abc import Mapping, Set
from types import MappingProxyType

from msgspec.structs import replace

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.reasons import PowerReason
from autosky_desktop.domain.server import ON, SETTLES, Server, ServerState
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.activity.entries import DONE, RequestEnding
from autosky_desktop.server.providers.provider import Observed
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.servers import rules as shutdown_rules
from autosky_desktop.server.transactions.transaction import Transaction

log = logging.getLogger(__name__)

LEADS_TO: Mapping[str, ServerState] = MappingProxyType(
    {
        ActivityKind.START: ServerState.RUNNING,
        ActivityKind.RESTART: ServerState.RUNNING,
        ActivityKind.STOP: ServerState.STOPPED,
        ActivityKind.SCHEDULED_SHUTDOWN: ServerState.STOPPED,
    }
)
SETTLED = frozenset({ServerState.RUNNING, ServerState.STOPPED})


async def record(
    transaction: Transaction, observed: Observed, *, left: Set[str] = frozenset()
) -> None:
    """Record what was read. `left`: ids of requests whose process may have died over them."""
    settled = await _servers(transaction, observed.servers)
    await _instances(transaction, observed.instances)
    await _take_over_version(transaction, observed.instances)
    transaction.restate(wanted_instances=observed.wanted)
    if settled or left:
        await _see(transaction, settled, left)


async def _servers(transaction: Transaction, found: list[Server]) -> dict[str, Server | None]:
    """Record the servers as they were read. Return the ids of those that now show what a request
    came to, each with the server as it was read before.
    """
    known, rules = await transaction.servers(), transaction.shutdown_rules
    settled = dict[str, Server | None]()
    for position, read in enumerate(found):
        before = known.pop(read.id, None)
        shutdown = shutdown_rules.as_read(before, read)
        if shutdown_rules.is_started(before, read):
            hours = await _hours_asked_for(transaction, read)
            shutdown = shutdown_rules.at_start(rules, transaction.now, hours)
        server = replace(read, shutdown=shutdown)
        if server != before:
            await transaction.server(server, position)
        if _has_settled(before, server) or _is_on_again(before, server):
            settled[server.id] = before
    for identity, gone in known.items():
        await transaction.server_gone(identity)
        settled[identity] = gone
    return settled


async def _hours_asked_for(transaction: Transaction, server: Server) -> int | None:
    """Return how long it is to run, as whoever started it last asked; None if nobody did."""
    unseen = await activities.unseen(transaction.connection, transaction.identity)
    asked = [it for subject, it in unseen if (subject, it.kind) == (server.id, ActivityKind.START)]
    return asked[-1].count if asked else None


def _has_settled(before: Server | None, server: Server) -> bool:
    if before and (before.status, before.since) == (server.status, server.since):
        return False
    return ServerState(server.status) in SETTLED


def _is_on_again(before: Server | None, server: Server) -> bool:
    """Return whether it must have been off, though no reading said so in a word that we know."""
    unknown = before is not None and ServerState(before.status) is ServerState.UNKNOWN
    return unknown and ServerState(server.status) in ON


async def _take_over_version(transaction: Transaction, found: list[Instance]) -> None:
    """Continue the version numbers from what the instances run: a database put back from a backup
    does not know what was published since, and no number may be given twice.
    """
    newest = max((instance.version for instance in found), default=0)
    transaction.takes_version(newest)
    if found and newest == 0 and transaction.current_version is None:
        transaction.current_version = 0  # what ran there before anything was published from here
    if newest <= (transaction.current_version or 0):
        return
    if not await publications.is_known(transaction.connection, transaction.identity, newest):
        log.warning("%s runs version %d, of which nothing is known", transaction.identity, newest)
        transaction.current_version = newest


async def _instances(transaction: Transaction, found: list[Instance]) -> None:
    known = dict(await transaction.instances())
    for instance in found:
        if instance != known.pop(instance.id, None):
            await transaction.instance(instance)
    for identity in known:
        await transaction.instance_gone(identity)


async def _see(
    transaction: Transaction, settled: Mapping[str, Server | None], left: Set[str]
) -> None:
    servers = await transaction.servers()
    for subject, asked in await activities.unseen(transaction.connection, transaction.identity):
        if asked.kind not in LEADS_TO:
            continue
        if subject not in servers:
            ending: RequestEnding | None = _failed(PowerReason.SERVER_GONE)
        elif subject in settled:
            ending = _come_to(servers[subject], asked, settled[subject])
        elif asked.id in left:
            ending = _left(servers[subject], asked)
        else:
            ending = None
        if ending is not None:
            await entries.conclude(transaction, asked.id, ending)


def _come_to(server: Server, asked: Activity, before: Server | None) -> RequestEnding | None:
    """Return what the request came to, or None if that is still to be seen."""
    leads = LEADS_TO[asked.kind]
    if leads is ServerState.STOPPED:
        if _is_on_again(before, server):
            return DONE
        if before and server.status == before.status == ServerState.RUNNING:
            return None  # it runs as it did, and a stop was accepted
    if ServerState(server.status) not in SETTLED:
        return None
    return DONE if server.status == leads else _failed(PowerReason.NOT_REACHED, server.status)


def _left(server: Server, asked: Activity) -> RequestEnding | None:
    """Return what became of a request whose process died, or None if it is still on its way."""
    if ServerState(server.status) in SETTLES:
        return None
    reached = server.status == LEADS_TO[asked.kind]
    if reached and (asked.kind != ActivityKind.RESTART or server.since > asked.at):
        return DONE
    if asked.kind == ActivityKind.SCHEDULED_SHUTDOWN and server.shutdown is not None:
        return None  # it is still due, and will be tried again
    return _failed(PowerReason.INTERRUPTED)


def _failed(reason: PowerReason, detail: str = "") -> RequestEnding:
    return RequestEnding(outcome=Outcome.FAILED.value, reason=reason.value, detail=detail)
