"""Asks the systems of many machines, a few at a time, and remembers who was signed in on each.

A machine that hangs costs its own answer. One that does not answer keeps its last one for two
minutes; after that it is not known who is on it, which is not the same as nobody.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec import Struct

from autosky_desktop.domain.guard import guarded
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.providers.cloud import Cloud, Platform
from autosky_desktop.server.providers.guest import Channel, Guest, GuestReading, GuestSession
from autosky_desktop.server.providers.provider import (
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.words import machines as words
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import UNFORESEEN

AT_ONCE = 16
"""How many machines are asked at the same time."""
KEPT = timedelta(minutes=2)

T = TypeVar("T")

log = logging.getLogger(__name__)


class AskedMachine(Struct, frozen=True, kw_only=True):
    """A machine with what is needed to ask it; `name` is for people."""

    id: str
    name: str
    platform: Platform


class _Told(Struct, frozen=True):
    reading: GuestReading
    at: datetime


class SignedIn:
    """The people on the machines of one environment."""

    def __init__(
        self, cloud: Cloud, guests: Mapping[Platform, Guest], now: Now, *, seconds: float
    ) -> None:
        """Give a machine so many `seconds` to answer."""
        self._cloud, self._guests, self._now, self._seconds = cloud, guests, now, seconds
        self._told: dict[str, _Told] = {}
        self._refused: set[str] = set()
        self._asking = asyncio.Semaphore(AT_ONCE)

    def on(self, machine: str) -> list[GuestSession] | None:
        """Return who was there by the last answer; None: not known."""
        told = self._told.get(machine)
        return told.reading.sessions if told and self._now() - told.at < KEPT else None

    def boot(self, machine: str) -> str:
        """Return the boot by the last answer; empty: none was told."""
        told = self._told.get(machine)
        return told.reading.boot if told else ""

    def has_answered(self, machine: str) -> bool:
        """Return whether it answered before, and did not refuse to since."""
        return machine in self._told

    def cannot_be_asked(self, machine: str) -> bool:
        """Return whether the last question was refused, so that nobody can tell who is there."""
        return machine in self._refused

    async def look(
        self, machines: Iterable[AskedMachine], *, newer_than: timedelta = timedelta()
    ) -> dict[str, ProviderError]:
        """Ask them all, but for those whose answer is newer, and return why some did not answer."""
        now = self._now()
        asked = [
            it
            for it in machines
            if it.id not in self._told or now - self._told[it.id].at >= newer_than
        ]
        answers = await asyncio.gather(*map(self._look_at, asked))
        return {it.id: error for it, error in zip(asked, answers, strict=True) if error}

    async def each(
        self,
        machines: Iterable[AskedMachine],
        call: Callable[[Guest, Channel, str], Awaitable[T]],
        *,
        seconds: float | None = None,
    ) -> dict[str, T | ProviderError]:
        """Return what the call comes to for each machine, by its id."""
        asked = list(machines)
        answers = await asyncio.gather(*(self._one(it, call, seconds) for it in asked))
        return {it.id: answer for it, answer in zip(asked, answers, strict=True)}

    def forget(self, present: Iterable[str]) -> None:
        """Forget all machines but these."""
        there = set(present)
        self._told = {id_: told for id_, told in self._told.items() if id_ in there}
        self._refused &= there

    async def _look_at(self, machine: AskedMachine) -> ProviderError | None:
        """Ask it, and keep what it tells at once: others may take longer."""
        now = self._now()
        answer = await self._one(machine, lambda guest, channel, _id: guest.read(channel), None)
        self._refused.discard(machine.id)
        if isinstance(answer, ProviderRefused):
            self._told.pop(machine.id, None)
            self._refused.add(machine.id)
        elif not isinstance(answer, ProviderError):
            self._told[machine.id] = _Told(answer, now)
            return None
        return answer

    async def _one(
        self,
        machine: AskedMachine,
        call: Callable[[Guest, Channel, str], Awaitable[T]],
        seconds: float | None,
    ) -> T | ProviderError:
        """Return its answer, or why there is none. What was not foreseen is logged."""
        guest = self._guests.get(machine.platform)
        if guest is None:
            refused = ProviderRefused(
                _(words.NOBODY_CAN_ASK),
                kind=RefusalKind.NO_AGENT,
                remedy=_(words.NAME_ITS_SYSTEM),
            )
            return _of(machine, refused)
        with guarded(log, f"asking the system of {machine.id}"):
            try:
                async with (
                    self._asking,
                    asyncio.timeout(seconds or self._seconds),
                ):  # waiting costs it nothing
                    return await call(guest, self._cloud.channel(machine.id), machine.id)
            except TimeoutError:
                return ProviderBusy(_(words.NO_ANSWER_FROM).format(machine=machine.name))
            except ProviderError as error:
                return _of(machine, error)
        return _of(machine, ProviderRefused(_(UNFORESEEN)))


def _of(machine: AskedMachine, error: ProviderError) -> ProviderError:
    """Return the error with the machine it is about."""
    detail = _(words.FROM_MACHINE).format(machine=machine.name, detail=error.detail)
    if isinstance(error, ProviderRefused):
        return ProviderRefused(detail, kind=error.kind, remedy=error.remedy)
    return ProviderBusy(detail)
