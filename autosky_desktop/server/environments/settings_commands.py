"""Adds, changes, pauses and removes environments, and records who did. No cloud hears of it.

An environment that is removed keeps its row and its history: what was published and who asked for
it is a record of what happened. An id that is asked for again brings that environment back; no
other gets it.
"""

import re
import unicodedata
from collections.abc import AsyncIterator, Set
from contextlib import asynccontextmanager
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.change import Gone
from autosky_desktop.domain.environment import MICRO, SCALING, Environment
from autosky_desktop.domain.environment_settings import EnvironmentSettings
from autosky_desktop.domain.local_time import is_zone
from autosky_desktop.domain.operation import OperationState
from autosky_desktop.domain.people import EVERYWHERE, Role
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.reasons import PowerReason
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.activity.entries import RequestEnding
from autosky_desktop.server.activity.log import ActivityLog, LoggedRequest
from autosky_desktop.server.db import schema
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.environments.commands import fail
from autosky_desktop.server.environments.lookups import Lookups, is_same_access
from autosky_desktop.server.environments.poller import Poller
from autosky_desktop.server.people import queries as people
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.providers.plugin import Plugin
from autosky_desktop.server.providers.registry import Placement, ProviderRegistry
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.transactions.transaction import Halt, Transaction
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import (
    NO_KIND,
    NO_NAME,
    NO_ZONE,
    OTHER_PROVIDER,
    TAKEN_ID,
)

ENVIRONMENTS = "environments"
"""The turn of whoever changes which there are."""
LONGEST_OWN_ID = 40
GONE = RequestEnding(outcome=Outcome.FAILED.value, reason=PowerReason.SERVER_GONE.value)
TOLD = ("name", "label", "kind", "time_zone", "run_hours", "daily_stop", "longest_extension_hours")
"""The settings that the environment tells as they are."""


class EnvironmentCommands:
    """Changes which environments there are, one after another."""

    def __init__(
        self,
        engine: AsyncEngine,
        unit_of_work: UnitOfWork,
        activity_log: ActivityLog,
        registry: ProviderRegistry,
        poller: Poller,
        lookups: Lookups,
    ) -> None:
        self._engine = engine
        self._unit_of_work = unit_of_work
        self._activity_log = activity_log
        self._registry = registry
        self._poller = poller
        self._lookups = lookups

    async def add(
        self, asked: EnvironmentSettings, *, principal: Principal, key: str
    ) -> Environment:
        """Add an environment, once for the same key. Its first reading follows by itself. Raises
        Refusal.
        """
        plugin = await self._accepted(asked)
        entry = self._entry(ActivityKind.ADD_ENVIRONMENT, asked.name, principal, key)
        async with self._unit_of_work.coordination.turn(ENVIRONMENTS):
            async with self._engine.connect() as connection:
                known = await activities.environment_of(connection, entry.id)
                if known is not None:
                    return await environments.get(connection, known)
                identity = await _new_id(connection, asked)
                position = await environments.next_position(connection)
            await self._lookups.refuse_taken(plugin, asked)
            row = _row(asked, plugin, identity, position, entry.at)
            async with self._unit_of_work.transaction(identity, begin=row) as transaction:
                transaction.place_anew()
                await _write_done(transaction, entry)
            await self._registry.put(identity, _placement(asked))
        return await self._told(identity)

    async def change(
        self, identity: str, asked: EnvironmentSettings, *, principal: Principal, key: str
    ) -> Environment:
        """Change the settings, once for the same key. Raises Refusal."""
        asked = replace(asked, id=identity)
        plugin = await self._accepted(asked)
        before = await self._settings(identity)
        entry = self._entry(ActivityKind.EDIT_ENVIRONMENT, asked.name, principal, key)
        async with self._alone_in(identity, entry) as logged:
            if logged.done:
                return await self._told(identity)
            if asked.provider != before.provider:
                raise Refusal(Code.WRONG_SETTINGS, _(OTHER_PROVIDER))
            if not is_same_access(plugin, asked.values, before.values):
                await self._refuse_access(principal)
            await self._lookups.refuse_taken(plugin, asked, named=bool(principal.everywhere))
            moves = _placement(asked) != _placement(before)
            async with self._unit_of_work.transaction(identity) as transaction:
                if moves:
                    await _refuse_while_publishing(transaction)
                await _write(transaction, asked)
                await _write_done(transaction, logged.entry)
            if moves:
                await self._registry.put(identity, _placement(asked))
        return await self._told(identity)

    async def pause(
        self, identity: str, *, paused: bool, principal: Principal, key: str
    ) -> Environment:
        """Ask its provider for nothing any more, or again. Raises Refusal."""
        before = await self._settings(identity)
        kind = ActivityKind.PAUSE_ENVIRONMENT if paused else ActivityKind.RESUME_ENVIRONMENT
        entry = self._entry(kind, before.name, principal, key)
        async with self._alone_in(identity, entry) as logged:
            if logged.done or before.paused == paused:
                return await self._told(identity)
            asked = replace(before, paused=paused)
            async with self._unit_of_work.transaction(identity) as transaction:
                await _refuse_while_publishing(transaction)
                await _write(transaction, asked)
                await _write_done(transaction, logged.entry)
            await self._registry.put(identity, _placement(asked))
        return await self._told(identity)

    async def remove(self, identity: str, *, principal: Principal, key: str) -> Gone:
        """Remove an environment; what it has in its cloud stays there, and its history here. Raises
        Refusal.
        """
        before = await self._settings(identity)
        entry = self._entry(ActivityKind.REMOVE_ENVIRONMENT, before.name, principal, key)
        async with self._alone_in(identity, entry) as logged:
            async with self._unit_of_work.transaction(identity) as transaction:
                await _refuse_while_publishing(transaction)
                await _refuse_while_scheduled(transaction)
                await _close(transaction)
                await _write_done(transaction, logged.entry)
                transaction.removed = True
            await self._registry.remove(identity)
            self._poller.forget(identity)
        return Gone(id=identity)

    @asynccontextmanager
    async def _alone_in(self, identity: str, entry: Activity) -> AsyncIterator[LoggedRequest]:
        async with (
            self._unit_of_work.coordination.turn(ENVIRONMENTS),
            self._activity_log.request(identity, entry) as logged,
        ):
            yield logged

    async def _accepted(self, asked: EnvironmentSettings) -> Plugin:
        if not (asked.name.strip() and asked.name.isprintable() and asked.label.isprintable()):
            raise Refusal(Code.WRONG_SETTINGS, _(NO_NAME))
        if asked.kind not in (SCALING, MICRO):
            raise Refusal(Code.WRONG_SETTINGS, _(NO_KIND))
        if not is_zone(asked.time_zone):
            raise Refusal(Code.WRONG_SETTINGS, _(NO_ZONE).format(zone=asked.time_zone))
        plugin, _settings = await self._lookups.typed(asked.provider, asked.values)
        return plugin

    async def _settings(self, identity: str) -> EnvironmentSettings:
        async with self._engine.connect() as connection:
            return await environments.settings(connection, identity)

    async def _told(self, identity: str) -> Environment:
        async with self._engine.connect() as connection:
            return await environments.get(connection, identity)

    async def _refuse_access(self, principal: Principal) -> None:
        """Raise Refusal for whoever may not use all the credentials that the control plane has:
        those of another environment are among them.
        """
        if not principal.administers:
            async with self._engine.connect() as connection:
                may = await people.managers(connection, EVERYWHERE)
            detail = "how to get into its cloud takes a manager everywhere"
            raise Refusal(Code.FORBIDDEN, detail, role=Role.MANAGER, managers=may)

    def _entry(self, kind: ActivityKind, name: str, principal: Principal, key: str) -> Activity:
        return self._activity_log.entry(kind.value, principal=principal, key=key, target=name)


