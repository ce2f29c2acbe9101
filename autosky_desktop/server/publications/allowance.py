"""Limits how often users may be asked to reconnect: so many times a calendar month of the zone.

A publication is counted in the transaction that accepts or starts it, and there is one transaction
at a time. A clock that is set back brings no used-up month back, but one that was far ahead and is
put right locks none that is to come: what was counted by it lies too far ahead to count.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.local_time import month
from autosky_desktop.domain.plan import Model, Plan
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import Allowance, Publication
from autosky_desktop.domain.wire import within
from autosky_desktop.server.db import schema
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.transactions.transaction import Transaction

SET_BACK = timedelta(days=45)
"""A count that lies ahead by less was made before the clock was set back."""

table = schema.publication


async def allowance(
    connection: AsyncConnection, environment: str, now: datetime
) -> Allowance | None:
    """Return what is used in the month of `now`, or None if the environment has no limit."""
    where = schema.environment
    query = select(where.c.monthly_reconnections, where.c.time_zone)
    limit, time_zone = (await connection.execute(query.where(where.c.id == environment))).one()
    if limit is None:
        return None
    begin, end = month(now, time_zone)
    at = table.c.counted_at
    counting = at >= begin, at < max(end, now + SET_BACK)
    counted = select(func.count(), func.max(at, type_=at.type)).where(
        table.c.environment == environment, *counting, _counts()
    )
    used, last = (await connection.execute(counted)).one()
    if last is not None and last >= end:
        _, end = month(last, time_zone)
    return Allowance(limit=within(limit, 0), used=used, resets_at=end)


async def refuse_when_used(transaction: Transaction) -> None:
    """Raise Refusal when nothing is left this month."""
    found = await allowance(transaction.connection, transaction.identity, transaction.now)
    if found is not None and not found.left:
        raise Refusal(
            Code.ALLOWANCE_USED, f"{found.used} of {found.limit} are used", at=found.resets_at
        )


async def use(transaction: Transaction, publication: str) -> None:
    """Count the publication, once. Raises Refusal when nothing is left this month.

    A publication that cost nothing when it ended counts anew when it is tried again.
    """
    ours = table.c.id == publication
    counted = select(table.c.counted_at).where(ours, _counts())
    if await transaction.connection.scalar(counted):
        return
    await refuse_when_used(transaction)
    now = transaction.now
    await transaction.connection.execute(update(table).where(ours).values(counted_at=now))


def asks_at_once(plan: Plan) -> bool:
    """Return whether the plan counts at once; Keep users connected counts at its deadline."""
    return plan.model == Model.RECONNECT


def has_used(run: Publication) -> bool:
    """Return whether the publication has used a request: going on with it uses no other."""
    return run.asked_at is not None or (asks_at_once(run.plan) and not run.ended)


def _counts() -> ColumnElement[bool]:
    """Match publications that count: one that ended before users were asked cost nothing."""
    return or_(table.c.ended_at.is_(None), table.c.asked_at.is_not(None))
