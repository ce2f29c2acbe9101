"""Requests and answers. The only place that knows how HTTP can fail."""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from typing import TypeVar

import httpcore  # noqa: F401  httpx would import it late, on the Qt thread
import httpx
import msgspec

from autosky_desktop.domain.errors import (
    AutoskyError,
    Busy,
    NotUnderstood,
    Offline,
    Refused,
    SignedOut,
)
from autosky_desktop.domain.problem import Problem

log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSES = (0.2, 0.8)
"""Seconds before the second and the third try, where nothing was heard.

Who was silent for all of `WAIT` is not asked again: the person has waited enough.
"""

PATIENCE = 5.0
"""Seconds: who asks for a longer wait than this (Retry-After) is waited for by the person."""

LATER = 60.0
"""Seconds, where somebody asks to wait and does not say how long."""

LONGER = 1.1
"""Qt's timers, which the loop of the window has, may come a twentieth early."""

WAIT = httpx.Timeout(15.0, connect=5.0)

UNREADABLE = (msgspec.MsgspecError, RecursionError)
"""What decoding raises; the latter for an answer of nothing but brackets."""

LARGE = 200_000
"""Bytes from which on an answer is decoded in a thread: 40 ms for 3 MB is more than a frame."""


def open_http(url: str, token: str) -> httpx.AsyncClient:
    """A client of one control plane. Costs time: not on the Qt thread."""
    secure = url.startswith("https:")
    return httpx.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=WAIT,
        verify=ssl.create_default_context() if secure else False,
        trust_env=secure,  # a proxy of the system has no business on loopback
    )


class Transport:
    """`get` and `post` that answer with a decoded value or raise an AutoskyError."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def get(self, path: str, *, answer: type[T]) -> T:
        return await self._read(await self._send("GET", path), answer)

    async def post(
        self,
        path: str,
        body: msgspec.Struct | None = None,
        *,
        key: str | None = None,
        answer: type[T],
    ) -> T:
        """`key` makes a repeated request the same request, so that even a POST may be retried."""
        content = msgspec.json.encode(body) if body is not None else b""
        headers = {"Content-Type": "application/json"} if content else {}
        if key:
            headers["Idempotency-Key"] = key
        return await self._read(await self._send("POST", path, content, headers), answer)

    async def _send(
        self, method: str, path: str, content: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        for pause in (*PAUSES, None):
            try:
                response = await self.http.request(method, path, content=content, headers=headers)
            except httpx.DecodingError as cause:
                raise NotUnderstood(f"{path}: {cause}") from cause
            except httpx.TransportError as cause:
                log.info("%s %s: %r", method, path, cause)
                if pause is None or isinstance(cause, httpx.TimeoutException):
                    raise Offline(f"{method} {path}") from cause
                await asyncio.sleep(pause)
            else:
                wait = asked_to_wait(response)
                if wait is None or wait > PATIENCE or pause is None:
                    return response
                log.info("%s %s: not before %s s", method, path, wait)
                await asyncio.sleep(wait * LONGER)
        raise AssertionError("the last try returns or raises")

    async def _read(self, response: httpx.Response, answer: type[T]) -> T:
        body = response.content
        if not response.is_success:
            raise refusal(response)
        try:
            if len(body) > LARGE:
                return await asyncio.to_thread(msgspec.json.decode, body, type=answer)
            return msgspec.json.decode(body, type=answer)
        except UNREADABLE as cause:
            raise NotUnderstood(f"{response.request.url.path}: {cause}") from cause


def asked_to_wait(response: httpx.Response) -> float | None:
    """Seconds, when the answer is that it is too much just now."""
    said = response.headers.get("Retry-After", "")
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return float(said) if said.isdecimal() else LATER
    busy = response.status_code == httpx.codes.SERVICE_UNAVAILABLE and said.isdecimal()
    return float(said) if busy else None


def refusal(response: httpx.Response) -> AutoskyError:
    """The error that an answer other than success stands for; its body has been read."""
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return Busy(asked_to_wait(response) or 0.0)
    try:
        problem = msgspec.json.decode(response.content, type=Problem)
    except UNREADABLE:
        wait = asked_to_wait(response)
        return Busy(wait) if wait else NotUnderstood(f"{response.status_code} without a document")
    known = response.status_code == httpx.codes.UNAUTHORIZED
    return SignedOut(problem) if known else Refused(problem)
