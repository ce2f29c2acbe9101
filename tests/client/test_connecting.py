"""Connections as the desktop asks for them, over the real control plane."""

from collections.abc import AsyncIterator

import pytest

from autosky_desktop.actions.intents import Intents
from autosky_desktop.client.control_plane import ControlPlane, connected
from autosky_desktop.domain.connection import ConnectionBegun, ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.domain.errors import Refused
from tests.support.control_plane import running_control_plane

pytestmark = pytest.mark.anyio

SERVER = "db-erp-prod-01"
BEGUN = ConnectionBegun(account="ERPPROD\\ana", address="10.20.8.11", protocol="rdp")


class Linked:
    def __init__(self, plane: ControlPlane) -> None:
        self.plane = plane


@pytest.fixture
async def intents(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Intents]:
    with running_control_plane(tmp_path_factory.mktemp("data")) as running:
        async with connected(running.url, running.token) as plane:
            yield Intents(Linked(plane))


async def test_an_endpoint_is_read(intents: Intents) -> None:
    endpoint = await intents.endpoint(SERVER)
    assert (endpoint.server, endpoint.protocol) == (SERVER, Protocol.RDP)
    with pytest.raises(Refused):
        await intents.endpoint("../me")


async def test_an_instance_is_asked_for_and_told_of_as_a_server_is(intents: Intents) -> None:
    plane = intents._plane()
    instance = (await plane.snapshot("erp-production")).instances[0]
    endpoint = await intents.endpoint_of_instance(instance.id)
    assert (endpoint.server, endpoint.private_ip) == (instance.id, instance.private_ip)
    begun = await intents.connection_to_instance_begun(instance.id, BEGUN, key="k").send()
    again = await intents.connection_to_instance_begun(instance.id, BEGUN, key="k").send()
    assert (again, begun.server) == (begun, instance.id)
    [entry] = (await intents.activity("erp-production", {"kind": "connect"})).entries
    assert (entry.id, entry.target) == (begun.id, instance.name)


async def test_a_connection_is_told_when_it_begins_and_when_it_ends(intents: Intents) -> None:
    begin = intents.connection_begun(SERVER, BEGUN)
    begun = await begin.send()
    assert await begin.send() == begun
    assert (begun.account, begun.outcome) == (BEGUN.account, ConnectionOutcome.OPEN)
    ended = await intents.connection_ended(begun.id, ConnectionOutcome.CLOSED).send()
    late = await intents.connection_ended(begun.id, ConnectionOutcome.LOST).send()
    assert (ended.outcome, late) == (ConnectionOutcome.CLOSED, ended)
    [entry] = (await intents.activity("erp-production", {"kind": "connect"})).entries
    assert (entry.id, entry.account, entry.outcome) == (begun.id, BEGUN.account, "done")
