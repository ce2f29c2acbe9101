"""Where the servers of the simulated cloud are said to be, and real machines in their place."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from autosky_desktop.domain.endpoint import Gateway
from autosky_desktop.domain.server import Power
from autosky_desktop.server.providers.simulated import Faults, SimulatedProvider, real_endpoints
from tests.support.cloud import MORNING, Time

pytestmark = pytest.mark.anyio

STAGING, PREPARATION, WEB = "erp-staging", "prep-erp-stg-01", "web-erp-stg-01"


async def opened(folder: Path, time: Time, said: Any = None, **more: Any) -> SimulatedProvider:
    real = real_endpoints.read(written(folder, said)) if said else {}
    return await SimulatedProvider.open(
        folder / "cloud", clock=time, sleep=time.sleep, real_endpoints=real, **more
    )


def written(folder: Path, said: Any) -> Path:
    file = folder / "endpoints.json"
    file.write_text(said if isinstance(said, str) else json.dumps(said))
    return file


@pytest.mark.parametrize("environment", ["erp-production", "erp-staging", "payroll"])
async def test_every_environment_has_windows_and_linux_servers(tmp_path, environment):
    provider = await opened(tmp_path, Time())
    servers = (await provider.read(environment)).servers
    found = [await provider.endpoint(environment, server.id) for server in servers]
    ways = {(it.protocol, it.port, it.account.rpartition("\\")[2]) for it in found}
    assert ways == {("rdp", 3389, "svc-maintenance"), ("ssh", 22, "maintenance")}
    assert {it.gateway.port for it in found if it.gateway} == {443, 22}


async def test_an_erp_server_is_signed_in_to_as_the_companies_name_accounts(tmp_path):
    endpoint = await (await opened(tmp_path, Time())).endpoint("erp-production", "db-erp-prod-01")
    assert (endpoint.account, endpoint.network) == ("ERPPROD\\svc-maintenance", "10.20.0.0/16")


async def test_how_long_a_start_takes_follows_the_speed(tmp_path):
    provider = await opened(tmp_path, Time(), speed=20.0)
    endpoint = await provider.endpoint(STAGING, PREPARATION)
    assert endpoint.usual_start_seconds == pytest.approx(85 / 20)


async def test_people_come_to_the_preparation_server_and_go_again(tmp_path):
    time = Time()
    provider = await opened(tmp_path, time)
    seen = set()
    for _ in range(24 * 6):
        present = (await provider.endpoint(STAGING, PREPARATION)).present
        assert present is not None
        assert all(it.since <= time.now for it in present)
        assert all(it.since > MORNING - timedelta(hours=4) for it in present)
        seen.add(frozenset((it.account, it.since) for it in present))
        time.goes_on(minutes=10)
    assert frozenset() in seen
    assert len(seen) > 5


async def test_somebody_who_is_there_has_been_since_the_same_moment(tmp_path):
    time = Time()
    provider = await opened(tmp_path, time)
    while not (before := (await provider.endpoint(STAGING, PREPARATION)).present):
        time.goes_on(minutes=1)
    time.goes_on(minutes=5)
    after = (await provider.endpoint(STAGING, PREPARATION)).present
    assert after is not None
    assert before[0] in after


async def test_a_start_finds_nobody(tmp_path):
    time = Time()
    provider = await opened(tmp_path, time)
    while not (await provider.endpoint(STAGING, PREPARATION)).present:
        time.goes_on(minutes=1)
    await provider.power(STAGING, PREPARATION, Power.RESTART, key="r")
    time.goes_on(minutes=3)
    assert (await provider.endpoint(STAGING, PREPARATION)).present == []


async def test_who_is_there_can_be_unknown(tmp_path):
    provider = await opened(tmp_path, Time(), faults=Faults(sessions_unreported=True))
    assert (await provider.endpoint(STAGING, PREPARATION)).present is None
    assert (await provider.endpoint(STAGING, WEB)).present is None


async def test_a_real_machine_stands_in_for_a_server(tmp_path):
    gateway = {"host": "127.0.0.3", "port": 2200, "account": "jump", "fingerprint": "SHA256:y"}
    machine = {
        "publicIp": "127.0.0.1", "privateIp": "127.0.0.2", "port": 2222, "protocol": "ssh",
        "account": "tester", "fingerprint": "SHA256:x", "gateway": gateway,
    }  # fmt: skip
    provider = await opened(tmp_path, Time(), {"PREP-ERP-STG-01": machine})
    endpoint = await provider.endpoint(STAGING, PREPARATION)
    assert (endpoint.protocol, endpoint.port, endpoint.account) == ("ssh", 2222, "tester")
    assert (endpoint.public_ip, endpoint.private_ip) == ("127.0.0.1", "127.0.0.2")
    assert endpoint.fingerprint == "SHA256:x"
    assert endpoint.gateway == Gateway(**gateway)
    assert endpoint.network is None
    assert not endpoint.simulated
    assert (await provider.endpoint(STAGING, WEB)).simulated


async def test_what_is_left_out_stays_as_it_was(tmp_path):
    usual = await (await opened(tmp_path / "usual", Time())).endpoint(STAGING, PREPARATION)
    provider = await opened(tmp_path, Time(), {"PREP-ERP-STG-01": {"privateIp": "127.0.0.2"}})
    endpoint = await provider.endpoint(STAGING, PREPARATION)
    assert (endpoint.protocol, endpoint.port, endpoint.account) == ("rdp", 3389, usual.account)
    assert (endpoint.public_ip, endpoint.private_ip) == (usual.public_ip, "127.0.0.2")
    assert endpoint.gateway is None


async def test_the_server_shows_the_addresses_it_is_connected_to_at(tmp_path):
    time = Time()
    said = {"PREP-ERP-STG-01": {"publicIp": "127.0.0.1", "privateIp": "127.0.0.2"}}
    provider = await opened(tmp_path, time, said)

    async def shown() -> tuple[str | None, str | None]:
        servers = (await provider.read(STAGING)).servers
        server = next(it for it in servers if it.id == PREPARATION)
        endpoint = await provider.endpoint(STAGING, PREPARATION)
        assert (server.public_ip, server.private_ip) == (endpoint.public_ip, endpoint.private_ip)
        return server.public_ip, server.private_ip

    assert await shown() == ("127.0.0.1", "127.0.0.2")
    await provider.power(STAGING, PREPARATION, Power.STOP, key="stop")
    time.goes_on(minutes=2)
    assert await shown() == (None, "127.0.0.2")
    await provider.power(STAGING, PREPARATION, Power.START, key="start")
    assert await shown() == (None, "127.0.0.2")
    time.goes_on(minutes=3)
    assert await shown() == ("127.0.0.1", "127.0.0.2")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{", "truncated"),
        ("[]", "must hold an object"),
        ({"X": {"port": 0}}, "port"),
        ({"X": {"port": "22"}}, "port"),
        ({"X": {"protocol": "telnet"}}, 'protocol of .X. must be "rdp" or "ssh"'),
        ({"X": {"publicIp": ""}}, "publicIp"),
        ({"X": {"password": "secret"}}, "password"),
        ({"X": {"gateway": {"host": "a"}}}, "port"),
        ({"X": {"gateway": {"host": "a", "port": 22, "user": "b"}}}, "user"),
        ('{"X": ' + "[" * 100_000, "does not say where servers are"),
    ],
)
async def test_a_file_that_is_wrong_is_said_to_be(tmp_path, said, told):
    with pytest.raises(real_endpoints.InvalidEndpoints, match=told) as wrong:
        real_endpoints.read(written(tmp_path, said))
    assert "endpoints.json" in str(wrong.value)
    assert '"secret"' not in str(wrong.value)


async def test_a_file_that_is_not_there_is_said_to_be(tmp_path):
    with pytest.raises(
        real_endpoints.InvalidEndpoints, match=r"endpoints\.json cannot be read: No such"
    ):
        real_endpoints.read(tmp_path / "endpoints.json")


async def test_a_name_that_no_server_has_is_refused(tmp_path):
    with pytest.raises(
        real_endpoints.InvalidEndpoints, match="no server is called 'PREP-ERP-STG-1'"
    ):
        await opened(tmp_path, Time(), {"PREP-ERP-STG-1": {"port": 22}})
