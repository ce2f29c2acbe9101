"""Who answers is compared with what the control plane names, or with what was pinned here."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from autosky_desktop.actions.connect.system_access import SystemServerAccess
from autosky_desktop.domain.connecting import CannotConnect, HostCheck, Trouble, TrustVerdict
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
def access(tmp_path: Path) -> SystemServerAccess:
    return SystemServerAccess(Preferences(tmp_path), Trust(tmp_path), lambda: NOW)


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


def look(access: SystemServerAccess, target: Target, named: str | None = None) -> HostCheck:
    return asyncio.run(access.look(target, named))


def test_a_server_is_new_then_known_then_changed(
    access: SystemServerAccess, shown: dict[str, str]
) -> None:
    first = look(access, aim())
    assert (first.verdict, first.seen, first.signs_in_first) == (TrustVerdict.NEW, SEEN, False)
    access.pin(aim(), first)
    assert look(access, aim()).verdict is TrustVerdict.SAME
    shown["10.20.0.31"] = KNOWN
    now = look(access, aim())
    assert (now.verdict, now.known, now.since) == (TrustVerdict.CHANGED, SEEN, NOW)


@pytest.mark.parametrize("gateway", [None, Hop(host="rdgw", port=443)])
def test_a_certificate_that_was_renewed_after_its_end_is_asked_about(
    tmp_path: Path, shown: dict[str, str], gateway: Hop | None
) -> None:
    now = [NOW]
    access = SystemServerAccess(Preferences(tmp_path), Trust(tmp_path), lambda: now[0])
    named, target = (SEEN if gateway else None), aim(gateway=gateway)
    access.pin(target, look(access, target, named))
    shown["10.20.0.31"], shown["rdgw"] = KNOWN, SEEN
    now[0] = UNTIL - timedelta(seconds=1)
    assert look(access, target, named).verdict is TrustVerdict.CHANGED
    now[0] = UNTIL + timedelta(seconds=1)
    renewed = look(access, target, named)
    assert (renewed.verdict, renewed.known_until) == (TrustVerdict.RENEWED, UNTIL)
    access.pin(target, renewed)
    assert look(access, target, named).verdict is TrustVerdict.SAME


def test_the_end_of_a_certificate_that_was_trusted_before_it_was_kept_is_kept_now(
    access: SystemServerAccess, tmp_path: Path
) -> None:
    access.pin(aim(), replace(look(access, aim()), until=None))
    assert look(access, aim()).verdict is TrustVerdict.SAME
    pin = Trust(tmp_path).known("file", Protocol.RDP)
    assert pin
    assert pin.until == UNTIL


def test_what_answered_while_the_form_was_filled_in_is_not_looked_at_again(
    access: SystemServerAccess, looks: list[str]
) -> None:
    async def work() -> None:
        for _ in range(3):
            assert await access.answers(aim())
        assert (await access.look(aim(), None)).seen == SEEN
        assert not await access.answers(aim(host="10.20.0.99"))

    asyncio.run(work())
    assert looks == ["10.20.0.31", "10.20.0.99"]
    look(access, aim())
    assert looks[-1] == "10.20.0.31"  # once only: the next connection looks for itself


@pytest.mark.parametrize(
    ("named", "verdict"),
    [
        (SEEN, TrustVerdict.SAME),
        (SEEN.lower(), TrustVerdict.SAME),
        (KNOWN, TrustVerdict.NAMED_OTHERWISE),
    ],
)
def test_what_the_control_plane_names_decides(
    access: SystemServerAccess, named: str, verdict: TrustVerdict
) -> None:
    assert look(access, aim(), named).verdict is verdict


def test_what_it_names_anew_is_asked_about_where_something_else_was_known(
    access: SystemServerAccess, shown: dict[str, str]
) -> None:
    access.pin(aim(), look(access, aim()))
    shown["10.20.0.31"] = KNOWN
    now = look(access, aim(), KNOWN)
    assert (now.verdict, now.known, now.judged) == (TrustVerdict.NAMED_ANEW, SEEN, KNOWN)
    access.pin(aim(), now)
    assert look(access, aim(), KNOWN).verdict is TrustVerdict.SAME


def test_a_gateway_is_trusted_for_itself(access: SystemServerAccess) -> None:
    behind = aim(gateway=Hop(host="rdgw", port=443))
    first = look(access, behind, SEEN)
    assert (first.verdict, first.judged, first.seen) == (TrustVerdict.NEW, KNOWN, SEEN)
    access.pin(behind, first)
    assert look(access, behind, SEEN).verdict is TrustVerdict.SAME
    assert look(access, aim()).verdict is TrustVerdict.NEW  # the server is another one


def test_behind_a_gateway_a_server_has_to_be_named(access: SystemServerAccess) -> None:
    with pytest.raises(CannotConnect) as caught:
        look(access, aim(gateway=Hop(host="rdgw", port=443)))
    assert (caught.value.trouble, caught.value.reason) == (Trouble.UNTRUSTWORTHY, "gateway")


def test_nobody_there_is_no_matter_of_trust(access: SystemServerAccess) -> None:
    with pytest.raises(CannotConnect) as caught:
        look(access, aim(host="10.20.0.99"))
    assert caught.value.trouble is ConnectionOutcome.UNREACHABLE


def test_a_damaged_list_of_pins_that_the_form_met_is_told_at_the_connection(
    access: SystemServerAccess, tmp_path: Path
) -> None:
    """It is set aside when it is read: whoever reads next finds none."""
    (tmp_path / "trusted-servers.json").write_text("{")

    async def form_then_connection() -> None:
        nobody = aim(protocol=Protocol.SSH, host="127.0.0.1", port=1)
        await access.answers(nobody)
        await access.look(aim(), None)

    with pytest.raises(CannotConnect) as caught:
        asyncio.run(form_then_connection())
    assert (caught.value.trouble, caught.value.reason) == (Trouble.UNTRUSTWORTHY, "pins")


def test_a_damaged_list_of_pins_makes_nobody_new(
    access: SystemServerAccess, tmp_path: Path
) -> None:
    (tmp_path / "trusted-servers.json").write_text("{")
    with pytest.raises(CannotConnect) as caught:
        look(access, aim())
    assert (caught.value.trouble, caught.value.reason) == (Trouble.UNTRUSTWORTHY, "pins")


@pytest.mark.parametrize(
    ("cause", "trouble"),
    [
        (ClientMissing("xfreerdp"), Trouble.NO_CLIENT),
        (ClientFailed("E2BIG"), ConnectionOutcome.CLIENT_FAILED),
    ],
)
def test_a_client_that_does_not_start_is_no_defect(
    access: SystemServerAccess, cause: Exception, trouble: Any
) -> None:
    class Failing(PretendedLauncher):
        async def open(self, target: Target, secret: Any) -> Any:
            raise cause

    with pytest.raises(CannotConnect) as caught:
        asyncio.run(access.open(Failing(), aim(), None))
    assert caught.value.trouble is trouble


def test_without_a_client_there_is_no_launcher(
    access: SystemServerAccess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "found", lambda _protocol: [])
    assert access.launcher(Protocol.RDP) is None
    assert access.missing(Protocol.RDP).trouble is Trouble.NO_CLIENT


@pytest.mark.parametrize(
    ("through", "asked"),
    [
        (None, ("10.20.0.31", 22, "ana")),
        (Hop(host="jump", port=2222), ("jump", 2222, "ana")),
        (Hop(host="jump", port=2222, account="guest"), ("jump", 2222, "guest")),
    ],
)
def test_ssh_asks_whoever_is_first_on_the_way_by_the_account_it_goes_by(
    access: SystemServerAccess,
    monkeypatch: pytest.MonkeyPatch,
    through: Hop | None,
    asked: tuple[str, int, str],
) -> None:
    places: list[SshAddress] = []

    async def nobody(_keys: HostKeys, place: SshAddress, known: str = "") -> bool:
        places.append(place)
        return False

    monkeypatch.setattr(HostKeys, "answers", nobody)
    asyncio.run(access.answers(aim(protocol=Protocol.SSH, port=22, gateway=through)))
    assert places == [SshAddress(*asked)]
