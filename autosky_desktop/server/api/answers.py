"""Encodes answers once, tells a caller who has one already, and gives one per idempotency key."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from itertools import chain
from typing import Annotated, Any, TypeVar
from weakref import WeakValueDictionary

import msgspec
from litestar import Request, Response
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter
from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.wire import EARLIEST, LATEST, out_of_bounds
from autosky_desktop.server.api.problems import KEY_HEADER, MEDIA_TYPE, of_refusal, specs
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.usecases.refusal import Refusal

JSON = "application/json"

log = logging.getLogger(__name__)

Asking = Request[str, None, Any]
S = TypeVar("S", bound=msgspec.Struct)

IfNoneMatch = Annotated[str | None, HeaderParameter(name="If-None-Match")]
Key = Annotated[str, HeaderParameter(name=KEY_HEADER, min_length=1, max_length=200)]

DOING = specs(400, 404, 409, 415, 422, 503, 507)
UNCHANGED = {304: ResponseSpec(None, description="What the caller has is what there is")}


def tagged(struct: msgspec.Struct, known: str | None, tag: str | None = None) -> Response[Any]:
    """Return the struct with an ETag, or 304 when the caller has that one already."""
    body = msgspec.json.encode(struct)
    etag = f'"{tag or digest(struct)}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if known is not None and _is_known(etag, known):
        return Response(None, status_code=304, headers=headers)
    return Response(body, media_type=JSON, headers=headers)


def _is_known(etag: str, known: str) -> bool:
    """Return whether the caller has that one, which a proxy may have weakened on its way."""
    parts = [part.strip().removeprefix("W/") for part in known.split(",")]
    return etag in parts or parts == ["*"]


def digest(struct: msgspec.Struct) -> str:
    return hashlib.sha1(msgspec.json.encode(struct), usedforsecurity=False).hexdigest()


def plain(struct: msgspec.Struct, status: int = 200) -> Response[Any]:
    return Response(msgspec.json.encode(struct), media_type=JSON, status_code=status)


def strictly(data: S, body: bytes) -> S:
    """Decode the body again, strictly: Litestar lets "42" pass for 42. Raises Refusal.

    It also refuses a body with a field that we do not know, however deep: it would be lost
    silently.
    """
    asked = msgspec.json.decode(body, type=type(data))
    if lost := list(_lost(msgspec.json.decode(body), msgspec.to_builtins(asked))):
        raise Refusal(Code.INVALID_REQUEST, f"nothing is known of {', '.join(lost)}")
    refuse_moments(asked)
    return asked


def _lost(given: object, taken: object) -> Iterator[str]:
    """Yield the names of fields that the body has and the decoded struct does not."""
    if isinstance(given, dict) and isinstance(taken, dict):
        for name, value in given.items():
            yield from _lost(value, taken[name]) if name in taken else (name,)


def refuse_loose_moments(request: Asking, *names: str) -> None:
    """Raise Refusal unless each is written as a moment: Litestar takes seconds for one, too."""
    for name in names:
        try:
            msgspec.convert(request.query_params.get(name), datetime | None)
        except msgspec.ValidationError as error:
            raise Refusal(Code.INVALID_REQUEST, f"{name}: {error}") from error


def refuse_moments(*asked: msgspec.Struct | datetime | None) -> None:
    """Raise Refusal for a moment without a time zone, or one too far away to reckon with."""
    for moment in chain.from_iterable(map(out_of_bounds, asked)):
        if moment.tzinfo is None:
            raise Refusal(Code.INVALID_REQUEST, "a moment without its time zone")
        years = f"{EARLIEST.year} to {LATEST.year - 1}"
        raise Refusal(Code.INVALID_REQUEST, f"{moment.isoformat()} is not in the years {years}")


class Answers:
    """Keeps the answers to requests that do something: a repeat gets the first one's answer."""

    def __init__(self, engine: AsyncEngine, recorder: Recorder, now: Now) -> None:
        self._engine = engine
        self._recorder = recorder
        self._now = now
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def once(
        self,
        request: Asking,
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
        turn = self._turns.setdefault((request.user, key), asyncio.Lock())
        async with turn:
            kept = await self._kept(request.user, key)
            if kept is None:
                status, answer = await _done(work, status)
                if status < 500:
                    await self._keep_if_can(request.user, key, fingerprint, status, answer)
            elif kept.fingerprint != fingerprint:
                raise Refusal(Code.KEY_REUSED, "the key came with another request before")
            else:
                status, answer = kept.status, kept.body
        media_type = JSON if status < 400 else MEDIA_TYPE
        return Response(answer, status_code=status, media_type=media_type)

    async def _kept(self, operator: str, key: str) -> Row[Any] | None:
        table = schema.idempotency
        query = select(table).where(table.c.operator == operator, table.c.key == key)
        async with self._engine.connect() as connection:
            return (await connection.execute(query)).one_or_none()

    async def _keep_if_can(
        self, operator: str, key: str, fingerprint: str, status: int, body: bytes
    ) -> None:
        """Keep the answer if possible; the work is done, and the caller is told so in any case."""
        try:
            await self._keep(operator, key, fingerprint, status, body)
        except StorageError as error:
            log.warning("an answer is given and not kept: %s", error)

    async def _keep(
        self, operator: str, key: str, fingerprint: str, status: int, body: bytes
    ) -> None:
        async with self._recorder.transaction() as connection:
            await connection.execute(
                insert(schema.idempotency).values(
                    operator=operator,
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
