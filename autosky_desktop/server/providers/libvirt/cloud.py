"""The machines of one environment on libvirt: its preparation server and support servers, which a
person chose, and its instances, which we make as linked clones of an image.
"""

from datetime import timedelta
from functools import partial
from typing import Any

import libvirt
from msgspec import convert, to_builtins

from autosky_desktop.domain.endpoint import Console, Endpoint, Protocol
from autosky_desktop.domain.environment import Instance, InstanceLoad, InstanceState
from autosky_desktop.domain.environment_settings import Leftover
from autosky_desktop.domain.server import Power, Server, ServerRole, ServerState
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.providers.cloud import CloudReading, Holder, Platform
from autosky_desktop.server.providers.libvirt.agent import AgentChannel
from autosky_desktop.server.providers.libvirt.connection import LibvirtConnection
from autosky_desktop.server.providers.libvirt.definitions import HOLDER, Agent, Definition
from autosky_desktop.server.providers.libvirt.images import DiskImages
from autosky_desktop.server.providers.libvirt.instances import LinkedClones
from autosky_desktop.server.providers.libvirt.leftovers import leftovers
from autosky_desktop.server.providers.libvirt.loads import Loads
from autosky_desktop.server.providers.libvirt.machines import (
    address_of,
    all_of,
    definition,
    machine,
    platform_of,
    tag,
)
from autosky_desktop.server.providers.libvirt.settings import LibvirtSettings
from autosky_desktop.server.providers.libvirt.watch import AGENT_COMES, Watch
from autosky_desktop.server.providers.provider import (
    Admission,
    ImageProgress,
    Member,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.words import libvirt as words
from autosky_desktop.words.language import _

ADMITTED = {
    Admission.OPEN: InstanceState.AVAILABLE,
    Admission.BLOCKED: InstanceState.BLOCKED,
    Admission.DRAINING: InstanceState.DRAINING,
}


class LibvirtCloud:
    """The cloud of one environment. It needs no polling: libvirt tells of every change."""

    images_while_running = True

    def __init__(
        self,
        environment: str,
        settings: LibvirtSettings,
        now: Now,
        *,
        agent_comes: timedelta = AGENT_COMES,
    ) -> None:
        self._environment = environment
        self._settings = settings
        self._watch = Watch(now, agent_comes=agent_comes)
        self._connection = LibvirtConnection(settings.uri, self._watch.told)
        self._loads = Loads(self._connection)
        self._images = DiskImages(environment, settings, self._connection)
        self._instances = LinkedClones(environment, settings)

    async def read(self) -> CloudReading:
        return await self._connection.ask(self._read)

    async def changed(self) -> None:
        await self._watch.changed()

    async def power(self, server: str, power: Power) -> None:
        asked = await self._connection.ask(partial(self._power, server=server, power=power))
        if asked is not None:
            self._watch.asked(server, asked)

    async def endpoint(self, machine: str) -> Endpoint:
        return await self._connection.ask(partial(self._endpoint, id_=machine))

    async def create_image(self, *, key: str) -> str:
        return await self._images.create(key=key)

    async def image(self, image: str) -> ImageProgress:
        return await self._images.progress(image)

    async def create_model(self, *, image: str, version: int, key: str) -> str:
        return await self._images.create_model(image=image, version=version, key=key)

    async def start_instance(self, *, model: str, name: str, replaces: str, key: str) -> str:
        start = partial(self._instances.start, model=model, name=name, replaces=replaces, key=key)
        return await self._connection.ask(start)

    async def retire_instance(self, instance: str) -> None:
        await self._connection.ask(partial(self._instances.retire, id_=instance))

    async def mark(self, instance: str, admission: Admission) -> None:
        mark = partial(self._instances.mark, id_=instance, admission=admission)
        await self._connection.ask(mark)

    async def holder(self) -> Holder | None:
        return await self._connection.ask(self._holder)

    async def hold(self, holder: Holder | None) -> None:
        await self._connection.ask(partial(self._hold, holder=holder))

    def channel(self, machine: str) -> AgentChannel:
        return AgentChannel(self._connection, machine, self._watch.overdue)

    async def leftovers(self) -> list[Leftover]:
        return await self._connection.ask(
            partial(
                leftovers,
                environment=self._environment,
                settings=self._settings,
                copying=self._images.copying,
            )
        )

    async def loads(self) -> list[InstanceLoad]:
        return await self._loads.read([it.instance.id for it in (await self.read()).members])

    async def close(self) -> None:
        await self._images.close()
        await self._connection.close()

    def _read(self, connection: Any) -> CloudReading:
        chosen = {
            self._settings.preparation: ServerRole.PREPARATION,
            **dict.fromkeys(self._settings.support, ServerRole.SUPPORT),
        }
        servers: list[Server] = []
        members: list[Member] = []
        platforms: dict[str, Platform] = {}
        for found, told in all_of(connection):
            if role := chosen.get(told.id):
                servers.append(self._server(found, told, role))
            elif self._instances.is_ours(told):
                members.append(self._member(found, told))
            else:
                continue
            platforms[told.id] = platform_of(told)
        return CloudReading(
            servers=sorted(servers, key=lambda it: (it.role, it.name)),
            members=sorted(members, key=lambda it: it.instance.name),
            platforms=platforms,
        )

    def _server(self, found: Any, told: Definition, role: ServerRole) -> Server:
        status = self._watch.status(told, found.state()[0])
        private, _port = address_of(found, told, self._settings.uri)
        return Server(
            id=told.id,
            name=told.name,
            role=role.value,
            status=status,
            since=self._watch.since(told.id, status),
            private_ip=private,
            type=platform_of(told).value if platform_of(told) is not Platform.UNKNOWN else "",
        )

    def _member(self, found: Any, told: Definition) -> Member:
        status = self._watch.status(told, found.state()[0])
        admission = Admission(told.tag.get("admission", Admission.OPEN))
        private, _port = address_of(found, told, self._settings.uri)
        return Member(
            instance=Instance(
                id=told.id,
                name=told.name,
                status=_instance_state(status, admission, told),
                version=int(told.tag.get("version", "0")),
                private_ip=private,
            ),
            model=told.tag.get("model", ""),
            image=told.tag.get("image", ""),
            replaces=told.tag.get("replaces", ""),
            admission=admission,
            failed=self._failed(told, status),
        )

    def _failed(self, told: Definition, status: str) -> str:
        if restarts := self._watch.restarts(told.id):
            return _(words.RESTARTS_FOR_EVER).format(n=restarts)
        off = status == ServerState.STOPPED and told.tag.get("started")
        return _(words.SWITCHED_OFF) if off else ""

    def _power(self, connection: Any, *, server: str, power: Power) -> ServerState | None:
        """Begin it and return what the server does then, if that is not to be seen at once."""
        found = self._there(connection, server)
        if power is Power.START:
            if not found.isActive():
                found.create()
            return None
        if not found.isActive():
            if power is Power.STOP:
                return None
            raise ProviderRefused(_(words.SWITCHED_OFF), kind=RefusalKind.WRONG_STATE)
        by_agent = definition(found).agent is Agent.CONNECTED
        if power is Power.STOP:
            flag = libvirt.VIR_DOMAIN_SHUTDOWN_GUEST_AGENT if by_agent else 0
            found.shutdownFlags(flag)
            return ServerState.STOPPING
        found.reboot(libvirt.VIR_DOMAIN_REBOOT_GUEST_AGENT if by_agent else 0)
        return ServerState.RESTARTING

    def _there(self, connection: Any, id_: str) -> Any:
        found = machine(connection, id_)
        if found is None:
            raise ProviderRefused(
                _(words.NO_MACHINE), kind=RefusalKind.NOT_FOUND, remedy=_(words.CHOOSE_AGAIN)
            )
        return found

    def _endpoint(self, connection: Any, *, id_: str) -> Endpoint:
        found = self._there(connection, id_)
        told = definition(found)
        address, port = address_of(found, told, self._settings.uri)
        has_console = told.screen or told.serial
        if address is None and found.isActive() and not has_console:
            raise ProviderRefused(
                _(words.NO_ADDRESS).format(name=told.name),
                kind=RefusalKind.NO_AGENT,
                remedy=_(words.OPEN_CONSOLE).format(uri=self._settings.uri, name=told.name),
            )
        windows = platform_of(told) is Platform.WINDOWS
        return Endpoint(
            server=told.id,
            protocol=(Protocol.RDP if windows else Protocol.SSH).value,
            port=port or (3389 if windows else 22),
            private_ip=address,
            account=self._settings.account,
            console=self._console(told) if address is None and has_console else None,
        )

    def _console(self, told: Definition) -> Console:
        return Console(uri=self._settings.uri, machine=told.id, graphical=told.screen)

    def _holder(self, connection: Any) -> Holder | None:
        words_of_it = definition(self._there(connection, self._settings.preparation)).holder
        try:
            return convert(dict(words_of_it), Holder) if words_of_it else None
        except ValueError:
            return None

    def _hold(self, connection: Any, *, holder: Holder | None) -> None:
        words_of_it = {} if holder is None else to_builtins(holder)
        found = self._there(connection, self._settings.preparation)
        tag(found, words_of_it, namespace=HOLDER)


def _instance_state(status: str, admission: Admission, told: Definition) -> str:
    if status in (ServerState.RUNNING, ServerState.RESTARTING):
        return ADMITTED[admission].value
    if status == ServerState.STOPPED:
        off = InstanceState.TERMINATED if told.tag.get("started") else InstanceState.STARTING
        return off.value
    return status
