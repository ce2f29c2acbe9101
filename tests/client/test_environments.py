"""The calls about environments as such: where each goes, with which key, and what comes back."""

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from autosky_desktop.client.control_plane import connected
from autosky_desktop.client.environments import EnvironmentCalls
from autosky_desktop.domain.environment_settings import (
    CheckLine,
    CheckResult,
    EnvironmentSettings,
    Found,
    FoundMachine,
    ProviderInfo,
    ProviderList,
)
from autosky_desktop.domain.errors import AnswerLost, Refused
from tests.support.evening import NOW, an_environment
from tests.support.raw_server import answer, saying

pytestmark = pytest.mark.anyio

SETTINGS = EnvironmentSettings(name="ERP", provider="libvirt", values={"uri": "qemu:///system"})
ERP = an_environment("e/1", "ERP")
PROVIDERS = ProviderList(providers=[ProviderInfo(name="libvirt", title="libvirt")])
FOUND = Found(machines=[FoundMachine(id="m", name="prep")])
CHECKED = CheckResult(lines=[CheckLine(capability="read", state="ok")], checked_at=NOW)
PROBLEM = b'{"type": "about:blank", "title": "No", "status": 409, "code": "not-allowed-now"}'

Call = Callable[[EnvironmentCalls], Awaitable[object]]


@pytest.mark.parametrize(
    ("call", "asked", "key", "told"),
    [
        (lambda it: it.providers(), "GET /v1/providers", False, PROVIDERS),
        (lambda it: it.find("a/b", {}), "POST /v1/providers/a%2Fb/find", False, FOUND),
        (lambda it: it.check(SETTINGS), "POST /v1/environments/check", False, CHECKED),
        (lambda it: it.add(SETTINGS, key="k"), "POST /v1/environments", True, ERP),
        (lambda it: it.settings("e/1"), "GET /v1/environments/e%2F1/settings", False, SETTINGS),
        (lambda it: it.change("e/1", SETTINGS, key="k"), "PUT /v1/environments/e%2F1/settings",
         True, ERP),
        (lambda it: it.pause("e/1", key="k"), "POST /v1/environments/e%2F1/pause", True, ERP),
        (lambda it: it.resume("e/1", key="k"), "POST /v1/environments/e%2F1/resume", True, ERP),
    ],
)  # fmt: skip
async def test_each_call_goes_to_its_place_and_reads_the_answer(
    call: Call, asked: str, key: bool, told: object
) -> None:
    heard: list[bytes] = []
    said = answer(200, msgspec.json.encode(told))
    async with saying(said, heard=heard) as url, connected(url, "token") as plane:
        assert await call(plane.managed) == told
    assert heard[0].startswith(f"{asked} HTTP/1.1\r\n".encode())
    assert (b"idempotency-key: k\r\n" in heard[0].lower()) is key


async def test_removing_wants_no_answer_but_hears_a_refusal() -> None:
    heard: list[bytes] = []
    said = (answer(204, b""), answer(409, PROBLEM), b"")
    async with saying(*said, heard=heard) as url, connected(url, "token") as plane:
        await plane.managed.remove("erp", key="k")
        with pytest.raises(Refused):
            await plane.managed.remove("erp", key="k")
        with pytest.raises(AnswerLost):
            await plane.managed.remove("erp", key="k")
    assert heard[0].startswith(b"DELETE /v1/environments/erp HTTP/1.1\r\n")
    assert b"idempotency-key: k\r\n" in heard[0].lower()
