"""Requests and answers over HTTP. No other module knows how HTTP can fail."""

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import NamedTuple, Protocol, TypeVar, cast
from urllib.parse import quote

# httpx would import these late, on the Qt thread
import anyio._backends._asyncio  # noqa: F401
import httpcore  # noqa: F401
import httpx
import msgspec

from autosky_desktop.domain.errors import (
    AnswerLost,
    AutoskyError,
    Busy,
    NotUnderstood,
    Offline,
    Refused,
    SignedOut,
)
from autosky_desktop.domain.pause import pause_after
from autosky_desktop.domain.problem import Problem

log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSES = tuple(pause_after(failures, first=0.3, longest=1.0) for failures in (1, 2))
"""Seconds before the second and the third try, where nothing was heard.

Who was silent for all of `WAIT` is not asked again: the person has waited enough.
"""

PATIENCE = 5.0
"""Seconds: who asks for a longer wait than this (Retry-After) is waited for by the person."""

LATER = 60.0
"""Seconds, where somebody asks to wait and does not say how long."""

LATEST = 600.0
"""Seconds: who asks for more is asked again after these."""

LONGER = 1.1
"""Qt's timers, which the loop of the window has, may come a twentieth early."""

WAIT = httpx.Timeout(15.0, connect=5.0)

NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""How a request fails of which the other side has heard nothing."""

UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What decoding raises; the last for an answer of nothing but brackets."""

SLOW = 5.0
"""Seconds after which an answer is missed: whether anybody is there is worth a look."""

WHOLE = 60.0
"""Seconds for all of an answer, for one that comes a byte at a time."""

LARGEST = 16_000_000
"""Bytes of an answer: five times those of 10,000 servers and as many instances."""

LARGE = 200_000
"""Bytes from which on an answer is decoded in a thread: 40 ms for 3 MB is more than a frame."""


RENEWALS = 2
"""How often another access token is asked for: the first one may have run out in its keychain."""


class AccessTokens(Protocol):
    """The access tokens of a sign-in, each of which is good for a while."""

    async def token(self) -> str: ...

    async def instead_of(self, refused: str) -> str:
        """Return another one than that, which the control plane no longer takes."""


class RenewedToken(httpx.Auth):
    """Sends an access token with each request, and the request again where that one has run out:
    nothing was done then.
    """

    def __init__(self, tokens: AccessTokens) -> None:
        self._tokens = tokens

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = await self._tokens.token()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        for _ in range(RENEWALS):
            if response.status_code != httpx.codes.UNAUTHORIZED:
                return
            token = await self._tokens.instead_of(token)
            request.headers["Authorization"] = f"Bearer {token}"
            response = yield request


def open_http(url: str, token: str | AccessTokens) -> httpx.AsyncClient:
    """Return an HTTP client of one control plane; without a token, of somebody who only signs in.
    This takes time: call it off the Qt thread.
    """
    secure = url.startswith("https:")
    # uncompressed: what is small on the line could fill the memory
    headers = {"Accept-Encoding": "identity"}
    fixed, auth = (token, None) if isinstance(token, str) else ("", RenewedToken(token))
    return httpx.AsyncClient(
        base_url=url,
        headers=headers | ({"Authorization": f"Bearer {fixed}"} if fixed else {}),
        auth=auth,
        timeout=WAIT,
        verify=ssl.create_default_context() if secure else False,
        trust_env=secure,  # a proxy of the system has no business on loopback
    )


