"""Asks CloudWatch how busy machines are: once an account, for all that somebody looks at.

EC2 measures the processors of each machine every five minutes. Memory is measured where the
CloudWatch agent runs, and told by the id of the machine alone if it is set up to sum it up so.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from autosky_desktop.domain.environment import InstanceLoad
from autosky_desktop.domain.wire import within
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.providers.aws.account import AwsAccount
from autosky_desktop.server.providers.cloud import Platform

PERIOD = 300
AGE = timedelta(minutes=20)
"""How old a measurement may be: CloudWatch has it some minutes after its five."""
MOST_QUERIES = 500
PROCESSORS = ("AWS/EC2", "CPUUtilization")
MEMORY: Mapping[Platform, tuple[str, str]] = {
    Platform.LINUX: ("CWAgent", "mem_used_percent"),
    Platform.WINDOWS: ("CWAgent", "Memory % Committed Bytes In Use"),
}


async def read(account: AwsAccount, machines: Mapping[str, Platform]) -> dict[str, InstanceLoad]:
    """Return the loads that are told, by the id of the machine."""
    moment, ids = now(), sorted(machines)
    queries = [it for n, id_ in enumerate(ids) for it in _queries(n, id_, machines[id_])]
    told: dict[str, tuple[datetime, float]] = {}
    for first in range(0, len(queries), MOST_QUERIES):
        asked = _asked(queries[first : first + MOST_QUERIES], moment)
        found = await account.pages("cloudwatch", "get_metric_data", "MetricDataResults", **asked)
        for each in found:
            if each["Values"] and each["Id"] not in told:
                told[each["Id"]] = each["Timestamps"][0], each["Values"][0]
    loads = (_load(id_, told.get(f"c{n}"), told.get(f"m{n}")) for n, id_ in enumerate(ids))
    return {it.id: it for it in loads if it}


def question(machine: str) -> dict[str, Any]:
    """Return what CloudWatch is asked of one machine."""
    return _asked(list(_queries(0, machine, Platform.UNKNOWN)), now())


def _asked(queries: list[dict[str, Any]], moment: datetime) -> dict[str, Any]:
    return {
        "MetricDataQueries": queries,
        "StartTime": moment - AGE,
        "EndTime": moment,
        "ScanBy": "TimestampDescending",
    }


def _queries(n: int, machine: str, platform: Platform) -> Iterable[dict[str, Any]]:
    yield _query(f"c{n}", machine, *PROCESSORS)
    if platform in MEMORY:
        yield _query(f"m{n}", machine, *MEMORY[platform])


def _query(id_: str, machine: str, namespace: str, name: str) -> dict[str, Any]:
    metric = {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": [{"Name": "InstanceId", "Value": machine}],
    }
    stat = {"Metric": metric, "Period": PERIOD, "Stat": "Average"}
    return {"Id": id_, "MetricStat": stat, "ReturnData": True}


def _load(
    machine: str, cpu: tuple[datetime, float] | None, memory: tuple[datetime, float] | None
) -> InstanceLoad | None:
    moments = [it[0] for it in (cpu, memory) if it]
    if not moments:
        return None
    return InstanceLoad(
        id=machine,
        cpu=_percent(cpu[1]) if cpu else None,
        memory=_percent(memory[1]) if memory else None,
        at=min(moments),
    )


def _percent(value: float) -> float:
    return within(round(10 * value), 0, 1000) / 10
