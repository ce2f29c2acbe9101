"""Tells by mail how a publication ended: owed in the transaction that ends it, then sent.

What is owed is in the record of activity. A process that dies between the mail server's "250"
and writing that down sends the letter again, with the same id; one that dies before sends it then.
"""

import logging
import uuid
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.mail import MailTrouble, each_once, is_address, written_out
from autosky_desktop.domain.pause import pause_after, rest
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.activity.entries import RequestEnding
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.mail.commands import CurrentMailer
from autosky_desktop.server.mail.mailer import Mailer, NotSent
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.transactions.transaction import Transaction
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from autosky_desktop.server.wake_loop import run_wake_loop

AGAIN = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
GIVEN_UP_AFTER = timedelta(hours=1)
LATER = "4"
"""The first digit of a mail server's code for somebody who cannot be written to just now."""

LETTER = "letter:"
"""The beginning of the subject in the record; a publication's id follows."""

_OURS = uuid.UUID("5b1f4e0a-6a3c-4d0e-8c2b-7f0f6f6b3c55")

log = logging.getLogger(__name__)


async def enqueue_letter(transaction: Transaction, run: Publication) -> None:
    """Record that a publication that ended is to be told of, if anybody wants to know.

    The transaction that ends it records this too: no crash comes between the two.
    """
    if run.ended_at is None or not run.plan.emails:
        return
    entry = Activity(
        id=str(uuid.uuid5(_OURS, f"{run.id}\n{run.ended_at.isoformat()}")),
        at=transaction.now,
        kind=ActivityKind.SEND_MAIL.value,
        outcome=Outcome.RUNNING.value,
        version=run.version,
        count=len(run.plan.emails),
    )
    await entries.write(transaction, entry, subject=LETTER + run.id)


class Outbox:
    """Sends the letters that are owed; it sleeps until one is, and until it is known whether any
    can be sent.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        unit_of_work: UnitOfWork,
        bus: Bus,
        now: Now,
        mail: CurrentMailer,
    ) -> None:
        self._engine = engine
        self._unit_of_work = unit_of_work
        self._bus = bus
        self._now = now
        self._mail = mail
        self._reached: dict[str, set[str]] = {}
        self._failures: dict[str, int] = {}
        self._tried: dict[str, datetime] = {}
        self._began = now()

    async def run(self) -> None:
        again = AGAIN.total_seconds()
        await run_wake_loop(self.act, self._bus, self._now, "letters", again=again)

    async def act(self) -> float | None:
        """Send what is owed. Return the seconds until something is to be tried again, or None."""
        owed = await self._owed()
        for environment, publication, entry in owed:
            if not self._left(entry.id):
                await self._tell(environment, publication, entry)
        if owed and not self._mail.known:
            return AGAIN.total_seconds()
        waits = [self._left(identity).total_seconds() for identity in self._tried]
        return min(waits, default=None)

    async def _owed(self) -> list[tuple[str, str, Activity]]:
        kind = ActivityKind.SEND_MAIL.value
        async with self._engine.connect() as connection:
            somewhere = await activities.unseen_somewhere(connection, [kind])
            return [
                (environment, subject.removeprefix(LETTER), entry)
                for environment in {environment for _, environment in somewhere}
                for subject, entry in await activities.unseen(connection, environment)
                if entry.kind == kind
            ]

    async def _tell(self, environment: str, publication: str, entry: Activity) -> None:
        waits_since = max(entry.at, self._began)  # before, nobody could have sent it
        late = abs(self._now() - waits_since) >= GIVEN_UP_AFTER
        if not (self._mail.known or late):
            return
        ending = _failed(MailTrouble.FAILED)
        try:
            with guarded(log, f"the letter of {publication}", but=(NotSent, StorageError)):
                reached = self._reached.setdefault(entry.id, set())
                ending = await self._sent(environment, publication, reached)
        except NotSent as error:
            log.warning("no letter of %s: %s", publication, error.detail)
            if not (error.for_good or late):
                self._try_again(entry)
                return
            ending = _failed(error.trouble, error.detail)
        self._tried.pop(entry.id, None)
        self._failures.pop(entry.id, None)
        self._reached.pop(entry.id, None)
        async with self._unit_of_work.transaction(environment) as transaction:
            await entries.conclude(transaction, entry.id, ending)

    def _try_again(self, entry: Activity) -> None:
        self._tried[entry.id] = self._now()
        self._failures[entry.id] = self._failures.get(entry.id, 0) + 1

    def _left(self, identity: str) -> timedelta:
        """Return what is left of the pause before the next try."""
        if identity not in self._tried:
            return timedelta()
        pause = pause_after(
            self._failures[identity],
            first=AGAIN.total_seconds(),
            longest=LONGEST_PAUSE.total_seconds(),
        )
        return rest(self._tried[identity], timedelta(seconds=pause), self._now())

    async def _sent(self, environment: str, publication: str, reached: set[str]) -> RequestEnding:
        if self._mail.mailer is None:
            return _failed(MailTrouble.NO_SERVER)
        async with self._engine.connect() as connection:
            found = await publications.find(connection, publication)
            where = await environments.find(connection, environment)
        assert found is not None
        assert where is not None
        return await _delivered(self._mail.mailer, found[1], where, reached)


async def _delivered(
    mailer: Mailer, run: Publication, where: Environment, reached: set[str]
) -> RequestEnding:
    """Send the letter to all whom it can reach: one odd address keeps it from nobody else.

    `reached` are those who have it already. Raises NotSent while the server puts somebody off.
    """
    from autosky_desktop.server.mail.letter import letter  # not before there is one

    asked = each_once(run.plan.emails)
    missed = {email: "" for email in asked if not is_address(email)}
    if to := [email for email in asked if email not in missed and email not in reached]:
        message = letter(run, where.name, where.time_zone, sender=mailer.sender, to=to)
        refused = await mailer.send(message)
        missed |= {email: why for email in to if (why := refused.get(written_out(email)))}
    reached.update(email for email in to if email not in missed)
    if not missed:
        return entries.DONE
    named = ", ".join(f"{email} ({why})" if why else email for email, why in missed.items())
    if any(why.startswith(LATER) for why in missed.values()):
        raise NotSent(named, for_good=False, trouble=MailTrouble.RECIPIENTS)
    return _failed(MailTrouble.RECIPIENTS, named)


def _failed(trouble: MailTrouble, detail: str = "") -> RequestEnding:
    return RequestEnding(outcome=Outcome.FAILED.value, reason=trouble.value, detail=detail)
