"""An environment in AWS keeps the promise of every provider, through Systems Manager and all."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from autosky_desktop.server.providers.checked_provider import checked
from autosky_desktop.server.providers.cloud import Platform
from autosky_desktop.server.providers.guests.linux import LinuxGuest
from autosky_desktop.server.providers.machines import machine_provider
from autosky_desktop.testing.behind_ledger import behind_ledger
from autosky_desktop.testing.instances_contract import InstancesContract
from autosky_desktop.testing.provider_contract import ProviderContract, TriedCloud
from tests.support.aws_double import AwsDouble
from tests.support.aws_world import ENVIRONMENT, opened, world
from tests.support.cloud import Time
from tests.support.machine_cloud import LinuxSystem


class Systems(dict[str, Callable[[str, str], tuple[int, str, str]]]):
    """A Linux system for each machine that somebody asks."""

    def __init__(self) -> None:
        self.of: dict[str, LinuxSystem] = {}

    def add(self, machine: str) -> LinuxSystem:
        system = self.of.setdefault(machine, LinuxSystem())

        def run(script: str, shell: str) -> tuple[int, str, str]:
            done = asyncio.run(system.run(script, shell=shell))
            return done.code, done.out, done.err

        self[machine] = run
        return system


@contextmanager
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The double ends a command at once: its end is asked for soon."""
    with monkeypatch.context() as patch:
        patch.setattr("autosky_desktop.server.providers.aws.commands.FIRST_PAUSE", 0.02)
        patch.setattr("autosky_desktop.server.providers.aws.commands.TOGETHER_SECONDS", 0.01)
        patch.setattr("autosky_desktop.server.providers.aws.commands.AGAIN_SECONDS", 0.0)
        yield


async def only_long_pauses(seconds: float) -> None:
    await asyncio.sleep(seconds if seconds > 5 else 0)


class TestAws(ProviderContract, InstancesContract):
    @pytest.fixture
    async def cloud(self, aws: AwsDouble, tmp_path, monkeypatch: pytest.MonkeyPatch):
        there, time, systems = world(aws, instances=4, least=0), Time(), Systems()
        aws.guests = aws.commands.guests = systems
        for name in there.running():
            systems.add(name)
        first, second, *_ = sorted(it["InstanceId"] for it in there.group()["Instances"])
        for account in ("ana", "bo", "eve"):
            systems.of[first].signs_in(account)
        systems.of[second].signs_in("ana")

        async def moment() -> None:
            time.goes_on(seconds=7)
            aws.moment()
            for name in there.running():
                systems.add(name)

        with quick(monkeypatch), opened(there.settings()) as made:
            provider = machine_provider(
                ENVIRONMENT, made, {Platform.LINUX: LinuxGuest()}, control_plane="plane", now=time,
                sleep=only_long_pauses,
            )  # fmt: skip
            async with behind_ledger(checked(provider), tmp_path, time) as remembered:
                await remembered.members(ENVIRONMENT)  # who is there is told after the first look
                yield TriedCloud(remembered, ENVIRONMENT, moment)
            await provider.close()