def _placement(settings: EnvironmentSettings) -> Placement:
    return Placement(plugin=settings.provider, values=settings.values, paused=settings.paused)


def _columns(asked: EnvironmentSettings) -> dict[str, object]:
    return {name: getattr(asked, name) for name in TOLD} | {
        "monthly_reconnections": asked.monthly_reconnections,
        "provider_values": asked.values,
        "paused": asked.paused,
    }


def _row(
    asked: EnvironmentSettings, plugin: Plugin, identity: str, position: int, now: datetime
) -> dict[str, object]:
    return _columns(asked) | {
        "id": identity,
        "position": position,
        "provider": asked.provider,
        "provider_title": plugin.title,
        "demo": getattr(plugin, "demo", False),
        "confirmed_at": now,
        "revision": 0,
    }


async def _write(transaction: Transaction, asked: EnvironmentSettings) -> None:
    table = schema.environment
    same = update(table).where(table.c.id == transaction.identity)
    await transaction.connection.execute(same.values(_columns(asked)))
    told = {name: getattr(asked, name) for name in (*TOLD, "paused")}
    transaction.restate(**told, zone_known=is_zone(asked.time_zone))
    transaction.place_anew()
    if asked.paused:
        transaction.halt = Halt()


async def _write_done(transaction: Transaction, entry: Activity) -> None:
    done = replace(entry, outcome=Outcome.DONE.value, ended_at=transaction.now)
    await entries.write(transaction, done)


async def _close(transaction: Transaction) -> None:
    """End what is under way in the environment, and forget what is there."""
    connection, identity = transaction.connection, transaction.identity
    for operation in await environments.operations(connection, identity):
        if operation.state == OperationState.RUNNING:
            await fail(transaction, operation, PowerReason.SERVER_GONE.value)
    for _subject, entry in await activities.unseen(connection, identity):
        await entries.conclude(transaction, entry.id, GONE)
    for table in (schema.server, schema.instance):
        await connection.execute(delete(table).where(table.c.environment == identity))


async def _refuse_while_publishing(transaction: Transaction) -> None:
    run = await publications.running_in(transaction.connection, transaction.identity)
    if run is not None:
        raise Refusal(
            Code.PUBLICATION_RUNNING,
            f"version {run.version} is being published",
            by=run.publisher,
            since=run.started_at or run.requested_at,
            version=run.version,
        )


async def _refuse_while_scheduled(transaction: Transaction) -> None:
    waiting = await publications.scheduled_in(transaction.connection, transaction.identity)
    if waiting:
        run = waiting[0]
        raise Refusal(
            Code.PUBLICATION_SCHEDULED, f"version {run.version} waits", at=run.scheduled_for
        )


async def _new_id(connection: AsyncConnection, asked: EnvironmentSettings) -> str:
    """Return the id that was asked for, or one made of the name. Raises Refusal."""
    taken = set(await environments.ids_ever(connection))
    if asked.id:
        if asked.id in await environments.ids(connection) or _as_id(asked.id) != asked.id:
            raise Refusal(Code.ID_TAKEN, _(TAKEN_ID).format(id=asked.id))
        return asked.id
    return _free(_as_id(asked.name)[:LONGEST_OWN_ID].strip("-") or "environment", taken)


def _free(wanted: str, taken: Set[str]) -> str:
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def _as_id(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")
