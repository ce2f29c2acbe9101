"""Has instances let people on, or keeps them out, and notes that at the instance itself.

What keeps people out may be gone after a restart. So whoever sees a system answer that started anew
has what is noted done again.
"""

import logging
from asyncio import Lock
from collections import defaultdict
from collections.abc import Iterable, Sequence

from autosky_desktop.server.providers.cloud import Cloud
from autosky_desktop.server.providers.guest import Channel, Guest
from autosky_desktop.server.providers.lease import Lease
from autosky_desktop.server.providers.provider import (
    Admission,
    Member,
    ProviderError,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.server.providers.signed_in import AskedMachine, SignedIn

log = logging.getLogger(__name__)


class Admissions:
    """The admission to the instances of one environment."""

    def __init__(self, cloud: Cloud, signed_in: SignedIn, lease: Lease) -> None:
        self._cloud, self._signed_in, self._lease = cloud, signed_in, lease
        self._turns = defaultdict[str, Lock](Lock)
        self._boots: dict[str, str] = {}
        """On which boot of a machine we had it done last; empty: it had told none yet."""

    async def admit(
        self, members: Iterable[Member], up: Iterable[AskedMachine], admission: Admission
    ) -> list[ProviderError]:
        """Have those that are up let people on, or not, and note it for all; return why some did
        not do so.
        """

        async def admit(guest: Guest, channel: Channel, id_: str) -> None:
            async with self._turns[id_]:
                await guest.admit(channel, allowed=admission is Admission.OPEN)
                self._boots[id_] = self._signed_in.boot(id_)

        answers = await self._signed_in.each(up, admit)
        failed = {id_: it for id_, it in answers.items() if isinstance(it, ProviderError)}
        for id_ in (it.instance.id for it in members):
            if id_ not in failed:
                try:
                    await self._cloud.mark(id_, admission)
                except ProviderRefused as refused:
                    failed[id_] = refused
        return [it for it in failed.values() if not _is_of_gone(it)]

    async def put_back(self, members: Sequence[Member], up: Iterable[AskedMachine]) -> None:
        """Keep people out again where that is noted and the system started anew since."""

        async def keep_out(guest: Guest, channel: Channel, id_: str) -> None:
            async with self._turns[id_]:
                if self._started_anew(id_):  # nobody did it meanwhile
                    await guest.admit(channel, allowed=False)
                    self._boots[id_] = self._signed_in.boot(id_)

        closed = {it.instance.id for it in members if it.admission is not Admission.OPEN}
        undone = [it for it in up if it.id in closed and self._started_anew(it.id)]
        if not undone:
            return
        try:
            await self._lease.take()
        except ProviderError as error:  # who has the environment sees to it
            log.info("admission is not put back: %s", error.detail)
            return
        answers = await self._signed_in.each(undone, keep_out)
        for id_, answer in answers.items():
            if isinstance(answer, ProviderError):
                log.warning("%s lets people on although it should not: %s", id_, answer.detail)

    def forget(self, present: Iterable[str]) -> None:
        """Forget all machines but these."""
        there = set(present)
        self._boots = {id_: boot for id_, boot in self._boots.items() if id_ in there}
        for gone in self._turns.keys() - there:
            del self._turns[gone]

    def _started_anew(self, machine: str) -> bool:
        boot = self._signed_in.boot(machine)
        if boot and self._boots.get(machine) == "":  # the first that it tells is the one of then
            self._boots[machine] = boot
        return bool(boot) and self._boots.get(machine) != boot


def _is_of_gone(error: ProviderError) -> bool:
    """Return whether the machine is gone, which lets nobody on."""
    return isinstance(error, ProviderRefused) and error.kind is RefusalKind.NOT_FOUND
