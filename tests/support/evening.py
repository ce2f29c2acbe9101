"""One evening in ERP Production: a window on records made by hand, and a control plane that
writes down what it is asked for and changes nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import msgspec

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.activity import Activity, ActivityPage
from autosky_desktop.domain.environment import (
    Environment,
    Instance,
    InstanceLoad,
    LoadList,
    Me,
    Preparation,
)
from autosky_desktop.domain.mail import MailSetting, MailState
from autosky_desktop.domain.operation import Operation
from autosky_desktop.domain.plan import Plan
from autosky_desktop.domain.publication import STEPS, Publication, Step
from autosky_desktop.domain.server import (
    LocatedServer,
    Power,
    ScheduledShutdown,
    Server,
    ShutdownMove,
    ShutdownRequest,
)
from autosky_desktop.domain.session import EndSessions, Session, SessionList, SessionsEnded
from autosky_desktop.flows.follow import Follow
from autosky_desktop.store.store import Line, LineStatus, Store
from autosky_desktop.system.settings import Preferences, Settings
from autosky_desktop.ui.desktop import Desktop
from autosky_desktop.ui.frame.window import MainWindow
from tests.support.managed import ManagedPlane
from tests.support.person import Person
from tests.support.planes import A_PLANE
from tests.support.publishing import NOW, PublishingPlane

ERP = "erp-production"
LIVE = LineStatus(Line.LIVE, NOW)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def an_environment(key: str = ERP, name: str = "ERP Production", **more: Any) -> Environment:
    usual: dict[str, Any] = {
        "label": "production", "kind": "scaling", "provider": "simulated", "time_zone": "UTC",
        "run_hours": 4, "revision": 1, "confirmed_at": ago(1), "current_version": 41,
        "preparation": Preparation(id="prep", name="PREP-ERP-PROD-01", status="running"),
        "sessions": 37, "instances": 1,
    }  # fmt: skip
    return Environment(id=key, name=name, **{**usual, **more})


def a_preparation_server(**more: Any) -> Server:
    usual: dict[str, Any] = {
        "name": "PREP-ERP-PROD-01", "status": "running", "since": ago(3600),
        "public_ip": "203.0.113.24", "private_ip": "10.20.0.11", "platform_version": "12.4.1",
        "image_status": "available", "shutdown": ScheduledShutdown(at=ago(-1620)),
    }  # fmt: skip
    return Server(id="prep", role="preparation", **{**usual, **more})


def a_support_server(name: str = "DB-ERP-PROD-01", **more: Any) -> Server:
    usual: dict[str, Any] = {
        "status": "running", "since": ago(42), "public_ip": "203.0.113.31",
        "private_ip": "10.20.0.21", "type": "Database",
    }  # fmt: skip
    return Server(id=name.lower(), name=name, role="support", **{**usual, **more})


def an_activity(number: int = 0, **more: Any) -> Activity:
    """Return entry `number` of the record: the higher, the older by a minute."""
    usual: dict[str, Any] = {
        "at": ago(60 * number + 42), "kind": "restart-server", "outcome": "done", "by": "ana",
        "target": "WEB-ERP-PROD-01",
    }  # fmt: skip
    return Activity(id=f"a{number}", **{**usual, **more})


def an_update(**more: Any) -> Operation:
    usual: dict[str, Any] = {
        "environment": ERP, "kind": "provider-update", "state": "running", "by": "ana",
        "started_at": ago(3),
    }  # fmt: skip
    return Operation(id="update", **{**usual, **more})


def a_publication(*states: str, state: str = "succeeded", **more: Any) -> Publication:
    """Return a publication. `states` are those of its six steps, each of a minute, the last given
    one for all that are left; `more` are its fields or those of its plan.
    """
    words = [*states, *[states[-1] if states else "succeeded"] * (len(STEPS) - len(states))]
    begun = ago(3600)
    plan = {name: more.pop(name) for name in Plan.__struct_fields__ if name in more}
    usual: dict[str, Any] = {
        "id": "run", "version": 41, "plan": Plan(**plan), "state": state,
        "publisher": "ana", "requested_by": "ana", "requested_at": begun, "started_at": begun,
        "steps": [_step(number, word, begun) for number, word in enumerate(words)],
        "replaces": 40, "ended_at": begun + timedelta(minutes=6),
    }  # fmt: skip
    return Publication(**{**usual, **more})


def _step(number: int, word: str, begun: datetime) -> Step:
    if word == "pending":
        return Step(name=STEPS[number])
    begin = begun + timedelta(minutes=number)
    return Step(
        name=STEPS[number], state=word, started_at=begin, ended_at=begin + timedelta(minutes=1)
    )


@dataclass
class Plane(PublishingPlane):
    """A control plane that changes nothing. `asked` tells in words what it was asked for.

    `record` is its activity, newest first. `act_error` is told to who moves a server or ends
    sessions.
    A shutdown is `moved` at most until the `longest`; the window hears of it when a test tells it.
    """

    record: list[Activity] = field(default_factory=list)
    record_error: Exception | None = None
    record_waits: asyncio.Event | None = None
    power_waits: asyncio.Event | None = None
    move_waits: asyncio.Event | None = None
    move_error: Exception | None = None
    longest: datetime | None = None
    people: list[Session] = field(default_factory=list)
    people_error: Exception | None = None
    loads_told: list[InstanceLoad] = field(default_factory=list)
    loads_error: Exception | None = None
    people_wait: asyncio.Event | None = None
    moved: ScheduledShutdown | None = None
    update_error: Exception | None = None
    act_error: Exception | None = None
    managed: ManagedPlane = field(default_factory=ManagedPlane)

    async def activity(
        self, _environment: str, wanted: Mapping[str, str] | None = None
    ) -> ActivityPage:
        if self.record_waits:
            await self.record_waits.wait()
        if self.record_error:
            raise self.record_error
        asked = dict(wanted or {})
        begin, limit = int(asked.pop("cursor", 0)), int(asked.pop("limit", 100))
        self.asked.append(f"activity {asked} from {begin}")
        matching = [it for it in self.record if _is_wanted(it, asked)]
        following = str(begin + limit) if begin + limit < len(matching) else None
        people = sorted({it.by for it in self.record if it.by})
        return ActivityPage(entries=matching[begin : begin + limit], next=following, people=people)

    async def loads(self, _environment: str) -> LoadList:
        if self.loads_error:
            raise self.loads_error
        return LoadList(loads=list(self.loads_told), read_at=NOW)

    async def sessions(self, _environment: str) -> SessionList:
        if self.people_wait:
            await self.people_wait.wait()
        if self.people_error:
            raise self.people_error
        return SessionList(sessions=list(self.people), read_at=NOW)

    async def end_sessions(
        self, _environment: str, request: EndSessions, *, key: str
    ) -> SessionsEnded:
        there = {it.id for it in self.people}
        self.asked.append(f"end {' '.join(request.sessions)}")
        if self.act_error:
            raise self.act_error
        self.people = [it for it in self.people if it.id not in request.sessions]
        return SessionsEnded(
            ended=[it for it in request.sessions if it in there],
            gone=[it for it in request.sessions if it not in there],
        )

    async def set_mail_server(self, request: MailSetting) -> MailState:
        return MailState(sends=request.server is not None)

    async def power(self, server: str, power: Power, *, key: str, hours: int | None = None) -> None:
        self.asked.append(f"{power} {server}" + (f" for {hours} h" if hours else ""))
        if self.power_waits:
            await self.power_waits.wait()
        if self.act_error:
            raise self.act_error

    async def provider_update(self, environment: str, *, key: str) -> Operation:
        self.asked.append(f"update {environment}")
        if self.update_error:
            raise self.update_error
        return an_update(environment=environment)

    async def move_shutdown(self, server: str, request: ShutdownRequest, *, key: str) -> None:
        to = f" to {request.to:%H:%M}" if request.to else ""
        since = f" from {request.expected:%H:%M}" if request.expected else ""
        self.asked.append(f"{request.move} {server}{since}{to}")
        if self.move_waits:
            await self.move_waits.wait()
        if self.move_error:
            raise self.move_error
        at = min(filter(None, (request.to, self.longest)), default=None)
        if request.move is ShutdownMove.SKIP and request.expected:
            at = request.expected + timedelta(days=1)
        self.moved = ScheduledShutdown(at=at, reason="moved") if at else None

    async def server(self, _server: str) -> LocatedServer:
        moved = msgspec.structs.asdict(a_preparation_server(shutdown=self.moved))
        return LocatedServer(environment=ERP, **moved)


def _is_wanted(entry: Activity, asked: Mapping[str, str]) -> bool:
    since, until = (datetime.fromisoformat(asked[it]) if it in asked else None
                    for it in ("since", "until"))  # fmt: skip
    return (
        asked.get("kind", entry.kind) == entry.kind
        and asked.get("by", entry.by or "") == (entry.by or "")
        and (since is None or entry.at >= since)
        and (until is None or entry.at < until)
    )


@dataclass
class WallClock:
    """A clock that stands still unless a test sets it, and tells nobody, as after a sleep."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Nobody:
    """A follower who hears nothing: the test writes the store."""

    plane: Plane

    def open(self, environment: str) -> None: ...
    def try_now(self) -> None: ...


