"""Names, notes and sentences come from elsewhere and are shown to the letter, never as markup."""

from datetime import timedelta

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from autosky_desktop.domain.environment import Instance, Me
from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.problem import Problem
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.domain.session import Session
from autosky_desktop.store.store import Line, LineStatus
from tests.support.evening import (
    ERP,
    NOW,
    Evening,
    a_preparation_server,
    a_publication,
    a_support_server,
    an_environment,
    an_evening,
)
from tests.support.person import Person
from tests.support.planes import A_PLANE

HOUR = timedelta(hours=1)
EVIL = "<img src='//evil.example/a'><b>Ha</b>"


def hostile(evening: Evening) -> None:
    """Every word that a control plane may choose is markup."""
    words = {"name": EVIL, "provider": EVIL, "label": EVIL, "kind": "scaling", "time_zone": "UTC"}
    run = a_publication(
        "failed", state="failed", publisher=EVIL, requested_by=EVIL, note=EVIL, model=EVIL
    )
    odd = [msgspec.structs.replace(step, reason=EVIL, detail=EVIL, name=EVIL) for step in run.steps]
    evening.store.me = Me(operator=EVIL, control_plane=EVIL, control_plane_id=A_PLANE, version=EVIL)
    evening.show(
        a_preparation_server(name=EVIL, status=EVIL, type=EVIL, public_ip=EVIL),
        a_support_server(EVIL, status=EVIL, type=EVIL),
        environment=msgspec.structs.replace(an_environment(), **words),
        publications=[msgspec.structs.replace(run, steps=odd, platform_version=EVIL)],
    )


def taken_for_markup() -> list[str]:
    """What Qt would parse, and fetch pictures for."""
    found = []
    for widget in QApplication.allWidgets():
        if isinstance(widget, QLabel) and widget.textFormat() is not Qt.TextFormat.PlainText:
            found.append(widget.text())
        found += [widget.toolTip(), widget.whatsThis()] if isinstance(widget, QWidget) else []
    return [text for text in found if "<img" in text or "<b>Ha" in text]


async def test_what_a_control_plane_says_is_no_markup(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        hostile(evening)
        await me.sees("Server name: <img")
        await me.opens_tab("Publish")
        await me.until(lambda: evening.desktop.window.tab == "publish", "the tab")
        await me.sees("History", "Publishing history")
        assert taken_for_markup() == []


async def test_an_error_of_a_control_plane_is_no_markup(qloop: object, me: Person) -> None:
    problem = Problem(type="x", title=EVIL, status=403, code="no-such-code", detail=EVIL)
    async with an_evening() as evening:
        cause = Refused(problem)
        evening.store.set_connection(LineStatus(Line.REFUSED, NOW, NOW, cause))
        await me.sees("<img")
        evening.store.environments.replace([])
        await me.sees("The environments could not be shown")
        assert taken_for_markup() == []


async def test_a_question_about_a_server_is_no_markup(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        named = msgspec.structs.replace(an_environment(), name=EVIL)
        evening.show(a_preparation_server(name=EVIL, status="stopped"), environment=named)
        await me.presses(f"Start server {EVIL}")
        await me.sees("Start <img")
        assert taken_for_markup() == []


async def test_people_and_who_moved_a_shutdown_are_no_markup(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        moved = ScheduledShutdown(at=NOW + HOUR, reason="moved", moved_by=EVIL, moved_from=NOW)
        named = msgspec.structs.replace(an_environment(), name=EVIL, label="staging")
        evening.show(a_preparation_server(shutdown=moved), environment=named)
        odd = Instance(id="i", name=EVIL, status=EVIL, version=1, sessions=1, public_ip=EVIL)
        evening.store.details(ERP).instances.replace([odd])
        evening.plane.people = [Session(id="s", account=EVIL, instance="i", since=NOW)]
        await me.sees("by <img")
        await me.presses("Show all instances")
        await me.clicks_cell(f"Account: {EVIL}")
        await me.presses("End session")
        await me.sees("Consequence: 1 session ends at once: <img")
        assert taken_for_markup() == []
        evening.plane.people = []
        await me.presses("End session")
        await me.sees("Already gone: <img")
        assert taken_for_markup() == []
