"""The clients of this computer are chosen and tested; whom it trusts is listed and forgotten."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox

from autosky_desktop.domain.connecting import Advice
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect import clients
from autosky_desktop.system.connect.clients import Client
from autosky_desktop.system.connect.trust import Pin, Trust
from tests.support.evening import NOW, an_evening
from tests.support.person import Person, button_named, visible


def a_client(name: str, program: Path, **more: Any) -> Client:
    return Client(id=name.lower(), name=name, path=program, protocol=Protocol.RDP, **more)


async def opens_page(me: Person, evening: Any) -> None:
    evening.desktop.background.show_settings()
    await me.opens_tab("Connecting")


async def test_a_client_is_chosen_and_tested(
    qloop: object, me: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = tmp_path / "good"
    good.write_text("#!/bin/sh\nexit 1\n")  # FreeRDP 2 ends so when it is asked for its version
    good.chmod(0o755)
    there = [a_client("Good", good), a_client("Bad", tmp_path / "bad", takes_password=False)]
    monkeypatch.setattr(clients, "found", lambda it: there if it is Protocol.RDP else [])
    async with an_evening() as evening:
        await opens_page(me, evening)
        await me.presses("Test the Remote Desktop client")
        await me.sees("Good starts.")
        dialog = QApplication.activeModalWidget()
        assert dialog
        focus = dialog.focusWidget()
        assert focus
        assert focus.accessibleName() == "Remote Desktop client"
        choice = next(
            it for it in visible(QComboBox) if it.accessibleName() == "Remote Desktop client"
        )
        choice.setCurrentIndex(1)
        choice.activated.emit(1)
        await me.sees("Bad asks for the password itself")
        await me.presses("Test the Remote Desktop client")
        await me.sees("Bad does not start.")
        assert evening.desktop._preferences.settings.rdp_client == "bad"
        await me.presses("Close")


async def test_the_persons_own_configuration_of_ssh_counts_when_it_is_wanted(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        await opens_page(me, evening)
        preferences = evening.desktop._preferences
        for on in (True, False):
            await me.presses("Use my SSH configuration")
            assert preferences.settings.ssh_config is on
        await me.presses("Close")


async def test_without_one_it_says_what_to_install(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    advice = Advice(package="freerdp2-x11", command="sudo apt install freerdp2-x11")
    monkeypatch.setattr(clients, "found", lambda _protocol: [])
    monkeypatch.setattr(clients, "advice", lambda _protocol: advice)
    async with an_evening() as evening:
        evening.desktop.connections.client_asked.emit()
        await me.sees("None is installed. Install freerdp2-x11: sudo apt install freerdp2-x11")
        assert not me.offers("Test the Remote Desktop client")
        await me.presses("Close")


async def test_a_server_is_forgotten_here_and_nowhere_else(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    trust = Trust(tmp_path)
    for name in ("FILE-01", "WEB-01"):
        trust.pin(
            Pin(
                server=name, protocol=Protocol.RDP, fingerprint="sha256:AB", name=name,
                address="10.20.0.31", since=NOW,
            )
        )  # fmt: skip
    async with an_evening() as evening:
        evening.preferences.go_to(tmp_path)
        await opens_page(me, evening)
        forget = await me.until(lambda: button_named("Forget the fingerprint of FILE-01"), "it")
        forget.setFocus()
        me.key(Qt.Key.Key_Space)
        me.key(Qt.Key.Key_Space)  # one too many forgets nobody else
        await me.until(lambda: forget.text() == "Forgotten", "that it is forgotten")
        assert [pin.name for pin in Trust(tmp_path).pins] == ["WEB-01"]
        await me.presses("Close")
        await opens_page(me, evening)
        await me.no_longer_sees("FILE-01")
        await me.presses("Close")


async def test_a_damaged_list_is_set_aside_and_said(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    (tmp_path / "trusted-servers.json").write_text("{")
    async with an_evening() as evening:
        evening.preferences.go_to(tmp_path)
        await opens_page(me, evening)
        await me.sees("You will be asked about each server again.")
        await me.presses("Close")
