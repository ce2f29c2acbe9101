"""The bench of estimates: how good the time left is, after ten runs of the environment.

    python tests/bench/estimate.py [--runs 40]

The simulated cloud makes images and replaces instances, in its own time, while people come and
go; the runs are written down as the control plane would. After ten runs of an environment, the
time left is asked for when a run begins and when a quarter, a half and three quarters of it are
over, and held against what came. Ends with 1 when the bar is missed.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from msgspec.structs import replace

from autosky_desktop.domain import estimate
from autosky_desktop.domain.plan import Options, Plan
from autosky_desktop.domain.publication import Publication, Step, StepName
from autosky_desktop.server.providers.simulated import SimulatedProvider
from tests.support.cloud import Time
from tests.support.rolling import Rolling

ENVIRONMENTS = ("erp-production", "erp-staging", "payroll")
LEARNED, CLOSE, BAR = 10, 0.25, 0.9
LOOK_SECONDS = 2.0
BETWEEN = timedelta(hours=3)
PARTS = ("at its beginning", "after a quarter", "after a half", "after three quarters")


class Told(NamedTuple):
    at: datetime
    span: estimate.Span


class Judged(NamedTuple):
    error: float
    within: bool


Look = Callable[[], Awaitable[tuple[str, int, int, int]]]
"""The state of what runs, how much of how much is done, and the sessions left."""


class Evening:
    """The evening of one publication, followed from its first step to its last."""

    def __init__(self, cloud: SimulatedProvider, time: Time, history: list[Publication]) -> None:
        self._cloud = cloud
        self._time = time
        self._history = history
        self.told: list[Told] = []

    async def publish(self, environment: str, number: int, *, ends: bool) -> Publication:
        self.run = _begun(number, self._time(), ends)
        key = f"{environment}-{number}"
        async for name, look in self._steps(environment, number, key, ends):
            await self._follow(name, look)
        return replace(self.run, state="succeeded", ended_at=self._time())

    async def _steps(
        self, environment: str, number: int, key: str, ends: bool
    ) -> AsyncIterator[tuple[str, Look]]:
        cloud = self._cloud
        yield StepName.VALIDATION, _at_once
        image = await cloud.create_image(environment, key=key)

        async def of_image() -> tuple[str, int, int, int]:
            it = await cloud.image(environment, image)
            return it.state, it.percent, 100, 0

        yield StepName.IMAGE, of_image
        self._set(StepName.MODEL, state="running", started_at=self._time())
        model = await cloud.create_model(environment, image=image, version=number, key=key)
        self._set(StepName.MODEL, state="succeeded", ended_at=self._time())
        await cloud.block(environment, blocked=True, key=key)
        run = Rolling(
            cloud,
            environment,
            model,
            key=key,
            end_sessions=ends,
            moment=_at_no_time,
            clock=self._time,
        )
        total = len(await cloud.members(environment))

        async def of_replacement() -> tuple[str, int, int, int]:
            rollout = await run.turn()
            left = rollout.outdated
            sessions = sum(it.instance.sessions or 0 for it in left)
            state = "succeeded" if rollout.is_done else "running"
            return state, total - len(left), total, sessions

        yield StepName.REPLACEMENT, of_replacement
        await cloud.block(environment, blocked=False, key=f"{key}-end")
        yield StepName.FINALIZATION, _at_once

    async def _follow(self, name: str, look: Look) -> None:
        self._set(name, state="running", started_at=self._time())
        while True:
            state, done, total, _ = await look()
            self._set(name, done=done, total=total)
            if state in ("available", "succeeded"):
                break
            if span := estimate.span_left(self.run, self._history, now=self._time()):
                self.told.append(Told(self._time(), span))
            self._time.goes_on(seconds=LOOK_SECONDS)
        self._set(name, state="succeeded", ended_at=self._time())

    def _set(self, name: str, **fields: object) -> None:
        steps = [replace(it, **fields) if it.name == name else it for it in self.run.steps]
        self.run = replace(self.run, steps=steps)


async def _at_once() -> tuple[str, int, int, int]:
    return "succeeded", 0, 0, 0


async def _at_no_time() -> None:
    """Let whoever looks let the time go on."""


def _begun(number: int, now: datetime, ends: bool) -> Publication:
    names = (StepName.VALIDATION, StepName.IMAGE, StepName.MODEL, StepName.REPLACEMENT)
    return Publication(
        id=str(number),
        version=number,
        plan=Plan(options=Options(terminate_sessions=ends)),
        state="running",
        publisher="ana",
        requested_by="ana",
        requested_at=now,
        started_at=now,
        steps=[Step(name=name.value) for name in (*names, StepName.FINALIZATION)],
    )


async def evenings(environment: str, runs: int, *, ends: bool) -> list[list[Judged]]:
    time, history, found = Time(), list[Publication](), list[list[Judged]]()
    with TemporaryDirectory() as folder:
        cloud = await SimulatedProvider.open(Path(folder), clock=time, sleep=time.sleep)
        for number in range(1, LEARNED + runs + 1):
            time.now += BETWEEN
            evening = Evening(cloud, time, history)
            run = await evening.publish(environment, 100 + number, ends=ends)
            if number > LEARNED:
                found.append(judged(run, evening.told))
            history.insert(0, run)
    return found


def judged(run: Publication, told: list[Told]) -> list[Judged]:
    """Return what was told at the beginning of each quarter, against what came."""
    assert run.started_at
    assert run.ended_at
    took = run.ended_at - run.started_at
    asked = (run.started_at + took * part / len(PARTS) for part in range(len(PARTS)))
    return [_judged(run.ended_at, min(told, key=lambda it: abs(it.at - at))) for at in asked]


def _judged(ended: datetime, told: Told) -> Judged:
    left = (ended - told.at) / timedelta(seconds=1)
    return Judged(abs(told.span.usual - left) / left, told.span.low <= left <= told.span.high)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40, help="judged, of each environment")
    given = parser.parse_args()
    answers = list[Judged]()
    for ends in (False, True):
        who = "sessions end" if ends else "people stay"
        for name in ENVIRONMENTS:
            runs = asyncio.run(evenings(name, given.runs, ends=ends))
            print(f"{name}, {who}:", *(_share(part) for part in zip(*runs, strict=True)))
            answers += [it for run in runs for it in run]
    close = sum(it.error <= CLOSE for it in answers) / len(answers)
    within = sum(it.within for it in answers) / len(answers)
    mark = "ok" if close >= BAR else "MISSED"
    print(
        f"time left after {LEARNED} runs, {len(answers)} answers: within 25 % in {close:.1%} "
        f"(bar {BAR:.0%}): {mark}; in the range told {within:.0%}"
    )
    return 0 if close >= BAR else 1


def _share(answers: tuple[Judged, ...]) -> str:
    return f"{sum(it.error <= CLOSE for it in answers) / len(answers):.0%}"


if __name__ == "__main__":
    sys.exit(main())
