"""Keeps what this worker wants to lead and what it does lead; decides what to ask for next."""

import asyncio
from collections.abc import Collection, Mapping
from math import ceil

from msgspec import Struct

from autosky_desktop.server.coordination.port import Work


class LedPart:
    """One part that this worker would lead: `ours` while it does; `resting` while nothing is done
    of it here.
    """

    def __init__(self, *, shared_out: bool) -> None:
        self.shared_out = shared_out
        self.ours, self._given_up = asyncio.Event(), asyncio.Event()
        self.resting = True

    def give(self) -> None:
        self.ours.set()
        self._given_up.clear()

    def take_away(self) -> None:
        self.ours.clear()
        self._given_up.set()

    async def do(self, work: Work) -> None:
        """Do the work whenever the part is ours, until it ends by itself."""
        while True:
            await self.ours.wait()
            self.resting = False
            try:
                if await self._done_while_ours(work):
                    return
            finally:
                self.resting = True

    async def _done_while_ours(self, work: Work) -> bool:
        doing = asyncio.ensure_future(work())
        given_up = asyncio.create_task(self._given_up.wait())
        try:
            await asyncio.wait({doing, given_up}, return_when=asyncio.FIRST_COMPLETED)
            if doing.done():
                doing.result()
            return doing.done()
        finally:
            for task in (doing, given_up):
                task.cancel()
            await asyncio.gather(doing, given_up, return_exceptions=True)


class PartChanges(Struct, frozen=True):
    """Says what is to be asked for, and what to be let go of, by name."""

    wanted: list[str]
    unwanted: list[str]


class LedParts:
    """All parts that this worker would lead, by name."""

    def __init__(self) -> None:
        self._parts: dict[str, LedPart] = {}

    async def lead(self, name: str, work: Work, *, shared_out: bool) -> None:
        part = self._parts[name] = LedPart(shared_out=shared_out)
        try:
            await part.do(work)
        finally:
            if self._parts.get(name) is part:
                del self._parts[name]

    def look(self, led: Mapping[str, str], worker: str, workers: int) -> PartChanges:
        """Take note of who leads what, by name, and return what follows from it."""
        ours = {name for name, leader in led.items() if leader == worker}
        for name, part in self._parts.items():
            if part.ours.is_set() and name not in ours:
                part.take_away()
        shared = [name for name, part in self._parts.items() if part.shared_out]
        share = ceil(len(shared) / max(1, workers))
        held = [name for name in shared if name in ours]
        surplus = set(held[share:])
        for name in ours & self._parts.keys():
            self._settle(name, surplus=name in surplus)
        free = [name for name in self._parts if name not in led]
        room = max(0, share - len(held))
        taken = [name for name in free if self._parts[name].shared_out][:room]
        unwanted = (ours - self._parts.keys()) | {it for it in surplus if self._parts[it].resting}
        return PartChanges(
            wanted=[*(name for name in free if not self._parts[name].shared_out), *taken],
            unwanted=list(unwanted),
        )

    def give(self, names: Collection[str]) -> None:
        """Begin these: they are ours from now on."""
        for name in self._parts.keys() & set(names):
            self._parts[name].give()

    def take_away_all(self) -> None:
        """Do nothing of it any more: others may do it already."""
        for part in self._parts.values():
            part.take_away()

    def _settle(self, name: str, *, surplus: bool) -> None:
        part = self._parts[name]
        if surplus:
            part.take_away()
        elif not part.ours.is_set():
            part.give()
