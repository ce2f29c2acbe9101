"""The bench of previews, asked of an environment of 1,000 instances and 20,000 sessions.

    python tests/bench/preview.py [--instances 1000] [--sessions 20000]

A control plane of its own process, with a history of 2,000 publications and some that are
planned; asked over HTTP for every model, now and for a later moment, by a client that keeps its
connection, until the answer is decoded. Ends with 1 when the bar is missed.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx
import msgspec
from sqlalchemy import delete, insert

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.publication import Preview
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.engine import writing
from autosky_desktop.server.db.storage import open_storage
from tests.bench.history import ENVIRONMENT, row
from tests.support.serving import serving

BAR_MS, TIMES, HISTORY, PLANNED = 300.0, 30, 2000, 20
STILL = ("--speed", "0.001")
ASKED = {"minutes": 10, "message": "Please save and reconnect within {minutes} minutes."}
FIRST = datetime(2030, 1, 1, 9, tzinfo=UTC)
LATER = FIRST.isoformat()
DEADLINE = {"at": (FIRST + timedelta(hours=9)).isoformat(), "reconnection": ASKED}

# The simulated cloud has no such environment: what it would tell must not be read.
UNREADABLE = json.dumps({"environment": ENVIRONMENT, "busy_every": 1})

RECONNECT = {"model": "request-reconnection", "reconnection": ASKED}
REQUESTS: dict[str, dict[str, object]] = {
    "optimized": {},
    "optimized, sessions end": {"plan": {"options": {"terminateSessions": True}}},
    "standard": {"plan": {"model": "standard"}},
    "keep users connected": {"plan": {"model": "keep-users-connected"}},
    "with a deadline": {"plan": {"model": "keep-users-connected", "deadline": DEADLINE}},
    "request reconnection": {"plan": RECONNECT},
    "scheduled": {"plan": RECONNECT, "at": LATER},
}


async def seed(folder: Path, instances: int, sessions: int) -> None:
    engine = await open_storage(folder)
    each = sessions // instances
    crowd = [
        Instance(id=f"i-{n}", name=f"I-{n:04}", status="available", version=41, sessions=each)
        for n in range(instances)
    ]
    rows = [{"environment": ENVIRONMENT, **msgspec.structs.asdict(it)} for it in crowd]
    history = [row(number) for number in range(1, HISTORY + 1)]
    moments = [FIRST + timedelta(minutes=5 * number) for number in range(PLANNED)]
    planned = [
        {**row(HISTORY + 1 + n), "state": "scheduled", "scheduled_for": at, "started_at": None}
        for n, at in enumerate(moments)
    ]
    async with writing(engine).begin() as connection:
        await connection.execute(delete(schema.instance))
        await connection.execute(insert(schema.instance), rows)
        await connection.execute(insert(schema.publication), history)
        await connection.execute(insert(schema.publication), planned)
    await engine.dispose()


def asked(client: httpx.Client, request: dict[str, object], instances: int) -> list[float]:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = client.post(f"environments/{ENVIRONMENT}/publications/preview", json=request)
        found = msgspec.json.decode(answer.raise_for_status().content, type=Preview)
        took.append((time.perf_counter() - began) * 1000)
        assert found.instances == instances, found.instances
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=int, default=1000)
    parser.add_argument("--sessions", type=int, default=20_000)
    given = parser.parse_args()
    worst = 0.0
    with TemporaryDirectory() as home:
        folder = Path(home) / "data"
        with serving(folder, *STILL):
            pass  # the demo's environments are in it
        (folder / "cloud" / "faults.json").write_text(UNREADABLE)
        asyncio.run(seed(folder, given.instances, given.sessions))
        with serving(folder, *STILL) as client:
            for name, request in REQUESTS.items():
                took = asked(client, request, given.instances)
                worst = max(worst, max(took))
                print(f"  {name:24} p50 {statistics.median(took):6.1f} ms, most {max(took):6.1f}")
    mark = "ok" if worst <= BAR_MS else "MISSED"
    print(
        f"preview for {given.instances} instances and {given.sessions} sessions: "
        f"slowest {worst:.0f} ms (bar {BAR_MS:.0f}): {mark}"
    )
    return 0 if worst <= BAR_MS else 1


if __name__ == "__main__":
    sys.exit(main())