class Reply(NamedTuple):
    """An answer that has been read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def success(self) -> bool:
        return httpx.codes.is_success(self.status)


class Transport:
    """A way to `get` and `post` that returns a decoded value or raises an AutoskyError. `slow` is
    set whenever a request has waited for an answer for long.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.slow = asyncio.Event()
        self._closed = False
        self._under_way: set[asyncio.Timeout] = set()
        self._idle = asyncio.Event()

    async def aclose(self) -> None:
        """End the requests that are under way as if the line had broken, then close the client.

        A closed client knows nothing of a request that still connects: that connection would stay.
        """
        self._closed = True
        for limit in self._under_way:
            if not limit.expired():
                limit.reschedule(0)
        try:
            if self._under_way:
                await self._idle.wait()
        finally:
            await self.http.aclose()

    async def get(self, path: str, *, answer: type[T]) -> T:
        return await _decoded(path, await self._send("GET", path), answer)

    async def post(
        self,
        path: str,
        body: msgspec.Struct | None = None,
        *,
        key: str | None = None,
        acts: bool = True,
        answer: type[T],
    ) -> T:
        """Post a request. With a `key` its repetition is the same request and may be retried.

        One that `acts` changes something: where it may have arrived, silence is AnswerLost.
        """
        content, headers = _written(body, key)
        sending = self._send("POST", path, content, headers, acts=acts)
        return await _decoded(path, await sending, answer)

    async def put(
        self, path: str, body: msgspec.Struct, *, key: str | None = None, answer: type[T]
    ) -> T:
        """Put something in the place of what is there, as `post` does."""
        content, headers = _written(body, key)
        sending = self._send("PUT", path, content, headers, acts=True)
        return await _decoded(path, await sending, answer)

    async def delete(self, path: str, *, key: str | None = None) -> None:
        """Delete something, as `post` does; there is nothing to answer."""
        reply = await self._send("DELETE", path, b"", _written(None, key)[1], acts=True)
        if not reply.success:
            raise refusal(reply)

    async def _send(
        self,
        method: str,
        path: str,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        acts: bool = False,
    ) -> Reply:
        silence: type[Offline] = Offline
        for pause in (*PAUSES, None):
            if self._closed:  # while the line was lost, or somebody waited to ask again
                raise silence(f"{method} {path}")
            try:
                answer = await self._answer(method, path, content, headers)
            except (httpx.TransportError, TimeoutError) as cause:
                log.info("%s %s: %r", method, path, cause)
                if acts and not isinstance(cause, NEVER_ARRIVED):
                    silence = AnswerLost
                if isinstance(cause, httpx.TimeoutException | TimeoutError):
                    self.slow.set()
                    pause = None
                if pause is None:
                    raise silence(f"{method} {path}") from cause
                await asyncio.sleep(pause)
            else:
                wait = asked_to_wait(answer)
                if wait is None or wait > PATIENCE or pause is None:
                    return answer
                log.info("%s %s: not before %s s", method, path, wait)
                await asyncio.sleep(wait * LONGER)
        raise AssertionError("the last try returns or raises")

    async def _answer(
        self, method: str, path: str, content: bytes, headers: Mapping[str, str] | None
    ) -> Reply:
        missed = asyncio.get_running_loop().call_later(SLOW, self.slow.set)
        limit = asyncio.timeout(WHOLE)
        self._under_way.add(limit)
        self._idle.clear()
        try:
            async with (
                limit,
                self.http.stream(method, path, content=content, headers=headers) as response,
            ):
                return await read(response)
        finally:
            missed.cancel()
            self._under_way.remove(limit)
            if not self._under_way:
                self._idle.set()


def _written(body: msgspec.Struct | None, key: str | None) -> tuple[bytes, dict[str, str]]:
    """Return a request's body as it is sent, and the headers that go with it."""
    content = msgspec.json.encode(body) if body is not None else b""
    headers = {"Content-Type": "application/json"} if content else {}
    if key:
        headers["Idempotency-Key"] = key
    return content, headers


async def read(response: httpx.Response) -> Reply:
    """Read all of an answer. Raises NotUnderstood for one that is packed or has no end."""
    plain(response)
    body = bytearray()
    async with in_parts(response) as parts:
        async for part in parts:
            body += part
            if len(body) > LARGEST:
                raise NotUnderstood(f"{response.request.url.path}: more than {LARGEST} bytes")
    return Reply(response.status_code, response.headers, bytes(body))


@asynccontextmanager
async def in_parts(response: httpx.Response) -> AsyncIterator[AsyncIterator[bytes]]:
    """Yield the body as it comes; when the block ends the answer is closed before the iteration.

    httpcore's part of the iteration cannot end itself while there is more to wait for, nor outside
    of a task.
    """
    async with aclosing(cast("AsyncGenerator[bytes, None]", response.aiter_raw())) as parts:
        try:
            yield parts
        finally:
            await response.aclose()


def plain(response: httpx.Response) -> None:
    """Raise NotUnderstood for an answer that is packed: nobody asked for that."""
    packed = response.headers.get("Content-Encoding", "identity")
    if packed != "identity":
        raise NotUnderstood(f"{response.request.url.path}: packed as {packed[:40]}")


async def _decoded(path: str, answer: Reply, shape: type[T]) -> T:
    if not answer.success:
        raise refusal(answer)
    try:
        if len(answer.body) > LARGE:
            return await asyncio.to_thread(msgspec.json.decode, answer.body, type=shape)
        return msgspec.json.decode(answer.body, type=shape)
    except UNREADABLE as cause:
        raise NotUnderstood(f"{path}: {cause}") from cause


def quoted(identity: str) -> str:
    """Return the text as one part of a path: "a/b" and ".." would lead elsewhere."""
    return quote(identity, safe="").replace(".", "%2E")


def asked_to_wait(answer: Reply) -> float | None:
    """Return the seconds to wait, when the answer is that it is too much just now."""
    said = answer.headers.get("Retry-After", "")
    seconds = min(float(said), LATEST) if said.isdecimal() else None
    if answer.status == httpx.codes.TOO_MANY_REQUESTS:
        return LATER if seconds is None else seconds
    return seconds if answer.status == httpx.codes.SERVICE_UNAVAILABLE else None


def refusal(answer: Reply) -> AutoskyError:
    """Return the error that an answer other than success stands for."""
    if answer.status == httpx.codes.TOO_MANY_REQUESTS:
        return Busy(asked_to_wait(answer) or 0.0)
    try:
        problem = msgspec.json.decode(answer.body, type=Problem)
    except UNREADABLE:
        wait = asked_to_wait(answer)
        return Busy(wait) if wait else NotUnderstood(f"{answer.status} without a document")
    known = answer.status == httpx.codes.UNAUTHORIZED
    return SignedOut(problem) if known else Refused(problem)
