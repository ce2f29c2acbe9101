"""Gives one answer per idempotency key, however often a request is repeated."""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import msgspec
from litestar import Response
from litestar.params import HeaderParameter
from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.problem import Code
from autosky_desktop.server.api.bodies import JSON, AuthenticatedRequest
from autosky_desktop.server.api.problems import KEY_HEADER, MEDIA_TYPE, of_refusal
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
IdempotencyKey = Annotated[str, HeaderParameter(name=KEY_HEADER, min_length=1, max_length=200)]


class Idempotency:
    """Keeps the answers to requests that do something: a repeat gets the first one's answer."""

    def __init__(self, engine: AsyncEngine, unit_of_work: UnitOfWork, now: Now) -> None:
        self._engine = engine
        self._unit_of_work = unit_of_work
        self._now = now

    async def once(
        self,
        request: AuthenticatedRequest,
        key: str,
        work: Callable[[], Awaitable[msgspec.Struct]],
        *,
        status: int = 202,
    ) -> Response[Any]:
        """Do the work, or answer what it came to the first time, a Refusal included.

        Success has this `status`. Answers of 500 and above are not kept: the repeat tries again.
        """
        body = await request.body()
        asked = f"{request.method} {request.url.path}\n".encode() + body
        fingerprint = hashlib.sha256(asked).hexdigest()
        async with self._unit_of_work.coordination.turn(f"{request.user.id!r} {key!r}"):
            kept = await self._kept(request.user.id, key)
            if kept is None:
                status, answer = await _done(work, status)
                if status < 500:
                    await self._keep_if_can(request.user.id, key, fingerprint, status, answer)
            elif kept.fingerprint != fingerprint:
                raise Refusal(Code.KEY_REUSED, "the key came with another request before")
            else:
                status, answer = kept.status, kept.body
        media_type = JSON if status < 400 else MEDIA_TYPE
        return Response(answer, status_code=status, media_type=media_type)

    async def _kept(self, principal: str, key: str) -> Row[Any] | None:
        table = schema.idempotency
        query = select(table).where(table.c.principal == principal, table.c.key == key)
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).one_or_none()

    async def _keep_if_can(
        self, principal: str, key: str, fingerprint: str, status: int, body: bytes
    ) -> None:
        """Keep the answer if possible; the work is done, and the caller is told so in any case."""
        try:
            await self._keep(principal, key, fingerprint, status, body)
        except StorageError as error:
            log.warning("an answer is given and not kept: %s", error)

    async def _keep(
        self, principal: str, key: str, fingerprint: str, status: int, body: bytes
    ) -> None:
        async with self._unit_of_work.without_events() as connection:
            await connection.execute(
                insert(schema.idempotency).values(
                    principal=principal,
                    key=key,
                    fingerprint=fingerprint,
                    status=status,
                    body=body,
                    at=self._now(),
                )
            )


async def _done(work: Callable[[], Awaitable[msgspec.Struct]], status: int) -> tuple[int, bytes]:
    try:
        return status, msgspec.json.encode(await work())
    except Refusal as refusal:
        document = of_refusal(refusal)
        return document.status, msgspec.json.encode(document)
