"""Reads what is asked strictly, and encodes answers, each with its ETag."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Annotated, Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter

from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.wire import EARLIEST, LATEST, out_of_bounds
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.refusal import Refusal

JSON = "application/json"
AuthenticatedRequest = Request[Principal, None, Any]
S = TypeVar("S", bound=msgspec.Struct)

IfNoneMatch = Annotated[str | None, HeaderParameter(name="If-None-Match")]
COMMAND_PROBLEMS = specs(400, 404, 409, 415, 422, 503, 507)
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


def refuse_loose_moments(request: AuthenticatedRequest, *names: str) -> None:
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
