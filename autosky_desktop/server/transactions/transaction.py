"""Writes in one transaction what changes in an environment, with what the feed tells of it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Row, Table, bindparam, delete, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.change import ChangeKind, Gone
from autosky_desktop.domain.environment import Environment, Instance
from autosky_desktop.domain.local_time import is_zone
from autosky_desktop.domain.operation import Operation
from autosky_desktop.domain.publication import Publication, next_version
from autosky_desktop.domain.server import Server
from autosky_desktop.domain.wire import MOST_HOURS, within
from autosky_desktop.server.coordination.port import WorkerNews
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.dialects import WriteTurn, leave_out_ids, take_turn
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.queries import Latest
from autosky_desktop.server.servers import queries as server_queries
from autosky_desktop.server.servers.rules import ShutdownRules
from autosky_desktop.server.transactions import summary

CONFIRMED_EVERY = timedelta(seconds=15)
"""How often a confirmation is told: with the 45 s between readings where nothing changes, it is
less than the minute to staleness.
"""


class PendingRows:
    """The rows of one transaction, written in few statements: there may be thousands."""

    def __init__(self) -> None:
        self.gone: defaultdict[Table, list[str]] = defaultdict(list)
        self.rows: defaultdict[Table, dict[str, dict[str, object]]] = defaultdict(dict)
        self.events: list[dict[str, object]] = []
        self.publications: dict[str, Publication] = {}
        self.environments: list[dict[str, object]] = []
        self.readings: list[dict[str, object]] = []
        self.changed = self.placed = False

    async def flush_publications(self, connection: AsyncConnection) -> None:
        """Write the changed publications, before anything is asked about them."""
        if self.publications:
            await publications.rewrite(connection, list(self.publications.values()))

    async def flush(self, connection: AsyncConnection, now: Now, *, leap: int) -> WorkerNews | None:
        """Write everything, and return what news there is. An event's time is when it is written,
        not when it began. `leap` is how many ids are left out before the next one.
        """
        for table, identities in self.gone.items():
            by_id = delete(table).where(table.c.id == bindparam("identity"))
            await connection.execute(by_id, [{"identity": one} for one in identities])
        for table, rows in self.rows.items():
            if rows:
                await connection.execute(insert(table), list(rows.values()))
        same = update(schema.environment).where(schema.environment.c.id == bindparam("identity"))
        if self.readings:
            await connection.execute(same, self.readings)
        if not self.environments:
            return None
        # Ids are in the order of commit: who has seen one never looks for a lower one again.
        await take_turn(connection, WriteTurn.EVENTS)
        events = [{**event, "at": now()} for event in self.events]
        if leap and (first := await leave_out_ids(connection, schema.event.c.id, leap)):
            events = [{**event, "id": first + number} for number, event in enumerate(events)]
        await connection.execute(insert(schema.event), events)
        await connection.execute(same, self.environments)
        if self.placed:
            return WorkerNews.PLACED
        return WorkerNews.CHANGED if self.changed else WorkerNews.CONFIRMED


class Halt(NamedTuple):
    """The reason why an environment cannot be read, if it cannot: the provider's sentence, the kind
    of trouble and what can be done about it.
    """

    unreachable: str | None = None
    trouble: str | None = None
    remedy: str | None = None


class Transaction:
    """One transaction on one environment. Every put is an event and one revision."""

    def __init__(
        self,
        connection: AsyncConnection,
        row: Row[Any],
        now: datetime,
        writes: PendingRows,
        worker: str,
    ) -> None:
        self.connection = connection
        self.now = now
        self.worker = worker
        self.identity: str = row.id
        self.shutdown_rules = ShutdownRules(
            run_hours=within(row.run_hours, 1, MOST_HOURS),
            time_zone=row.time_zone,
            daily_stop=row.daily_stop,
            longest_extension_hours=within(row.longest_extension_hours, 1, MOST_HOURS),
        )
        self.current_version: int | None = environments.known_version(row.current_version)
        self.highest_version: int | None = environments.known_version(row.highest_version)
        self.confirmed_at: datetime = row.confirmed_at
        self.told_confirmed_at: datetime | None = None
        self.halt = Halt(row.unreachable, row.trouble, row.remedy)
        self.removed = False
        self.reading: int = row.reading
        self._numbers_before = self._numbers
        self._row = row
        self._revision: int = row.revision
        self._writes = writes
        self._unsaid = self._published = False
        self._latest_known: Latest | None = None
        self._servers: dict[str, tuple[int, Server]] | None = None
        self._instances: dict[str, Instance] | None = None
        self._touched = False
        self._restated: dict[str, object] = {}

    def preload(self, servers: Sequence[tuple[int, Server]], instances: Sequence[Instance]) -> None:
        """Take these as recorded: whoever read them for many environments spares each the query."""
        self._servers = {server.id: (position, server) for position, server in servers}
        self._instances = {instance.id: instance for instance in instances}

    async def servers(self) -> dict[str, Server]:
        """Return every server as it is recorded, by its id."""
        placed = await self._placed()
        return {identity: server for identity, (_, server) in placed.items()}

    async def instances(self) -> dict[str, Instance]:
        if self._instances is None:
            found = await environments.instances(self.connection, self.identity)
            self._instances = {instance.id: instance for instance in found}
        return self._instances

    async def server(self, server: Server, position: int | None = None) -> None:
        """Record a server at this position, or in its present place."""
        placed = await self._placed()
        place = placed[server.id][0] if position is None else position
        placed[server.id] = place, server
        self._put(schema.server, server, position=place)
        self.tell(ChangeKind.SERVER, server)

    async def server_gone(self, identity: str) -> None:
        """Remove a server from the record. No kind of change tells of it: the revision it skips
        makes callers take a snapshot.
        """
        (await self._placed()).pop(identity)
        self._remove(schema.server, identity)
        self._revision += 1
        self._unsaid = True

    def restate(self, **fields: object) -> None:
        """Tell these fields of the environment anew; their columns were written by the caller."""
        self._restated |= fields

    def place_anew(self) -> None:
        """Note that its provider is reached in another way from now on, or not at all."""
        self._writes.placed = True

    def read_as(self, reading: int) -> None:
        """Note that what is recorded now was asked for as that reading."""
        self._writes.readings.append({"identity": self.identity, "reading": reading})

    async def instance(self, instance: Instance) -> None:
        (await self.instances())[instance.id] = instance
        self._put(schema.instance, instance)
        self.tell(ChangeKind.INSTANCE, instance)

    async def instance_gone(self, identity: str) -> None:
        (await self.instances()).pop(identity)
        self._remove(schema.instance, identity)
        self.tell(ChangeKind.INSTANCE_GONE, Gone(id=identity))

    async def publication(self, publication: Publication) -> None:
        self._writes.publications.pop(publication.id, None)
        await self._save(schema.publication, publication)
        self._published = True
        self.tell(ChangeKind.PUBLICATION, publication)

    def publication_later(self, publication: Publication) -> None:
        """Record a publication that changed; it is written at the end, with those of others."""
        self._writes.publications[publication.id] = publication
        self._published = True
        self.tell(ChangeKind.PUBLICATION, publication)

    @property
    def next_version(self) -> int:
        """Return the number of what is published next, while nothing runs."""
        return next_version(self.current_version, self.highest_version)

    @property
    def _numbers(self) -> tuple[int, int | None]:
        """Return the number of what is scheduled, and the one that it would replace."""
        return self.next_version, self.current_version

    def takes_version(self, number: int) -> None:
        """Note that the number is taken: it is never given again."""
        self.highest_version = max(number, self.highest_version or 0)

    @property
    def needs_latest(self) -> bool:
        """Return whether its summary needs what runs, what began last, and what is next."""
        return self._published

    def preload_latest(self, latest: Latest) -> None:
        """Take this as the latest: whoever read it for many spares each the query."""
        self._latest_known = latest

    def tell_begun(self, publication: Publication) -> None:
        """Tell of a publication that was written together with others."""
        self._published = True
        self.tell(ChangeKind.PUBLICATION, publication)

    async def operation(self, operation: Operation) -> None:
        table, values = schema.operation, msgspec.structs.asdict(operation)
        same = update(table).where(table.c.id == operation.id).values(values)
        if (await self.connection.execute(same)).rowcount == 0:
            await self.connection.execute(insert(table).values(owner=self.worker, **values))
        self.tell(ChangeKind.OPERATION, operation)

    def tell(self, kind: ChangeKind, body: msgspec.Struct) -> None:
        self._revision += 1
        self._writes.events.append(
            {
                "environment": self.identity,
                "revision": self._revision,
                "kind": kind.value,
                "body": msgspec.json.encode(body),
            }
        )

    async def finish(self) -> None:
        """Tell the environment's summary if it differs from the last one told."""
        if self.removed:
            self._finish_removal()
            return
        if self._numbers != self._numbers_before:
            await self._renumber_scheduled()
        now_is = await self._summary()
        told: Environment | None = self._row.told
        differs = self._unsaid or told is None or _differs(now_is, told)
        changed = differs or self._revision != self._row.revision
        if told is None or differs or _is_confirmed_anew(now_is, told):
            told = msgspec.structs.replace(now_is, revision=self._revision + 1)
            self.tell(ChangeKind.ENVIRONMENT, told)
        self.told_confirmed_at = told.confirmed_at
        if self._revision == self._row.revision:
            return
        self._writes.changed |= changed
        self._write_row(told)

    def _finish_removal(self) -> None:
        self.tell(ChangeKind.ENVIRONMENT_GONE, Gone(id=self.identity))
        self._writes.changed = self._writes.placed = True
        self._write_row(self._row.told)

    def _write_row(self, told: Environment | None) -> None:
        self._writes.environments.append(
            {
                "identity": self.identity,
                "revision": self._revision,
                "current_version": self.current_version,
                "highest_version": self.highest_version,
                "confirmed_at": self.confirmed_at,
                **self.halt._asdict(),
                "removed_at": self.now if self.removed else None,
                "told": told,
            }
        )

    async def _renumber_scheduled(self) -> None:
        """Renumber the scheduled publications: another version is the next one now."""
        version, replaces = self._numbers
        for run in await publications.scheduled_in(self.connection, self.identity):
            await self.publication(msgspec.structs.replace(run, version=version, replaces=replaces))

    async def _placed(self) -> dict[str, tuple[int, Server]]:
        if self._servers is None:
            found = await server_queries.placed_in(self.connection, self.identity)
            self._servers = {server.id: (place, server) for place, server in found}
        return self._servers

    async def _save(self, table: Table, publication: Publication) -> None:
        values = publications.columns(publication)
        same = update(table).where(table.c.id == publication.id).values(values)
        if (await self.connection.execute(same)).rowcount == 0:
            new = insert(table).values(environment=self.identity, **values)
            await self.connection.execute(new)

    def _put(self, table: Table, struct: Server | Instance, **more: object) -> None:
        values = msgspec.structs.asdict(struct)
        row = {"environment": self.identity, **values, **more}
        self._writes.rows[table][struct.id] = row
        self._writes.gone[table].append(struct.id)
        self._touched = True

    def _remove(self, table: Table, identity: str) -> None:
        self._writes.rows[table].pop(identity, None)
        self._writes.gone[table].append(identity)
        self._touched = True

    async def _summary(self) -> Environment:
        """Return the environment's summary; parts that were not written are as they were told."""
        told: Environment = self._row.told or _blank(self._row)
        fields: dict[str, object] = {}
        if self._touched or self._row.told is None:
            servers = (await self.servers()).values()
            fields |= summary.of_parts(list(servers), list((await self.instances()).values()))
        if self._published or self._row.told is None:
            fields |= summary.of_publications(await self._latest(), self.current_version)
        fields |= {"zone_known": is_zone(self._row.time_zone)} | self._restated
        return msgspec.structs.replace(
            told,
            revision=self._revision,
            confirmed_at=self.confirmed_at,
            current_version=self.current_version,
            **self.halt._asdict(),
            **fields,
        )

    async def _latest(self) -> Latest:
        if self._latest_known is None:
            found = await publications.latest_among(self.connection, [self.identity])
            self._latest_known = found[self.identity]
        return self._latest_known


def _blank(row: Row[Any]) -> Environment:
    return Environment(
        id=row.id,
        name=row.name,
        label=row.label,
        kind=row.kind,
        provider=row.provider_title,
        time_zone=row.time_zone,
        run_hours=within(row.run_hours, 1, MOST_HOURS),
        revision=row.revision,
        confirmed_at=row.confirmed_at,
        daily_stop=row.daily_stop,
        longest_extension_hours=within(row.longest_extension_hours, 1, MOST_HOURS),
        demo=row.demo,
        paused=row.paused,
    )


def _is_confirmed_anew(now_is: Environment, told: Environment) -> bool:
    """Return whether the confirmation last told is old, or lies ahead of a clock put back."""
    return abs(now_is.confirmed_at - told.confirmed_at) >= CONFIRMED_EVERY


def _differs(now_is: Environment, told: Environment) -> bool:
    same = msgspec.structs.replace(now_is, revision=told.revision, confirmed_at=told.confirmed_at)
    return same != told
