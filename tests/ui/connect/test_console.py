"""The console of a server whose address nobody knows: a last resort that says what it is."""

import pytest

from autosky_desktop.actions.connect import services
from autosky_desktop.domain.endpoint import Console
from autosky_desktop.system.connect.process import ClientMissing
from tests.support.connect_window import FILE, connectable
from tests.support.connecting import an_endpoint
from tests.support.evening import ERP
from tests.support.person import Person, texts

A_CONSOLE = Console(
    uri="qemu:///system", machine="0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f", graphical=True
)


async def test_it_is_offered_opened_and_recorded_where_no_address_is_known(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[Console, str]] = []
    monkeypatch.setattr(services.console, "opened", lambda *given: opened.append(given))
    async with connectable() as it:
        it.endpoint = an_endpoint(FILE.id, private_ip=None, console=A_CONSOLE)
        it.evening.desktop.connections.ask(ERP, FILE)
        await me.sees("its console shows the machine's own screen. It signs nobody in")
        await me.presses("Open the console")
        await me.until(lambda: it.heard[-1:] == ["ended left"], "the record")
        assert opened == [(A_CONSOLE, FILE.name)]
        assert it.heard[0].startswith(f"begun {FILE.id} as ")


async def test_whoever_presses_connect_all_the_same_hears_why_that_cannot_be(
    qloop: object, me: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async with connectable() as it:
        it.endpoint = an_endpoint(FILE.id, private_ip=None, console=A_CONSOLE)
        it.evening.desktop.connections.ask(ERP, FILE)
        await me.sees("As a last resort")
        await me.presses("Connect")
        await me.sees("The address to connect to is not known yet.")
        assert it.heard == []
    assert not [it for it in caplog.records if it.levelname == "ERROR"]


async def test_without_a_viewer_it_says_what_to_install(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_given: object) -> None:
        raise ClientMissing("virt-viewer")

    monkeypatch.setattr(services.console, "opened", missing)
    async with connectable() as it:
        it.endpoint = an_endpoint(FILE.id, private_ip=None, console=A_CONSOLE)
        it.evening.desktop.connections.ask(ERP, FILE)
        await me.presses("Open the console")
        await me.sees("cannot be shown on this computer. Install virt-viewer")
        await me.until(lambda: it.heard[-1:] == ["ended client-failed"], "the record")


@pytest.mark.parametrize("known", [{"console": A_CONSOLE}, {"private_ip": None}])
async def test_it_is_not_offered_beside_an_address_or_where_there_is_none(
    qloop: object, me: Person, known: dict[str, object]
) -> None:
    async with connectable() as it:
        it.endpoint = an_endpoint(FILE.id, **known)
        it.evening.desktop.connections.ask(ERP, FILE)
        await me.sees("Private")
        assert not me.offers("Open the console")
        assert not any("last resort" in text for text in texts())
