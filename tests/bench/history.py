"""100,000 publications of one environment: what a page of them costs whoever asks for it.

    python tests/bench/history.py [--publications 100000]

A control plane of its own process on a database of so many; asked over HTTP, by a client that
keeps its connection, until its answer is decoded. Ends with 1 when the bar is missed.
"""

import argparse
import asyncio
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

import httpx
import msgspec
from sqlalchemy import insert

from autosky_desktop.domain.plan import Plan
from autosky_desktop.domain.publication import STEPS, PublicationPage, Step
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.engine import writing
from autosky_desktop.server.db.storage import open_storage
from tests.support.serving import serving

ENVIRONMENT, BAR_MS, TIMES = "erp-production", 100.0, 30
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MODELS = ("optimized", "standard", "keep-users-connected", "request-reconnection")
PUBLISHERS = ("Ana Lima", "Rui Teixeira", "Eva Moraes", "Leo Dias", "Bia Costa")
NOTES = ("New tax tables", "Hotfix for the invoice print", "", "Monthly roll-up of the reports")
TOGETHER = 5000

QUESTIONS: dict[str, dict[str, str]] = {
    "first page": {},
    "page in the middle": {"cursor": "50000"},
    "200 of them": {"limit": "200"},
    "model": {"model": "standard"},
    "state": {"state": "failed"},
    "rare state": {"state": "cancelled"},
    "publisher": {"by": "Eva Moraes"},
    "nobody's": {"by": "Nobody"},
    "a week long ago": {"since": "2020-02-01T00:00:00Z", "until": "2020-02-08T00:00:00Z"},
    "search in notes": {"search": "invoice"},
    "search for a name": {"search": "moraes"},
    "search for a version": {"search": "17"},
    "search for nothing": {"search": "no such word"},
    "scheduled": {"scheduled": "true"},
    "past runs": {"scheduled": "false", "planned": "true"},
    "all together": {
        "model": "standard", "state": "failed", "by": "Eva Moraes", "search": "no such word",
        "since": "2020-01-01T00:00:00Z", "until": "2040-01-01T00:00:00Z",
    },
}  # fmt: skip


def row(number: int) -> dict[str, object]:
    at = FIRST + timedelta(minutes=30 * number)
    ended = at + timedelta(minutes=17)
    steps = [Step(name=it, state="succeeded", started_at=at, ended_at=ended) for it in STEPS]
    rare = number % 10_000 == 0
    return {
        "number": number,
        "id": f"p{number}",
        "environment": ENVIRONMENT,
        "version": number,
        "model": MODELS[number % 4],
        "plan": Plan(model=MODELS[number % 4]),
        "state": "cancelled" if rare else "failed" if number % 11 == 0 else "succeeded",
        "publisher": PUBLISHERS[number % 5],
        "requested_by": "ana",
        "requested_at": at,
        "steps": steps,
        "note": NOTES[number % 4],
        "started_at": at,
        "ended_at": ended,
        "instances_replaced": 12,
        "sessions_ended": 0,
    }


async def seed(folder: Path, publications: int) -> None:
    engine = await open_storage(folder)
    for begin in range(1, publications + 1, TOGETHER):
        rows = [row(n) for n in range(begin, min(begin + TOGETHER, publications + 1))]
        async with writing(engine).begin() as connection:
            await connection.execute(insert(schema.publication), rows)
    await engine.dispose()


def asked(client: httpx.Client, question: dict[str, str]) -> list[float]:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = client.get(f"environments/{ENVIRONMENT}/publications", params=question)
        msgspec.json.decode(answer.raise_for_status().content, type=PublicationPage)
        took.append((time.perf_counter() - began) * 1000)
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publications", type=int, default=100_000)
    given = parser.parse_args()
    worst = 0.0
    with TemporaryDirectory() as home:
        folder = Path(home) / "data"
        with serving(folder):
            pass  # the demo's environments are in it
        asyncio.run(seed(folder, given.publications))
        with serving(folder) as client:
            for name, question in QUESTIONS.items():
                took = asked(client, question)
                worst = max(worst, max(took))
                print(f"  {name:22} p50 {statistics.median(took):6.1f} ms, most {max(took):6.1f}")
    mark = "ok" if worst <= BAR_MS else "MISSED"
    print(f"{given.publications} publications, slowest {worst:.0f} ms (bar {BAR_MS:.0f}): {mark}")
    return 0 if worst <= BAR_MS else 1


if __name__ == "__main__":
    sys.exit(main())
