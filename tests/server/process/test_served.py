"""A control plane on its own, as a service runs it: how it ends, and what it logs."""

import json
import sys
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.support.served import Served
from tests.support.waiting import eventually

STREAMS = 50
AT_MOST_SECONDS = 10.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")


def test_it_ends_soon_with_streams_open_and_a_publication_on_its_way(tmp_path: Path) -> None:
    with ExitStack() as stack:
        plane = stack.enter_context(Served(tmp_path, "--speed", "1"))
        limits = httpx.Limits(max_connections=None)
        client = stack.enter_context(
            httpx.Client(base_url=plane.url, headers=plane.headers, limits=limits, timeout=30)
        )
        asked = {"expectedVersion": 58, "plan": {"options": {"terminateSessions": True}}}
        answer = client.post(
            "/v1/environments/erp-staging/publications",
            json=asked,
            headers={"Idempotency-Key": "p"},
        )
        assert answer.status_code == 202, answer.text
        streams = [stack.enter_context(client.stream("GET", "/v1/events")) for _ in range(STREAMS)]
        chunks = [stream.iter_bytes() for stream in streams]
        assert {next(each) for each in chunks} == {b": connected\n\n"}
        assert plane.stop() < AT_MOST_SECONDS
    with Served(tmp_path, "--speed", "1") as again:  # and goes on with what it had begun
        path = f"{again.url}/v1/environments/erp-staging"
        newest = httpx.get(path, headers=again.headers).json()["publications"][0]
        assert (newest["version"], newest.get("endedAt")) == (58, None)


def test_its_log_can_be_lines_of_json_that_name_each_request(tmp_path: Path) -> None:
    with Served(tmp_path, "--log-format", "json") as plane:
        answer = httpx.get(f"{plane.url}/v1/me", headers=plane.headers)
        identity = answer.headers["x-request-id"]
        eventually(lambda: identity in plane.errors.read_text())
        httpx.get(f"{plane.url}/v1/me\u2028{{", headers=plane.headers)
        plane.stop()
        lines = [json.loads(line) for line in plane.errors.read_text().splitlines()]
    line = next(it for it in lines if it["request"] == identity)
    assert (line["method"], line["path"], line["status"], line["level"]) == (
        "GET", "/v1/me", 200, "info",
    )  # fmt: skip
    assert line["ms"] >= 0
    assert line["time"].endswith("+00:00")
    assert not (tmp_path / "data" / "logs" / "control-plane.log").exists()
