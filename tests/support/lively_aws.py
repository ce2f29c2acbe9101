"""The double of AWS as a place where time passes and people come and go, in its own process."""

import asyncio
import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import RLock
from typing import Any

import requests
from moto.core.responses import BaseResponse
from moto.ec2.models import ec2_backends

from autosky_desktop.server.providers.aws.settings import AwsSettings
from tests.support.aws_double import ACCOUNT, REGION, AwsDouble, running_double
from tests.support.aws_world import world
from tests.support.machine_cloud import LinuxSystem

WEATHER = "weather.json"
MOMENT = 0.3
"""Seconds until what is on its way arrives."""
COMES, LEAVES = 0.15, 0.4
BAD = (
    {"code": "RequestLimitExceeded", "after": False},
    {"code": "ServiceUnavailable", "after": False},
    {"code": "ServiceUnavailable", "after": True},
)


class LivelyAws(AwsDouble):
    """An account that answers one request at a time, as moto is not made for several. In bad
    weather, which a file in its folder tells, some fail, or take effect and their answer is lost.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._chance = random.Random(17)
        self._systems: dict[str, LinuxSystem] = {}
        self._one_at_a_time = RLock()
        self._arrived_at = 0.0
        self._names = count(1)

    def answer(self, original: Any, response: BaseResponse) -> Any:
        with self._one_at_a_time:
            if time.monotonic() - self._arrived_at > MOMENT:
                self._arrived_at = time.monotonic()
                self.moment()
                self._people_come_and_go()
            if self._chance.random() < self._how_bad():
                self._faults.clear()
                self.fail(response._get_action(), **self._chance.choice(BAD))
            return super().answer(original, response)

    def _how_bad(self) -> float:
        file = self.folder / WEATHER
        return float(json.loads(file.read_text())["fails"]) if file.exists() else 0.0

    def _people_come_and_go(self) -> None:
        for system in self._systems.values():
            system.people = [it for it in system.people if self._chance.random() > LEAVES]
            if system.admits and self._chance.random() < COMES:
                system.signs_in(f"user{next(self._names)}")

    def moment(self) -> None:
        super().moment()
        for machine in self._running():
            self._has_system(machine)

    def _running(self) -> list[str]:
        found = ec2_backends[ACCOUNT][REGION].all_instances()
        return [it.id for it in found if it._state.name == "running"]

    def _has_system(self, machine: str) -> None:
        if machine in self.guests:
            return
        system = self._systems[machine] = LinuxSystem()

        def run(script: str, shell: str) -> tuple[int, str, str]:
            done = asyncio.run(system.run(script, shell=shell))
            return done.code, done.out, done.err

        self.guests[machine] = run


@contextmanager
def lively_aws(folder: Path, *, instances: int) -> Iterator[tuple[str, AwsSettings]]:
    """Yield the address of such an account, with an environment in it, and its settings."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_serve, args=(theirs, folder, instances))
    process.start()
    theirs.close()  # an end of the other process is heard of then
    try:
        yield ours.recv()
    finally:
        ours.close()
        process.join()


def _serve(theirs: Connection, folder: Path, instances: int) -> None:
    with running_double(folder, LivelyAws) as new:
        aws = new()
        there = world(aws, instances=instances)
        theirs.send((aws.url, there.settings()))
        try:
            theirs.recv()
        except EOFError:
            requests.post(f"{aws.url}/moto-api/reset", timeout=30)
