"""Prometheus reads what a served control plane does; a workstation's has no such port."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from autosky_desktop.server.api.sockets import bind
from autosky_desktop.server.providers.simulated import Faults
from tests.server.feed.test_routes import feed, last_event, start
from tests.support.control_plane import Running, running_control_plane
from tests.support.served import Served
from tests.support.waiting import eventually

UPDATE = "environments/payroll/provider-update"


class Watched:
    """A control plane with its metrics."""

    def __init__(self, running: Running, port: int) -> None:
        self.running = running
        self.url = f"http://127.0.0.1:{port}/metrics"

    def read(self) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
        answer = httpx.get(self.url)
        assert answer.status_code == 200
        return {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float:
        return self.read().get((f"autosky_{name}", tuple(sorted(labels.items()))), 0.0)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    listener = bind("127.0.0.1", 0)
    port = listener.getsockname()[1]
    with running_control_plane(tmp_path, metrics=listener) as running:
        yield Watched(running, port)


def test_requests_are_counted_by_route_and_status(watched: Watched) -> None:
    with watched.running.client() as client:
        for environment in ("payroll", "erp-staging", "none-of-ours"):
            client.get(f"environments/{environment}")
        client.get("a/path/of/nobody")
        client.request("BREW", "me")
    route = "/v1/environments/{environment}"
    assert watched.value("requests_total", method="GET", route=route, status="200") == 2
    assert watched.value("requests_total", method="GET", route=route, status="404") == 1
    assert watched.value("request_seconds_count", route=route) == 3
    routes = {dict(labels).get("route") for name, labels in watched.read() if "requests" in name}
    assert not {it for it in routes if it and ("nobody" in it or "payroll" in it)}
    methods = {dict(labels).get("method") for _, labels in watched.read()}
    assert "BREW" not in methods
    assert "other" in methods


def test_strangers_are_counted_and_make_no_labels(watched: Watched) -> None:
    for number in range(5):
        httpx.get(f"{watched.running.url}/v1/environments/{number}")
    assert watched.value("requests_total", method="GET", route="other", status="401") == 5


def test_calls_of_providers_are_counted_by_environment_and_how_they_ended(
    watched: Watched,
) -> None:
    with watched.running.client() as client:
        before = watched.value("provider_calls_total", environment="payroll", outcome="done")
        client.post(UPDATE, headers={"Idempotency-Key": "a"})
        eventually(
            lambda: (
                watched.value("provider_calls_total", environment="payroll", outcome="done")
                > before
            )
        )
        assert watched.value("provider_call_seconds_count", call="read") > 0
        watched.running.break_cloud(Faults(busy_next=50))
        client.post(UPDATE, headers={"Idempotency-Key": "b"})
        eventually(
            lambda: watched.value("provider_calls_total", environment="payroll", outcome="busy") > 0
        )


def test_readers_of_the_feed_and_how_far_they_are_behind(watched: Watched) -> None:
    with watched.running.client() as client:
        position = last_event(client)
        events = feed(client, **{"Last-Event-ID": str(position)})
        start(client)
        assert next(events).event == "change"
        assert watched.value("feed_readers") == 1
        eventually(lambda: watched.value("feed_events_behind") == 0)
    eventually(lambda: watched.value("feed_readers") == 0)


def test_publications_are_counted_by_state_and_step(watched: Watched) -> None:
    path = "environments/erp-staging"
    with watched.running.client() as client:
        before = watched.value("publications", state="succeeded")
        asked = {
            "expectedVersion": 58,
            "plan": {"options": {"terminateSessions": True}},
        }
        answer = client.post(f"{path}/publications", json=asked, headers={"Idempotency-Key": "p"})
        assert answer.status_code == 202, answer.text
        eventually(
            lambda: watched.value("publications", state="succeeded") == before + 1, within=60
        )
    assert watched.value("running_steps", step="image-creation") == 0
    assert watched.value("storage_up") == 1


def test_nothing_else_is_on_that_port(watched: Watched) -> None:
    for path in ("", "/", "/v1/me", "/metrics/more"):
        assert httpx.get(watched.url.replace("/metrics", path)).status_code == 404
    assert httpx.post(watched.url).status_code == 404


def test_a_served_control_plane_says_where_it_answers_prometheus(tmp_path: Path) -> None:
    with Served(tmp_path, "--metrics", "0") as plane:
        where = plane.line().removeprefix("Metrics on ")
        assert "autosky_publications{" in httpx.get(where).text


def test_a_workstation_loads_nothing_of_it() -> None:
    program = "import sys; from autosky_desktop.server import plane; plane.load_api()"
    program += "; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "autosky_desktop.server.application" in loaded
    assert not [it for it in loaded if it.split(".")[0] in ("prometheus_client", "psycopg")]
