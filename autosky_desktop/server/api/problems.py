"""Every answer that is not a success, as a problem document (RFC 9457)."""

import logging
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi.datastructures import ResponseSpec

from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.domain.text import readable
from autosky_desktop.server.db.errors import StorageDamaged, StorageError, StorageGone
from autosky_desktop.server.process.logs import request_id
from autosky_desktop.server.providers.provider import ProviderError
from autosky_desktop.server.providers.retry import refusal_of
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.transactions.unit_of_work import NoSuchEnvironment

MEDIA_TYPE = "application/problem+json"
KEY_HEADER = "Idempotency-Key"
ALLOW = "allow"
BODY = "data"
"""The name by which handlers take the body."""

STATUS = {
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.LAST_ADMINISTRATOR: 409,
    Code.NOBODY_OF_THAT_NAME: 409,
    Code.SIGN_IN_REFUSED: 403,
    Code.WRONG_CODE: 403,
    Code.TICKET_OVER: 409,
    Code.TOO_MANY_TRIES: 429,
    Code.WEAK_PASSWORD: 422,
    Code.ADDRESS_NOT_ALLOWED: 403,
    Code.NOT_LET_IN: 403,
    Code.OPENID_FAILED: 409,
    Code.NOT_FOUND: 404,
    Code.INVALID_REQUEST: 400,
    Code.KEY_MISSING: 400,
    Code.KEY_REUSED: 422,
    Code.NOT_ALLOWED_NOW: 409,
    Code.PUBLICATION_RUNNING: 409,
    Code.REASON_TO_WAIT: 409,
    Code.VERSION_MOVED: 409,
    Code.NOT_SCALING: 409,
    Code.ALLOWANCE_USED: 409,
    Code.ALREADY_STARTED: 409,
    Code.ALREADY_ENDED: 409,
    Code.TOO_LATE_TO_CANCEL: 409,
    Code.NOTHING_TO_RETRY: 409,
    Code.NOT_HELD: 409,
    Code.IMAGE_GONE: 409,
    Code.CHANGED_MEANWHILE: 409,
    Code.SHUTDOWN_MOVED: 409,
    Code.SHUTDOWN_LIMIT: 409,
    Code.PUBLICATION_SCHEDULED: 409,
    Code.PAUSED: 409,
    Code.WRONG_SETTINGS: 422,
    Code.ID_TAKEN: 409,
    Code.MACHINE_TAKEN: 409,
    Code.PROVIDER_REFUSED: 409,
    Code.PROVIDER_BUSY: 503,
    Code.STORAGE_FULL: 507,
    Code.STORAGE_READ_ONLY: 503,
    Code.STORAGE_UNAVAILABLE: 503,
    Code.STORAGE_GONE: 500,
    Code.STORAGE_DAMAGED: 500,
    Code.INTERNAL: 500,
}

LEFT = "client disconnected prematurely"
"""What Litestar says of a window that no longer wants to know what it has just asked."""
FOR_GOOD = (StorageDamaged, StorageGone)
USER = "user"
"""The part of a request's scope that says who calls; a stranger's request has none."""
RETRY_AFTER = "Retry-After"
RETRY_AFTER_SECONDS = "10"
"""Sent when the storage failed: what holds it is seldom gone in a moment."""

log = logging.getLogger(__name__)


def problem(code: Code, detail: str = "", status: int | None = None, **more: Any) -> Problem:
    """Return a problem document for this request. Give `status` only where it differs from the
    usual status of the code.
    """
    return Problem(
        type=f"urn:autosky:problem:{code}",
        title=code.replace("-", " ").capitalize(),
        status=status or STATUS[code],
        code=code.value,
        detail=readable(detail),
        request=request_id.get(),
        **more,
    )


def of_refusal(refusal: Refusal) -> Problem:
    return problem(
        refusal.code,
        refusal.detail,
        by=refusal.by,
        since=refusal.since,
        version=refusal.version,
        state=refusal.state,
        at=refusal.at,
        role=refusal.role,
        managers=refusal.managers,
    )


def specs(*statuses: int) -> dict[int, ResponseSpec]:
    """Return what a route may answer besides success, for the contract: always 500, 401 and 403
    too."""
    return {
        status: ResponseSpec(Problem, generate_examples=False, media_type=MEDIA_TYPE)
        for status in (401, 403, 500, *statuses)
    }


def _answer(document: Problem, headers: dict[str, str] | None = None) -> Response[bytes]:
    body = msgspec.json.encode(document)
    return Response(body, status_code=document.status, media_type=MEDIA_TYPE, headers=headers)


def _on_refusal(_: Request[Any, Any, Any], error: Refusal) -> Response[bytes]:
    wait = {} if error.retry_after is None else {RETRY_AFTER: str(error.retry_after)}
    return _answer(of_refusal(error), wait)


def _on_http(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    if error.status_code == 404:
        document = problem(Code.NOT_FOUND, error.detail)
    elif error.detail == LEFT:
        log.info("somebody left before their request was whole")  # and reads no answer
        document = problem(Code.INTERNAL)
    elif error.status_code >= 500:
        return _on_defect(_, error)
    elif KEY_HEADER in error.detail:
        document = problem(Code.KEY_MISSING, error.detail)
    else:
        document = problem(Code.INVALID_REQUEST, _sentence(error), error.status_code)
    return _answer(document, _told(error.headers or {}))


def _told(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the framework's headers without OPTIONS in Allow: it is no part of the contract."""
    allowed = sorted(set(headers.get(ALLOW, "").split(", ")) - {"", "OPTIONS"})
    return {**headers, **({ALLOW: ", ".join(allowed)} if allowed else {})}


def _sentence(error: HTTPException) -> str:
    if isinstance(error.extra, list):
        return "; ".join(map(_said, error.extra))
    return error.detail


def _said(item: Mapping[str, Any]) -> str:
    """Return what is wrong with a part of the request. Of one that is missing, the framework says
    its name in its own code.
    """
    key, said = item.get("key", ""), str(item.get("message", ""))
    if said != repr(key):
        return said
    return "a body is missing" if key == BODY else f"{key} is missing"


def _on_loose(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    return _answer(problem(Code.INVALID_REQUEST, str(error)))


def _on_gone(_: Request[Any, Any, Any], error: NoSuchEnvironment) -> Response[bytes]:
    return _answer(problem(Code.NOT_FOUND, f"no environment {error}"))


def _on_provider(_: Request[Any, Any, Any], error: ProviderError) -> Response[bytes]:
    return _answer(of_refusal(refusal_of(error)))


def _on_storage(request: Request[Any, Any, Any], error: StorageError) -> Response[bytes]:
    """Answer that the storage failed. A stranger is not told where it is, and by which account."""
    log.error("storage: %s", error)
    later = {} if isinstance(error, FOR_GOOD) else {RETRY_AFTER: RETRY_AFTER_SECONDS}
    detail = str(error) if USER in request.scope else ""
    return _answer(problem(Code(error.word), detail), later)


def _on_defect(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    log.error("a request could not be answered", exc_info=error)
    return _answer(problem(Code.INTERNAL))


HANDLERS: dict[type[Exception] | int, Any] = {
    Refusal: _on_refusal,
    HTTPException: _on_http,
    msgspec.MsgspecError: _on_loose,
    UnicodeDecodeError: _on_loose,  # a body that is no UTF-8
    RecursionError: _on_loose,  # a body of nothing but brackets
    NoSuchEnvironment: _on_gone,
    ProviderError: _on_provider,
    StorageError: _on_storage,
    Exception: _on_defect,
}