@dataclass
class Evening:
    """The window and what it reads from."""

    desktop: Desktop
    store: Store
    plane: Plane
    preferences: Preferences
    clock: WallClock

    def show(
        self,
        *servers: Server,
        environment: Environment | None = None,
        publications: Sequence[Publication] = (),
    ) -> None:
        """Make these the truth about ERP Production."""
        erp = environment or an_environment()
        self.store.environments.replace([erp, an_environment("payroll", "Payroll")])
        for name in (ERP, "payroll"):
            details = self.store.details(name)
            details.revision = 1
            details.servers.replace(servers or (a_preparation_server(), a_support_server()))
            instance = Instance(id="i", name="INST-01", status="available", version=41, sessions=37)
            details.instances.replace([instance])
            details.publications.replace(publications)
        self.store.tell()


@asynccontextmanager
async def an_evening(width: int = 1280, height: int = 820) -> AsyncIterator[Evening]:
    """Yield a window of that size on ERP Production, live, closed afterwards."""
    with TemporaryDirectory() as folder:
        store, plane = Store(), Plane()
        follow = cast("Follow", Nobody(plane))
        clock = WallClock()
        now = store.reckoned(clock)
        window = MainWindow(store, now)
        window.remember(Settings())
        window.resize(width, height)
        window.show()
        window.activateWindow()
        preferences = Preferences(Path(folder))
        desktop = Desktop(window, store, Intents(follow), follow, preferences, now)
        evening = Evening(desktop, store, plane, preferences, clock)
        store.me = Me(
            operator="ana", control_plane="This computer", control_plane_id=A_PLANE, version="1"
        )
        store.set_connection(LIVE)
        evening.show()
        try:
            await Person().until(window.isActiveWindow, "an active window")
            yield evening
        finally:
            await desktop.close()
            window.deleteLater()
