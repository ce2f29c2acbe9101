"""Records what is asked for: before it is done, when it is refused, and when it has ended."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Activity, Outcome
from autosky_desktop.domain.problem import Code
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.activity.entries import RequestEnding
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

UNEXPECTED = "unexpected"

_OURS = uuid.UUID("0b0f4c53-5d0e-4d53-9a5c-2a3b8f0c7d11")


class LoggedRequest:
    """One request on its way into the record. `known` is what an earlier try of it left there."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        environment: str,
        entry: Activity,
        subject: str,
        known: Activity | None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._environment = environment
        self._subject = subject
        self._known = known
        if known and known.outcome in (Outcome.FAILED, Outcome.REFUSED):
            entry = replace(entry, id=str(uuid.uuid4()))  # its outcome stays; this is another try
        self.entry = entry

    @property
    def begun(self) -> bool:
        """Return whether this request was accepted before, and its answer was not heard."""
        return self._known is not None and self._known.id == self.entry.id

    @property
    def done(self) -> bool:
        return self.begun and self._known is not None and self._known.outcome == Outcome.DONE

    async def begin(self) -> None:
        """Record the request before anything is done: a crash leaves one without an outcome."""
        if not self.begun:
            async with self._unit_of_work.transaction(self._environment) as transaction:
                await entries.write(transaction, self.entry, subject=self._subject)
            self._known = self.entry

    async def end(self, ending: RequestEnding) -> None:
        async with self._unit_of_work.transaction(self._environment) as transaction:
            await entries.conclude(transaction, self.entry.id, ending)

    async def ended(self, ending: RequestEnding) -> None:
        """Record how the request ended, unless its environment does not exist."""
        with suppress(LookupError):
            if self.begun:
                await self.end(ending)
            else:
                await self._refused(ending)

    async def _refused(self, ending: RequestEnding) -> None:
        async with self._unit_of_work.transaction(self._environment) as transaction:
            entry = replace(
                self.entry,
                outcome=ending.outcome,
                reason=ending.reason,
                detail=ending.detail,
                ended_at=transaction.now,
            )
            await entries.write(transaction, entry)


class ActivityLog:
    """Begins the entries of requests and keeps each until its outcome is known."""

    def __init__(self, engine: AsyncEngine, unit_of_work: UnitOfWork, now: Now) -> None:
        self._engine = engine
        self._unit_of_work = unit_of_work
        self._now = now

    def entry(
        self,
        kind: str,
        *,
        principal: Principal | None,
        key: str,
        target: str = "",
        count: int | None = None,
    ) -> Activity:
        """Return the entry of a request, not written yet. With the same key it is the same one.
        What happens by schedule has no `principal`.
        """
        by_id = principal.id if principal else None
        return Activity(
            id=str(uuid.uuid5(_OURS, f"{kind}\n{by_id or ''}\n{key}")),
            at=self._now(),
            kind=kind,
            outcome=Outcome.RUNNING.value,
            by=principal.name if principal else None,
            by_id=by_id,
            target=target,
            count=count,
        )

    @asynccontextmanager
    async def request(
        self, environment: str, entry: Activity, *, subject: str = ""
    ) -> AsyncIterator[LoggedRequest]:
        """Record a Refusal that leaves the block, or a defect, and raise it again. What the storage
        could not keep counts as begun: the same request, asked again, goes on with it.
        """
        async with self._engine.connect() as connection:
            known = await activities.find(connection, entry.id)
        logged = LoggedRequest(self._unit_of_work, environment, entry, subject, known)
        try:
            yield logged
        except Refusal as refusal:
            await logged.ended(_ending(refusal))
            raise
        except StorageError:
            raise
        except Exception:
            await logged.ended(RequestEnding(outcome=Outcome.FAILED.value, reason=UNEXPECTED))
            raise


def _ending(refusal: Refusal) -> RequestEnding:
    busy = refusal.code is Code.PROVIDER_BUSY
    return RequestEnding(
        outcome=(Outcome.FAILED if busy else Outcome.REFUSED).value,
        reason=refusal.code.value,
        detail=refusal.detail,
    )
