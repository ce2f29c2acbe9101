"""The bench of calls to AWS: how many an environment costs an hour, and what a large one's reading.

    python tests/bench/aws_calls.py [--machines 1000]

AWS is moto's server in a process of its own. An hour of the poller passes on a clock of the bench:
an environment in which nothing happens is read as often as the poller does it, while somebody looks
at how busy instances are: first without asking for sessions, then with 40 instances that are asked
for theirs (ten minutes of that, in real time
where Systems Manager is waited for, told for an hour). Then 1,000 instances are read, and the same
answer is fetched by boto3 alone, in turn. Ends with 1 when a bar is missed.
"""

import argparse
import asyncio
import gc
import os
import sys
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

import boto3

from autosky_desktop.server.providers.aws.cloud import AwsCloud
from autosky_desktop.server.providers.aws.commands import SESSIONS_SECONDS
from autosky_desktop.server.providers.aws.plugin import plugin
from autosky_desktop.server.providers.aws.reading import ReadingPace
from autosky_desktop.server.providers.aws.settings import AwsSettings
from tests.support.aws_double import PROFILE, running_double
from tests.support.aws_world import EVERY_TIME, GROUP, opened, world

HOUR, PART = 3600.0, 600.0
MANY = 40
IDLE_BAR, MANY_BAR, RATIO_BAR = 250, 500, 1.3
READINGS = 3


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--machines", type=int, default=1000)
    machines = options.parse_args().machines
    with TemporaryDirectory() as folder:
        os.environ["AWS_CONFIG_FILE"] = f"{folder}/config"
        os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
        idle = asyncio.run(calls_idle(serve(folder, 3)))
        print(f"calls an hour, idle: {idle} (at most {IDLE_BAR})", flush=True)
        many = asyncio.run(calls_with_sessions(serve(folder, MANY)))
        print(f"calls an hour, {MANY} instances with sessions: {many} (at most {MANY_BAR})")
        ratio = asyncio.run(reading_by_bare_calls(serve(folder, machines)))
    print(f"reading {machines} instances ÷ the bare calls: {ratio:.2f} (at most {RATIO_BAR})")
    return 0 if idle <= IDLE_BAR and many <= MANY_BAR and ratio <= RATIO_BAR else 1


def serve(folder: str, instances: int) -> AwsSettings:
    """Have an environment served by another process until the bench ends."""
    ours, theirs = get_context("spawn").Pipe()
    get_context("spawn").Process(
        target=_serve, args=(theirs, Path(folder), instances), daemon=True
    ).start()
    theirs.close()  # an end of the other process is heard of then
    settings: AwsSettings = ours.recv()
    return settings


def _serve(theirs: Connection, folder: Path, instances: int) -> None:
    with running_double(folder) as new:
        aws = new()
        there = world(aws, instances=instances)
        for each in there.group()["Instances"]:
            aws.guests[each["InstanceId"]] = lambda script, shell: (0, "c1 1000 2026-11-30\n", "")
        theirs.send(there.settings())
        time.sleep(HOUR)  # the bench ends it


async def calls_idle(settings: AwsSettings) -> int:
    """Return the calls of an hour of readings."""
    now = 0.0
    with opened(settings, pace=ReadingPace(), steady=lambda: now) as cloud:
        while now < HOUR:
            await cloud.read()
            await cloud.loads()
            now += plugin.pace.settled_seconds
        return cloud.reading.account.sent.total()


async def calls_with_sessions(settings: AwsSettings) -> int:
    """Return the calls of an hour of readings in which every instance is asked, too."""
    now = 0.0
    with opened(settings, pace=ReadingPace(), steady=lambda: now) as cloud:
        while now < PART:
            ids = [it.instance.id for it in (await cloud.read()).members]
            assert len(ids) == MANY
            await cloud.loads()
            if now % SESSIONS_SECONDS == 0:
                await asyncio.gather(*(cloud.channel(it).run("who", shell="sh") for it in ids))
            now += plugin.pace.settled_seconds
        return round(cloud.reading.account.sent.total() * HOUR / PART)


async def reading_by_bare_calls(settings: AwsSettings) -> float:
    """Return how much longer a reading takes than the calls that it is made of."""
    session = boto3.Session(profile_name=PROFILE)
    ec2, scaling = session.client("ec2"), session.client("autoscaling")

    def bare() -> None:
        _all(ec2, "describe_instances", PaginationConfig={"PageSize": 1000})
        _all(scaling, "describe_auto_scaling_groups", AutoScalingGroupNames=[GROUP])
        tagged = [{"Name": "tag-key", "Values": ["autosky:environment"]}]
        _all(ec2, "describe_images", Owners=["self"], Filters=tagged)

    with opened(settings, pace=EVERY_TIME) as cloud:
        await _took(cloud)
        await asyncio.to_thread(bare)
        ours, theirs = [], []
        for _ in range(READINGS):
            ours.append(await _took(cloud))
            gc.collect()
            began = time.perf_counter()
            await asyncio.to_thread(bare)
            theirs.append(time.perf_counter() - began)
            gc.collect()
    print(f"a reading {median(ours):.2f} s, the bare calls {median(theirs):.2f} s")
    return median(ours) / median(theirs)


def _all(client: object, operation: str, **given: object) -> None:
    for _page in client.get_paginator(operation).paginate(**given):  # type: ignore[attr-defined]
        pass


async def _took(cloud: AwsCloud) -> float:
    began = time.perf_counter()
    await cloud.read()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
