"""Who answers is compared with what the control plane names, or with what was pinned here."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from autosky_desktop.actions.connect.this_computer import SystemMeans
from autosky_desktop.domain.connecting import CannotConnect, Look, Standing, Trouble
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect import clients, probe
from autosky_desktop.system.connect.host_keys import HostKeys, SshAddress
from autosky_desktop.system.connect.probe import NotSeen, Seen, Why
from autosky_desktop.system.connect.process import ClientFailed, ClientMissing
from autosky_desktop.system.connect.target import Hop, Target
from autosky_desktop.system.connect.trust import Trust
from autosky_desktop.system.settings import Preferences
from tests.support.connecting import KNOWN, SEEN
from tests.support.evening import NOW
from tests.support.launcher import PretendedLauncher


@pytest.fixture
def means(tmp_path: Path) -> SystemMeans:
    return SystemMeans(Preferences(tmp_path), Trust(tmp_path), lambda: NOW)


UNTIL = NOW + timedelta(days=3)
"""When the certificates of all hosts end."""


@pytest.fixture
def looks() -> list[str]:
    """Which hosts were looked at, each time."""
    return []


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch, looks: list[str]) -> dict[str, str]:
    """What each host shows; nobody is there without an entry."""
    hosts = {"10.20.0.31": SEEN, "rdgw": KNOWN}

    async def looked(host: str, _port: int) -> Seen:
        looks.append(host)
        if host not in hosts:
            raise NotSeen(Why.REFUSED)
        return Seen(fingerprint=hosts[host], signs_in_first=False, until=UNTIL)

    monkeypatch.setattr(probe, "rdp", looked)
    monkeypatch.setattr(probe, "tls", looked)
    return hosts


def aim(**more: Any) -> Target:
    usual: dict[str, Any] = {
        "server": "file", "title": "FILE-01", "protocol": Protocol.RDP, "host": "10.20.0.31",
        "port": 3389, "account": "ana",
    }  # fmt: skip
    return Target(**{**usual, **more})


def look(means: SystemMeans, target: Target, named: str | None = None) -> Look:
    return asyncio.run(means.look(target, named))


def test_a_server_is_new_then_known_then_changed(means: SystemMeans, shown: dict[str, str]) -> None:
    first = look(means, aim())
    assert (first.standing, first.seen, first.signs_in_first) == (Standing.NEW, SEEN, False)
    means.pin(aim(), first)
    assert look(means, aim()).standing is Standing.SAME
    shown["10.20.0.31"] = KNOWN
    now = look(means, aim())
    assert (now.standing, now.known, now.since) == (Standing.CHANGED, SEEN, NOW)


@pytest.mark.parametrize("gateway", [None, Hop(host="rdgw", port=443)])
def test_a_certificate_that_was_renewed_after_its_end_is_asked_about(
    tmp_path: Path, shown: dict[str, str], gateway: Hop | None
) -> None:
    now = [NOW]
    means = SystemMeans(Preferences(tmp_path), Trust(tmp_path), lambda: now[0])
    named, target = (SEEN if gateway else None), aim(gateway=gateway)
    means.pin(target, look(means, target, named))
    shown["10.20.0.31"], shown["rdgw"] = KNOWN, SEEN
    now[0] = UNTIL - timedelta(seconds=1)
    assert look(means, target, named).standing is Standing.CHANGED
    now[0] = UNTIL + timedelta(seconds=1)
    renewed = look(means, target, named)
    assert (renewed.standing, renewed.known_until) == (Standing.RENEWED, UNTIL)
    means.pin(target, renewed)
    assert look(means, target, named).standing is Standing.SAME


def test_the_end_of_a_certificate_that_was_trusted_before_it_was_kept_is_kept_now(
    means: SystemMeans, tmp_path: Path
) -> None:
    means.pin(aim(), replace(look(means, aim()), until=None))
    assert look(means, aim()).standing is Standing.SAME
    pin = Trust(tmp_path).known("file", Protocol.RDP)
    assert pin
    assert pin.until == UNTIL


def test_what_answered_while_the_form_was_filled_in_is_not_looked_at_again(
    means: SystemMeans, looks: list[str]
) -> None:
    async def work() -> None:
        for _ in range(3):
            assert await means.answers(aim())
        assert (await means.look(aim(), None)).seen == SEEN
        assert not await means.answers(aim(host="10.20.0.99"))

    asyncio.run(work())
    assert looks == ["10.20.0.31", "10.20.0.99"]
    look(means, aim())
    assert looks[-1] == "10.20.0.31"  # once only: the next connection looks for itself


@pytest.mark.parametrize(
    ("named", "standing"),
    [
        (SEEN, Standing.SAME),
        (SEEN.lower(), Standing.SAME),
        (KNOWN, Standing.NAMED_OTHERWISE),
    ],
)
def test_what_the_control_plane_names_decides(
    means: SystemMeans, named: str, standing: Standing
) -> None:
    assert look(means, aim(), named).standing is standing


def test_what_it_names_anew_is_asked_about_where_something_else_was_known(
    means: SystemMeans, shown: dict[str, str]
) -> None:
    means.pin(aim(), look(means, aim()))
    shown["10.20.0.31"] = KNOWN
    now = look(means, aim(), KNOWN)
    assert (now.standing, now.known, now.judged) == (Standing.NAMED_ANEW, SEEN, KNOWN)
    means.pin(aim(), now)
    assert look(means, aim(), KNOWN).standing is Standing.SAME


def test_a_gateway_is_trusted_for_itself(means: SystemMeans) -> None:
    behind = aim(gateway=Hop(host="rdgw", port=443))
    first = look(means, behind, SEEN)
    assert (first.standing, first.judged, first.seen) == (Standing.NEW, KNOWN, SEEN)
    means.pin(behind, first)
    assert look(means, behind, SEEN).standing is Standing.SAME
    assert look(means, aim()).standing is Standing.NEW  # the server is another one


def test_behind_a_gateway_a_server_has_to_be_named(means: SystemMeans) -> None:
    with pytest.raises(CannotConnect) as caught:
        look(means, aim(gateway=Hop(host="rdgw", port=443)))
    assert (caught.value.trouble, caught.value.reason) == (Trouble.UNTRUSTWORTHY, "gateway")


def test_nobody_there_is_no_matter_of_trust(means: SystemMeans) -> None:
    with pytest.raises(CannotConnect) as caught:
        look(means, aim(host="10.20.0.99"))
    assert caught.value.trouble is ConnectionOutcome.UNREACHABLE


def test_a_damaged_list_of_pins_that_the_form_met_is_told_at_the_connection(
    means: SystemMeans, tmp_path: Path
) -> None:
    """It is set aside when it is read: whoever reads next finds none."""
    (tmp_path / "trusted-servers.json").write_text("{")

    async def form_then_connection() -> None:
        nobody = aim(protocol=Protocol.SSH, host="127.0.0.1", port=1)
        await means.answers(nobody)
        await means.look(aim(), None)

    with pytest.raises(CannotConnect) as caught:
        asyncio.run(form_then_connection())
    assert (caught.value.trouble, caught.value.reason) == (Trouble.UNTRUSTWORTHY, "pins")


def test_a_damaged_list_of_pins_makes_nobody_new(means: SystemMeans, tmp_path: Path) -> None:
    (tmp_path / "trusted-servers.json").write_text("{")
    with pytest.raises(CannotConnect) as caught:
        look(means, aim())
    assert (caught.value.trouble, caught.value.reason) == (Trouble.UNTRUSTWORTHY, "pins")


@pytest.mark.parametrize(
    ("cause", "trouble"),
    [
        (ClientMissing("xfreerdp"), Trouble.NO_CLIENT),
        (ClientFailed("E2BIG"), ConnectionOutcome.CLIENT_FAILED),
    ],
)
def test_a_client_that_does_not_start_is_no_defect(
    means: SystemMeans, cause: Exception, trouble: Any
) -> None:
    class Failing(PretendedLauncher):
        async def open(self, target: Target, secret: Any) -> Any:
            raise cause

    with pytest.raises(CannotConnect) as caught:
        asyncio.run(means.open(Failing(), aim(), None))
    assert caught.value.trouble is trouble


def test_without_a_client_there_is_no_launcher(
    means: SystemMeans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "found", lambda _protocol: [])
    assert means.launcher(Protocol.RDP) is None
    assert means.missing(Protocol.RDP).trouble is Trouble.NO_CLIENT


@pytest.mark.parametrize(
    ("through", "asked"),
    [
        (None, ("10.20.0.31", 22, "ana")),
        (Hop(host="jump", port=2222), ("jump", 2222, "ana")),
        (Hop(host="jump", port=2222, account="guest"), ("jump", 2222, "guest")),
    ],
)
def test_ssh_asks_whoever_is_first_on_the_way_by_the_account_it_goes_by(
    means: SystemMeans,
    monkeypatch: pytest.MonkeyPatch,
    through: Hop | None,
    asked: tuple[str, int, str],
) -> None:
    places: list[SshAddress] = []

    async def nobody(_keys: HostKeys, place: SshAddress, known: str = "") -> bool:
        places.append(place)
        return False

    monkeypatch.setattr(HostKeys, "answers", nobody)
    asyncio.run(means.answers(aim(protocol=Protocol.SSH, port=22, gateway=through)))
    assert places == [SshAddress(*asked)]
