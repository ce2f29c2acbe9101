"""Slows those who guess, without keeping out whom they try to be.

Tries in vain are counted by whom they were for together with where they came from, so a stranger
who guesses at Ana's password from elsewhere makes nobody wait but the strangers around them. A
place is also counted as such, for who tries one password with many names. Whoever knows the
password already and guesses at codes is counted by the person alone, wherever they are: nobody else
gets that far. Each try is counted before it is looked at, so that many at once are no way around.
"""

import hashlib
import math
from datetime import timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.problem import Code
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.sign_in_schema import failed_try
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.sign_in.rules import FREE_TRIES, place, wait_seconds
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

FREE_TRIES_OF_A_PLACE = 30
"""Wrong passwords of all who share an address, such as an office."""
FORGOTTEN_AFTER = timedelta(hours=1)


class Guessing:
    """One try: it counts as one in vain until it is said that it was none."""

    def __init__(self, unit_of_work: UnitOfWork, keys: dict[str, int]) -> None:
        self._unit_of_work, self._keys = unit_of_work, keys

    async def was_right(self) -> None:
        """Forget the tries of this kind, and take back what was counted for others as well."""
        async with self._unit_of_work.without_events() as connection:
            for key, free in self._keys.items():
                same = failed_try.c.key == key
                if free == FREE_TRIES:
                    await connection.execute(delete(failed_try).where(same))
                else:
                    less = update(failed_try).where(same, failed_try.c.tries > 0)
                    await connection.execute(less.values(tries=failed_try.c.tries - 1))


class Tries:
    """Counts tries in vain, and says who has to wait."""

    def __init__(self, unit_of_work: UnitOfWork, now: Now) -> None:
        self._unit_of_work, self._now = unit_of_work, now

    async def password(self, account: str, address: str) -> Guessing:
        """Count a try at a password. Raises Refusal when it comes too early."""
        where = place(address)
        return await self._counted({
            _key("password", account, where): FREE_TRIES,
            _key("place", where): FREE_TRIES_OF_A_PLACE,
        })  # fmt: skip

    async def code(self, person: str) -> Guessing:
        """Count a try at a one-time code. Raises Refusal when it comes too early."""
        return await self._counted({_key("code", person): FREE_TRIES})

    async def _counted(self, keys: dict[str, int]) -> Guessing:
        async with self._unit_of_work.without_events() as connection:
            waits = [await self._wait(connection, key, free) for key, free in keys.items()]
            longest = max(waits)
            if longest <= 0:
                for key in keys:
                    await self._count(connection, key)
        if longest > 0:
            seconds = math.ceil(longest)
            detail = f"too many tries in vain: try again in {seconds} s"
            raise Refusal(Code.TOO_MANY_TRIES, detail, retry_after=seconds)
        return Guessing(self._unit_of_work, keys)

    async def _wait(self, connection: AsyncConnection, key: str, free: int) -> float:
        """Return the seconds left to wait. If the clock was put back, the wait begins anew."""
        now, same = self._now(), failed_try.c.key == key
        query = select(failed_try).where(same).with_for_update()
        row = (await connection.execute(query)).one_or_none()
        if row is None or now - row.at > FORGOTTEN_AFTER:
            return 0.0
        if row.at > now:
            await connection.execute(update(failed_try).where(same).values(at=now))
        passed: timedelta = now - min(row.at, now)
        return wait_seconds(row.tries, free) - passed.total_seconds()

    async def _count(self, connection: AsyncConnection, key: str) -> None:
        now, same = self._now(), failed_try.c.key == key
        old = delete(failed_try).where(same, failed_try.c.at < now - FORGOTTEN_AFTER)
        await connection.execute(old)
        one_more = update(failed_try).where(same).values(tries=failed_try.c.tries + 1, at=now)
        if (await connection.execute(one_more)).rowcount:
            return
        try:
            async with connection.begin_nested():
                await connection.execute(insert(failed_try).values(key=key, tries=1, at=now))
        except IntegrityError:  # another worker was first
            await connection.execute(one_more)

    async def purge(self) -> None:
        async with self._unit_of_work.without_events() as connection:
            old = failed_try.c.at < self._now() - FORGOTTEN_AFTER
            await connection.execute(delete(failed_try).where(old))


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
