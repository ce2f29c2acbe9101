"""What the window says when something goes wrong. Nothing is lost, and each has a sentence."""

import os
import signal
from pathlib import Path

import httpx
import pytest

from autosky_desktop.client import feed, transport
from autosky_desktop.flows.local_plane import LocalPlane
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.system.embedded import EmbeddedControlPlane
from tests.journeys.conftest import Open, publish
from tests.support.control_plane import Running
from tests.support.desktop import At, desktop_at
from tests.support.person import Person
from tests.support.proxy import wire_to

IMAGE = "Step 3 of 6, Image creation"
IN_THE_MIDDLE = (f"{IMAGE}, Running", f"{IMAGE}, Done")
"""Of a publication: a look that comes late sees the one that stays."""


async def test_a_refused_start_is_told_in_the_question_and_can_be_tried_again(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    plane.break_cloud(Faults(start_refused="The account's vCPU limit is reached."))
    async with open_window():
        await me.presses("Start server PREP-ERP-PROD-01")
        await me.presses("Start server")
        await me.sees("The provider refused: The account's vCPU limit is reached.")
        await me.sees("Start PREP-ERP-PROD-01?")

        plane.break_cloud(Faults())
        await me.presses("Try again")
        await me.sees("Server status: Running")


async def test_an_image_that_fails_leaves_everybody_on_the_old_version(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    plane.break_cloud(Faults(image_fails="There is no space left on the image store."))
    async with open_window():
        await me.opens_tab("Publish")
        await publish(me)

        await me.sees("Version 42 was not published", patience=60)
        await me.sees("There is no space left on the image store.")
        await me.sees("keep version 41")
        await me.sees("Result: Failed at step 3")
        await me.sees("Publish version 42")
        await me.opens_tab("Servers")
        await me.sees("Instances: 12 running, 37 sessions, version 41")


async def test_an_instance_that_never_becomes_healthy_fails_step_five(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    plane.break_cloud(Faults(unhealthy_instance=2))
    async with open_window():
        await me.opens_tab("Publish")
        await publish(me)
        await me.sees("Result: Failed at step 5", patience=60)
        await me.sees("An instance could not be replaced.")


async def test_a_word_from_the_future_is_shown_as_it_came_and_offers_nothing(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    async with open_window():
        plane.break_cloud(Faults(status_words={"db-erp-prod-01": "hibernating"}))
        with plane.client() as http:
            key = {"Idempotency-Key": "look"}
            http.post("environments/erp-production/provider-update", headers=key)
        await me.sees("Status: Hibernating")
        await me.clicks_cell("Actions for DB-ERP-PROD-01")
        await me.sees("Not while it is hibernating")
        await me.closes_menu()


async def test_sessions_that_are_not_reported_are_not_zero(
    qloop: object, open_window: Open, plane: Running, me: Person
) -> None:
    async with open_window():
        plane.break_cloud(Faults(sessions_unreported=True))
        with plane.client() as http:
            key = {"Idempotency-Key": "look"}
            http.post("environments/erp-production/provider-update", headers=key)
        await me.sees("Not reported")


async def test_a_cut_wire_is_said_and_what_happened_meanwhile_is_caught_up(
    qloop: object, plane: Running, me: Person
) -> None:
    async with wire_to(plane.url) as wire, desktop_at(At(wire.url, plane.token)):
        await me.sees("Server status: Stopped")
        wire.cut()
        await me.sees("Not connected since")
        await me.sees("Trying again in")
        await me.sees("Server status: Was stopped")
        await me.sees("ERP Production, Production, Was stopped")
        await me.sees("Connection: Offline")
        assert not me.offers("Start server PREP-ERP-PROD-01")

        with plane.client() as http:
            http.post("servers/prep-erp-prod-01/start", headers={"Idempotency-Key": "elsewhere"})
        wire.mend()
        await me.presses("Try now")
        await me.sees("Connection: Live")
        await me.no_longer_sees("Not connected since")
        await me.sees("Server status: Running")


async def test_a_killed_control_plane_is_started_again_and_the_publication_goes_on(
    qloop: object, tmp_path: Path, me: Person
) -> None:
    lives: list[EmbeddedControlPlane] = []

    def start() -> EmbeddedControlPlane:
        lives.append(EmbeddedControlPlane(tmp_path / "data", "--speed", "100"))
        return lives[-1]

    connector = LocalPlane(start)
    async with desktop_at(connector):
        await me.opens_tab("Publish")
        await publish(me)
        await me.sees(*IN_THE_MIDDLE)

        os.kill(lives[0].pid, signal.SIGKILL)
        await me.sees("The control plane on this computer stopped at")
        await me.sees("Version 42 is published", patience=60)
        await me.sees("Connection: Live")
        assert len(lives) == 2
    connector.close()


async def test_five_kills_in_a_row_are_survived(qloop: object, tmp_path: Path, me: Person) -> None:
    lives: list[EmbeddedControlPlane] = []

    def start() -> EmbeddedControlPlane:
        lives.append(EmbeddedControlPlane(tmp_path / "data", "--speed", "100"))
        return lives[-1]

    connector = LocalPlane(start)
    async with desktop_at(connector) as desktop:
        await me.opens_tab("Publish")
        await publish(me)
        await me.sees(*IN_THE_MIDDLE)
        for number in range(1, 6):
            os.kill(lives[-1].pid, signal.SIGKILL)
            await me.until(
                lambda known=number: desktop.follow.try_now() or len(lives) > known, "a new life"
            )
        await me.sees("Version 42 is published", patience=90)
        await me.sees("Connection: Live")
    connector.close()
    assert not any(life.alive for life in lives)


async def test_a_control_plane_that_hangs_is_said_to_be_away_and_comes_back(
    qloop: object, tmp_path: Path, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "SILENCE", 0.5)
    monkeypatch.setattr(transport, "WAIT", httpx.Timeout(0.5))
    life = EmbeddedControlPlane(tmp_path / "data", "--speed", "100")
    connector = LocalPlane(lambda: life, life)
    async with desktop_at(connector):
        await me.sees("Server status: Stopped")
        monkeypatch.setattr(feed, "SILENCE", 40.0)
        os.kill(life.pid, signal.SIGSTOP)
        await me.sees("Not connected since")
        await me.sees("Server status: Was stopped")
        await me.opens_tab("Publish")
        await me.sees("Publishing history")
        os.kill(life.pid, signal.SIGCONT)
        await me.presses("Try now")
        await me.no_longer_sees("Not connected since")
        await me.sees("Connection: Live")
    connector.close()


async def test_a_data_folder_that_cannot_be_used_is_a_sentence(
    qloop: object, tmp_path: Path, me: Person
) -> None:
    (tmp_path / "data").write_text("this is a file")

    def start() -> EmbeddedControlPlane:
        return EmbeddedControlPlane(tmp_path / "data")

    connector = LocalPlane(start)
    async with desktop_at(connector):
        await me.sees("The environments could not be shown")
        await me.sees("The control plane cannot use its data folder.")
        (tmp_path / "data").unlink()
        await me.presses("Try again")
        await me.sees("Server status: Stopped")
    connector.close()


async def test_two_windows_share_one_control_plane(
    qloop: object, tmp_path: Path, me: Person
) -> None:
    lives = [EmbeddedControlPlane(tmp_path / "data", "--speed", "100") for _ in range(2)]
    first, second = (LocalPlane(lambda: lives[0], life) for life in lives)
    async with desktop_at(first) as one, desktop_at(second) as two:
        await me.sees("Server name: PREP-ERP-PROD-01")
        await me.until(lambda: one.window.page and two.window.page, "two windows")
        addresses = [life.address() for life in lives]
        assert addresses[0].url == addresses[1].url
        assert sorted(it.shared for it in addresses) == [False, True]
    for life in lives:
        life.close()
