"""A tunnel as a way to a server: when it is offered and chosen, and what the window says of it."""

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from autosky_desktop.domain.endpoint import Route
from tests.support.connect_window import FILE, connectable
from tests.support.connecting import an_endpoint
from tests.support.person import Person, texts, visible
from tests.support.session_manager_plugin import StandIn
from tests.ui.connect.test_connect_window import window

LACKS = "This computer lacks the Session Manager plugin of AWS, which opens the tunnel."


def hidden(**more: object) -> object:
    return an_endpoint(FILE.id, network=None, tunnel="session-manager", **more)


async def test_a_server_without_a_public_address_is_reached_through_its_tunnel(
    qloop: object, me: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = StandIn(tmp_path / "bin")
    plugin.leads({"the-token": 1})
    monkeypatch.setenv("PATH", f"{plugin.folder}{os.pathsep}{os.environ['PATH']}")
    async with connectable() as it:
        it.access.plugin = True
        it.access.up.clear()  # nothing answers at its private address
        it.endpoint = hidden()
        await it.asks()
        await me.sees("Leads to the server through AWS Systems Manager, from anywhere.")
        assert window().form.way() is Route.TUNNEL
        it.access.up.set()
        await it.connects()
        sessions = it.evening.desktop.connections.sessions
        await me.until(lambda: sessions(FILE.id), "a session")
        assert it.access.there.targets[0].host == "127.0.0.1"
        sessions(FILE.id)[0].running.close()
        await me.until(lambda: "terminated autosky-0a1b2c" in plugin.said, "the tunnel's end")


async def test_without_the_plugin_the_form_says_so_and_so_does_the_attempt(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        it.access.up.clear()
        it.endpoint = hidden()
        await it.asks()
        await me.sees(LACKS)
        await it.connects()
        await me.until(
            lambda: any("session-manager-plugin" in label.text() for label in visible(QLabel)),
            "what to install",
        )
        assert it.heard[-1] == "ended client-failed"


async def test_a_public_address_and_one_that_answers_come_before_a_tunnel(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        it.endpoint = hidden(public_ip="198.51.100.4")
        it.access.up.clear()
        await it.asks()
        await me.sees("Tunnel to the address 10.20.0.31")
        assert window().form.way() is Route.PUBLIC
    async with connectable() as it:
        it.endpoint = hidden()
        await it.asks()
        await me.until(lambda: window().form.way() is Route.PRIVATE, "the address that answers")


async def test_no_tunnel_is_offered_where_the_control_plane_names_none(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        await it.asks()
        await me.sees("Private, 10.20.0.31")
        assert not any("Tunnel" in text for text in texts())
