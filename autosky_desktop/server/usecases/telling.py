"""Telling by mail how a publication ended: owed in the transaction that ends it, then sent.

What is owed is in the record of activity. A process that dies between the mail server's "250"
and writing that down sends the letter again, with the same id; one that dies before sends it then.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.server.db import activities, reads
from autosky_desktop.server.db.activities import Ending
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.mail.post import NotSent, Postman
from autosky_desktop.server.usecases.falling_due import keep_acting
from autosky_desktop.server.usecases.owing import LETTER

AGAIN = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
GIVEN_UP_AFTER = timedelta(hours=1)
BREATH_SECONDS = 0.25
"""After news: a hundred publications have news all the time, and one look is enough for it."""

log = logging.getLogger(__name__)


class Teller:
    """Sleeps until a letter is owed. `postman` None: this control plane sends no mail."""

    def __init__(
        self,
        engine: AsyncEngine,
        recorder: Recorder,
        bus: Bus,
        now: Now,
        *,
        postman: Postman | None,
    ) -> None:
        self._engine = engine
        self._recorder = recorder
        self._bus = bus
        self._now = now
        self._postman = postman
        self._pauses: dict[str, timedelta] = {}
        self._again_at: dict[str, datetime] = {}

    async def run(self) -> None:
        again = AGAIN.total_seconds()
        await keep_acting(self.act, self._bus, "letters", again=again, breath=BREATH_SECONDS)

    async def act(self) -> float | None:
        """Send what is owed; the seconds until something is to be tried again, or None."""
        for environment, publication, entry in await self._owed():
            if self._again_at.get(entry.id, entry.at) <= self._now():
                await self._tell(environment, publication, entry)
        waits = [(at - self._now()).total_seconds() for at in self._again_at.values()]
        return max(0.0, min(waits)) if waits else None

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
        try:
            ending = await self._sent(environment, publication)
        except NotSent as error:
            log.warning("no letter of %s: %s", publication, error.detail)
            if not error.for_good and self._now() < entry.at + GIVEN_UP_AFTER:
                self._try_again(entry)
                return
            ending = _failed("mail-failed", error.detail)
        self._again_at.pop(entry.id, None)
        self._pauses.pop(entry.id, None)
        async with self._recorder.recording(environment) as recording:
            await activities.conclude(recording, entry.id, ending)

    def _try_again(self, entry: Activity) -> None:
        pause = self._pauses.get(entry.id, AGAIN)
        self._again_at[entry.id] = self._now() + pause
        self._pauses[entry.id] = min(2 * pause, LONGEST_PAUSE)

    async def _sent(self, environment: str, publication: str) -> Ending:
        if self._postman is None:
            return _failed("no-mail")
        from autosky_desktop.server.mail.letter import (  # not before there is one
            NotAnAddress,
            letter,
        )

        async with self._engine.connect() as connection:
            found = await reads.publication(connection, publication)
            where = await reads.environment(connection, environment)
        assert found is not None
        assert where is not None
        try:
            message = letter(found[1], where.name, where.time_zone, sender=self._postman.sender)
        except NotAnAddress as error:
            return _failed("mail-failed", str(error))
        refused = await self._postman.send(message)
        if refused:
            return _failed("mail-refused", ", ".join(refused))
        return activities.DONE


def _failed(reason: str, detail: str = "") -> Ending:
    return Ending(outcome=Outcome.FAILED.value, reason=reason, detail=detail)
