"""Lets every request in: gives it an id, checks its host and who it comes from, and logs it."""

import asyncio
import logging
import re
import uuid
from collections.abc import Iterable, Mapping

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from autosky_desktop.domain.problem import Code, Problem
from autosky_desktop.server.api.connection_limits import LET_IN
from autosky_desktop.server.api.problems import MEDIA_TYPE, problem
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.people.authenticator import Authenticator, NotSignedIn
from autosky_desktop.server.process.logs import ANSWERED, request_id

LONGEST_LOGGED = 200
SAID_ONCE = frozenset(
    {b"authorization", b"content-type", b"host", b"idempotency-key", b"last-event-id"}
)
"""Headers that may come once: if two differ, each reader might take another one."""
JSON = re.compile(rb"application/json\s*(;.*)?", re.IGNORECASE)
OPTIONS, NO_ROUTE_S = "OPTIONS", "TRACE"
"""Methods that no route has. The framework would answer the first itself."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})

log = logging.getLogger(__name__)


class AuthMiddleware:
    """Lets requests in or refuses them. `hosts` are the names a request may call this host by; None
    allows any. Whoever calls one of `open_paths` is not asked who they are.

    Without that check a page in the operator's browser could have its own name resolve to the
    loopback address and speak to us as one of its own. No page is one of ours: where names
    matter, what a browser sends in the name of one is refused as well.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        authenticator: Authenticator,
        open_paths: frozenset[str],
        hosts: frozenset[str] | None,
    ) -> None:
        self._app = app
        self._authenticator = authenticator
        self._open_paths = open_paths
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            await self._answer(scope, receive, send)

    async def _answer(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        identity = uuid.uuid4().hex[:12]
        request_id.set(identity)
        loop = asyncio.get_running_loop()
        began = loop.time()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", identity.encode())]
                took = (loop.time() - began) * 1000
                said = (scope["method"], _as_sent(scope), message["status"], took)
                log.info("%s %s %d %.1f ms", *said, extra={ANSWERED: said})
            await send(message)

        refused = self._refuse(scope) or await self._sign_in(scope) or _refuse_body(scope)
        if refused is not None:
            await _send(refused, answer)
            return
        if scope["method"] == OPTIONS:
            scope["method"] = NO_ROUTE_S  # type: ignore[typeddict-item]
        await self._app(scope, receive, answer)

    def _refuse(self, scope: HTTPScope) -> Problem | None:
        headers = dict(scope["headers"])
        if any(headers[name] != value for name, value in scope["headers"] if name in SAID_ONCE):
            return problem(Code.INVALID_REQUEST, "a header is there twice, and says two things")
        if self._hosts is not None:
            if _host(headers.get(b"host", b"")) not in self._hosts:
                return problem(Code.INVALID_REQUEST, "called by a name that is not ours", 421)
            if b"origin" in headers:
                return problem(Code.INVALID_REQUEST, "called by a web page", 403)
        return None

    async def _sign_in(self, scope: HTTPScope) -> Problem | None:
        """Find out who calls, unless anybody may, and return why that cannot be told."""
        scope["auth"] = None
        if scope["path"] in self._open_paths:
            return None
        given = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        address = scope["client"][0] if scope["client"] else ""
        try:
            scope["user"] = await self._authenticator.principal(given, address)
        except NotSignedIn as error:
            return problem(error.code, error.reason)
        except StorageError as error:
            log.error("storage: %s", error)
            return problem(Code(error.word))
        if LET_IN in scope["state"]:
            scope["state"][LET_IN]()
        return None


def _refuse_body(scope: HTTPScope) -> Problem | None:
    if scope["method"] == "POST" and not _is_json(dict(scope["headers"])):
        return problem(Code.INVALID_REQUEST, "a body has to be application/json", 415)
    return None


def _as_sent(scope: HTTPScope) -> str:
    """Return the path still quoted: unquoted, it could hold a line break and forge a log line."""
    return scope["raw_path"][:LONGEST_LOGGED].decode("ascii", "backslashreplace")


def _is_json(headers: Mapping[bytes, bytes]) -> bool:
    """Return whether the body is JSON or empty."""
    if headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers:
        return True
    return JSON.fullmatch(headers.get(b"content-type", b"")) is not None


def _host(header: bytes) -> str:
    name = header.decode("latin-1").lower()
    return name if name.endswith("]") else name.rpartition(":")[0] or name


async def _send(document: Problem, send: Send) -> None:
    body = msgspec.json.encode(document)
    headers: Iterable[tuple[bytes, bytes]] = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"www-authenticate", b"Bearer"),
    ]
    await send({"type": "http.response.start", "status": document.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
