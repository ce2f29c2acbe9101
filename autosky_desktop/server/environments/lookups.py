"""Looks at what a provider has, and checks settings before an environment is made of them."""

import asyncio
import logging
from collections.abc import Awaitable, Iterator, Mapping
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.environment import LoadList
from autosky_desktop.domain.environment_settings import (
    Capability,
    CheckLine,
    CheckResult,
    CheckState,
    EnvironmentSettings,
    FieldKind,
    Found,
    LeftoverList,
    ProviderList,
    Values,
)
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.problem import Code
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.providers.checked_provider import checked_call, refuse_what_cannot_be
from autosky_desktop.server.providers.plugin import Plugin, WrongSettings, fields_of, typed
from autosky_desktop.server.providers.provider import ProviderBusy, ProviderError
from autosky_desktop.server.providers.registry import ProviderRegistry
from autosky_desktop.server.providers.retry import refusal_of, remedy_of
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import ANOTHER_HAS_IT, HAS_IT, NO_ANSWER, UNFORESEEN

ANSWER_SECONDS = 13.0
"""Whoever asks waits a little longer."""
MACHINES = (FieldKind.MACHINE.value, FieldKind.MACHINES.value)

T = TypeVar("T")

log = logging.getLogger(__name__)


class Lookups:
    """Looks at clouds for somebody who adds an environment; nothing is changed by it."""

    def __init__(self, engine: AsyncEngine, registry: ProviderRegistry, now: Now) -> None:
        self._engine = engine
        self._registry = registry
        self._plugins = registry.plugins
        self._now = now

    async def providers(self) -> ProviderList:
        return await asyncio.to_thread(self._plugins.listed)

    async def typed(
        self, provider: str, values: Values, *, whole: bool = True
    ) -> tuple[Plugin, Struct]:
        """Return the plug-in, and the values as its settings. Raises Refusal."""
        try:
            plugin = await asyncio.to_thread(self._plugins.get, provider)
            return plugin, typed(plugin, values, whole=whole)
        except WrongSettings as error:
            raise Refusal(Code.WRONG_SETTINGS, str(error)) from error
        except ProviderError as error:
            raise Refusal(Code.WRONG_SETTINGS, error.detail) from error

    async def find(self, provider: str, values: Values) -> Found:
        """Return what is there, each machine with whose it is already. Raises Refusal."""
        plugin, settings = await self.typed(provider, values, whole=False)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                found: Found = await checked_call(plugin, "find", settings)
        except ProviderError as error:
            raise refusal_of(error) from error
        except TimeoutError as error:
            raise refusal_of(ProviderBusy(_(NO_ANSWER))) from error
        async with self._engine.connect() as connection:
            held = await holders(connection, plugin, values)
        machines = [replace(it, taken_by=held.get(it.id, "")) for it in found.machines]
        return replace(found, machines=machines)

    async def leftovers(self, environment: str) -> LeftoverList:
        """Return what is ours in the environment's cloud and serves nothing. Raises Refusal."""
        async with self._engine.connect() as connection:
            await environments.get(connection, environment)
        return LeftoverList(leftovers=await _in_time(self._registry.leftovers(environment)))

    async def loads(self, environment: str) -> LoadList:
        """Return how busy the environment's instances are. Raises Refusal."""
        async with self._engine.connect() as connection:
            await environments.get(connection, environment)
        found = await _in_time(self._registry.loads(environment))
        return LoadList(loads=found, read_at=self._now())

    async def check(self, asked: EnvironmentSettings) -> CheckResult:
        """Try line by line what the settings are good for. Raises Refusal for what are none."""
        plugin, settings = await self.typed(asked.provider, asked.values)
        lines = []
        try:
            await self.refuse_taken(plugin, asked)
        except Refusal as refusal:
            lines.append(_failed(Capability.READ, refusal.detail))
        await _check(plugin, asked.id, settings, lines)
        return CheckResult(lines=lines, checked_at=self._now())

    async def refuse_taken(
        self, plugin: Plugin, asked: EnvironmentSettings, *, named: bool = True
    ) -> None:
        """Raise Refusal if another environment has a machine or group that was chosen. Which one
        is `named` where the caller sees all of them.
        """
        async with self._engine.connect() as connection:
            held = await holders(connection, plugin, asked.values, but=asked.id)
        for one in _chosen(plugin, asked.values, (*MACHINES, FieldKind.GROUP.value)):
            if one in held:
                said = _(HAS_IT if named else ANOTHER_HAS_IT).format(environment=held[one], id=one)
                raise Refusal(Code.MACHINE_TAKEN, said)


async def holders(
    connection: AsyncConnection, plugin: Plugin, values: Values, *, but: str = ""
) -> Mapping[str, str]:
    """Return the names of the environments that have machines and groups, by the ids of these. An
    id of a group says nothing elsewhere: only those count that are looked at in the same way.
    """
    table, held = schema.environment, dict[str, str]()
    there = table.c.removed_at.is_(None), table.c.id != but
    for part in (schema.server, schema.instance):
        joined = select(part.c.id, table.c.name).join_from(part, table)
        held |= {row.id: row.name for row in await connection.execute(joined.where(*there))}
    query = select(table.c.name, table.c.provider_values)
    for name, theirs in await connection.execute(
        query.where(*there, table.c.provider == plugin.name)
    ):
        kinds = list(MACHINES)
        if is_same_access(plugin, theirs, values):
            kinds.append(FieldKind.GROUP.value)
        held |= dict.fromkeys(_chosen(plugin, theirs, kinds), name)
    return held


def is_same_access(plugin: Plugin, one: Values, other: Values) -> bool:
    """Return whether both settings lead into the same cloud, and by the same credentials."""
    return _access(plugin, one) == _access(plugin, other)


def _access(plugin: Plugin, values: Values) -> Values:
    names = {field.name for field in fields_of(plugin) if field.access}
    return {name: value for name, value in values.items() if name in names and value}


def _chosen(plugin: Plugin, values: Values, kinds: tuple[str, ...] | list[str]) -> Iterator[str]:
    for field in fields_of(plugin):
        value = values.get(field.name) if field.kind in kinds else None
        yield from [value] if isinstance(value, str) and value else value or ()


async def _check(
    plugin: Plugin, environment: str, settings: Struct, lines: list[CheckLine]
) -> None:
    """Add the plug-in's lines. What it fails over is the last of them."""
    with guarded(log, f"checking for {plugin.name}"):
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                async for line in plugin.check(environment, settings):
                    refuse_what_cannot_be(line, CheckLine)
                    lines.append(line)
        except ProviderError as error:
            lines.append(_failed(Capability.READ, error.detail, remedy_of(error) or ""))
        except TimeoutError:
            lines.append(_failed(Capability.READ, _(NO_ANSWER)))
        return
    lines.append(_failed(Capability.READ, _(UNFORESEEN)))


def _failed(capability: Capability, detail: str, remedy: str = "") -> CheckLine:
    return CheckLine(
        capability=capability.value, state=CheckState.FAILED.value, detail=detail, remedy=remedy
    )


async def _in_time(asked: Awaitable[T]) -> T:
    """Return the provider's answer. Raises Refusal, also when there is none in time."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await asked
    except ProviderError as error:
        raise refusal_of(error) from error
    except TimeoutError as error:
        raise refusal_of(ProviderBusy(_(NO_ANSWER))) from error
