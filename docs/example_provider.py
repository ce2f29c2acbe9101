"""An example of a provider: a shelf of machines that are Python objects. Yours talks to a cloud."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import count
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from autosky_desktop.domain.endpoint import Endpoint
from autosky_desktop.domain.environment import Instance, InstanceState
from autosky_desktop.domain.environment_settings import CheckLine, FieldKind, Found, FoundMachine
from autosky_desktop.domain.server import ImageState, Power, Server, ServerRole, ServerState
from autosky_desktop.domain.session import Session
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.providers import provider as port
from autosky_desktop.server.providers.plugin import AskedFor, Services

BOOT = timedelta(seconds=5)


class ShelfSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a person is asked for: the form and the options of the console are made of this."""

    shelf: Annotated[
        str, Meta(pattern="^shelf://"), AskedFor("Shelf", required=True, hint="shelf://cellar")
    ]
    machine: Annotated[
        str, AskedFor("Preparation server", FieldKind.MACHINE, access=False, required=True)
    ] = ""
    instances: Annotated[int, Meta(ge=1, le=50), AskedFor("Instances", access=False)] = 3


class Box(Struct):
    """One instance on the shelf."""

    id: str
    model: str
    up_at: datetime
    replaces: str = ""
    blocked: bool = False
    draining: bool = False


class ShelfProvider:
    """One environment on the shelf. What repeated keys came to is remembered by its caller."""

    def __init__(self, environment: str, settings: ShelfSettings, now: Now) -> None:
        self._environment = environment
        self._now = now
        self._numbers = count(1)
        self._server = Server(
            id=f"{environment}-{settings.machine}",
            name=settings.machine.upper(),
            role=ServerRole.PREPARATION,
            status=ServerState.STOPPED,
            since=now(),
            private_ip="10.0.0.1",
        )
        self._images: list[str] = []
        self._models = {"model-0": 1}
        self._boxes: dict[str, Box] = {}
        for _ in range(settings.instances):
            self._put("model-0", up_at=now())
        self._sessions = [
            Session(id=f"session-{box}", account=f"user{n}", instance=box, since=now())
            for n, box in enumerate(self._boxes)
        ]

    async def abilities(self, environment: str) -> port.Abilities:
        self._mine(environment)
        return port.Abilities()

    async def read(self, environment: str) -> port.Observed:
        members = await self.members(environment)
        return port.Observed(servers=[self._server], instances=[it.instance for it in members])

    async def members(self, environment: str) -> list[port.Member]:
        self._mine(environment)
        return [self._member(box) for box in self._boxes.values()]

    async def power(self, environment: str, server: str, power: Power, *, key: str) -> None:
        self._mine(environment, server, self._server.id)
        running = self._server.status == ServerState.RUNNING
        if power is Power.RESTART and not running:
            raise port.ProviderRefused("It is off.", kind=port.RefusalKind.WRONG_STATE)
        if power is Power.STOP:
            self._server = replace(self._server, status=ServerState.STOPPED, public_ip=None)
        elif not running:
            up = replace(self._server, status=ServerState.RUNNING, public_ip="192.0.2.1")
            self._server = replace(up, since=self._now())

    async def endpoint(self, environment: str, server: str) -> Endpoint:
        self._mine(environment, server, self._server.id, *self._boxes)
        it = self._server if server == self._server.id else None  # boxes have no address
        private, public = (it.private_ip, it.public_ip) if it else (None, None)
        return Endpoint(
            server=server, protocol="ssh", port=22, private_ip=private, public_ip=public
        )

    async def create_image(self, environment: str, *, key: str) -> str:
        self._mine(environment)
        self._images.append(f"image-{next(self._numbers)}")
        self._server = replace(self._server, image_status=ImageState.AVAILABLE)
        return self._images[-1]

    async def image(self, environment: str, image: str) -> port.ImageProgress:
        self._mine(environment, image, *self._images)
        return port.ImageProgress(state=ImageState.AVAILABLE, percent=100)

    async def create_model(self, environment: str, *, image: str, version: int, key: str) -> str:
        self._mine(environment, image, *self._images)
        model = f"model-{next(self._numbers)}"
        self._models[model] = version
        return model

    async def start_instance(self, environment: str, *, model: str, replaces: str, key: str) -> str:
        self._mine(environment, model, *self._models)
        self._mine(environment, replaces, *self._boxes)
        return self._put(model, up_at=self._now() + BOOT, replaces=replaces)

    async def retire_instance(
        self, environment: str, instance: str, *, end_sessions: bool, key: str
    ) -> int:
        self._mine(environment)
        there = [it.id for it in self._sessions if it.instance == instance]
        if there and not end_sessions:
            raise port.ProviderRefused("Somebody is on it.", kind=port.RefusalKind.IN_USE)
        self._boxes.pop(instance, None)
        return len(await self.end_sessions(environment, there, key=key))

    async def drain(
        self, environment: str, instance: str, *, draining: bool, key: str, **_more: bool
    ) -> None:
        self._mine(environment)
        if instance in self._boxes:
            self._boxes[instance].draining = draining

    async def block(self, environment: str, *, blocked: bool, key: str) -> None:
        self._mine(environment)
        for box in self._boxes.values():
            box.blocked = blocked

    async def sessions(self, environment: str) -> list[Session]:
        self._mine(environment)
        return list(self._sessions)

    async def message(self, environment: str, sessions: list[str], text: str, *, key: str) -> None:
        self._mine(environment)

    async def end_sessions(self, environment: str, sessions: list[str], *, key: str) -> list[str]:
        self._mine(environment)
        ended = [it.id for it in self._sessions if it.id in sessions]
        self._sessions = [it for it in self._sessions if it.id not in sessions]
        return ended

    def _mine(self, environment: str, wanted: str = "", *there: str) -> None:
        if environment != self._environment or (wanted and wanted not in there):
            raise port.ProviderRefused("There is no such thing.", kind=port.RefusalKind.NOT_FOUND)

    def _put(self, model: str, *, up_at: datetime, replaces: str = "") -> str:
        box = Box(f"{self._environment}-box-{next(self._numbers)}", model, up_at, replaces)
        self._boxes[box.id] = box
        return box.id

    def _member(self, box: Box) -> port.Member:
        usual = port.Admission.BLOCKED if box.blocked else port.Admission.OPEN
        admission = port.Admission.DRAINING if box.draining else usual
        up = InstanceState.AVAILABLE if admission == "open" else InstanceState(admission.value)
        status = InstanceState.STARTING if self._now() < box.up_at else up
        on = sum(it.instance == box.id for it in self._sessions)
        version = self._models[box.model]
        instance = Instance(id=box.id, name=box.id, status=status, version=version, sessions=on)
        return port.Member(
            instance=instance, model=box.model, replaces=box.replaces, admission=admission
        )


class Shelf:
    """The plug-in: what the control plane knows the provider by."""

    api = 1
    name = "shelf"
    title = "A shelf"
    settings = ShelfSettings

    async def find(self, settings: ShelfSettings) -> Found:
        machine = FoundMachine(id="prep", name="PREP", suggests="machine")
        return Found(machines=[machine], suggested={"instances": "3"})

    async def check(self, environment: str, settings: ShelfSettings) -> AsyncIterator[CheckLine]:
        yield CheckLine(capability="read", state="ok", detail=f"{settings.shelf} is there.")

    async def open(self, environment: str, settings: ShelfSettings, services: Services):
        return ShelfProvider(environment, settings, services.now)


plugin = Shelf()
