"""Counts what a control plane does, under labels whose values are few: routes, states, outcomes,
and the environments that there are.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from autosky_desktop.server.providers.provider import ProviderBusy, ProviderError

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
OTHER = "other"
"""A label for what no route has: whoever calls could say anything."""
ANSWER_SECONDS = (0.005, 0.025, 0.1, 0.5, 2.5, 10)
CALL_SECONDS = (0.05, 0.25, 1, 5, 30)


class Meters:
    """The meters of one control plane, in a registry of its own. What each says is told in
    docs/operations.md.
    """

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        counter = partial(Counter, registry=registry)
        gauge = partial(Gauge, registry=registry)
        seconds = partial(Histogram, registry=registry)
        self.answers = counter(
            "autosky_requests", "answered requests", ("method", "route", "status")
        )
        self.answer_seconds = seconds(
            "autosky_request_seconds", "time to an answer", ("route",), buckets=ANSWER_SECONDS
        )
        self.calls = counter(
            "autosky_provider_calls", "calls of providers", ("environment", "outcome")
        )
        self.call_seconds = seconds(
            "autosky_provider_call_seconds", "time of a call", ("call",), buckets=CALL_SECONDS
        )
        self.publications = gauge("autosky_publications", "publications", ("state",))
        self.steps = gauge("autosky_running_steps", "publications that run", ("step",))
        self.owed = gauge("autosky_activities_running", "activities without outcome", ("kind",))
        self.readers = gauge("autosky_feed_readers", "readers of the feed")
        self.behind = gauge("autosky_feed_events_behind", "events that the slowest reader lacks")
        self.storage = gauge("autosky_storage_up", "whether the database is read")

    @contextmanager
    def provider_call(self, call: str, environment: str) -> Iterator[None]:
        """Count the call that is made in the block, with how it ended."""
        began, outcome = _now(), "failed"
        try:
            yield
            outcome = "done"
        except ProviderBusy:
            outcome = "busy"
            raise
        except ProviderError:
            outcome = "refused"
            raise
        finally:
            self.calls.labels(environment, outcome).inc()
            self.call_seconds.labels(call).observe(_now() - began)

    def around(self, app: ASGIApp) -> ASGIApp:
        """Return the application with its answers counted."""

        async def metered(scope: Scope, receive: Receive, send: Send) -> None:
            began = _now()

            async def count(message: Message) -> None:
                if message["type"] == "http.response.start":
                    self._count(scope, message["status"], _now() - began)
                await send(message)

            await app(scope, receive, count)

        return metered

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        method = str(scope.get("method"))
        route = scope.get("path_template") or OTHER
        self.answers.labels(method if method in METHODS else OTHER, route, status).inc()
        self.answer_seconds.labels(route).observe(seconds)


def _now() -> float:
    return asyncio.get_running_loop().time()
