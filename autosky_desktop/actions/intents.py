"""Intents: each press is one request with a key of its own, however often it has to be sent."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.publication import Preview, PreviewRequest, Publication, PublishRequest
from autosky_desktop.domain.server import Power, Server

if TYPE_CHECKING:
    from autosky_desktop.client.control_plane import ControlPlane


class Link(Protocol):
    """Somebody who knows whether there is a control plane to talk to."""

    @property
    def plane(self) -> "ControlPlane | None": ...


class Intents:
    """None of these writes the store: what came of them is heard through the feed."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def power(self, server: str, power: Power) -> Callable[[], Awaitable[Server]]:
        """An order to a server, ready to be sent, and to be sent again if nothing was heard."""
        key = str(uuid4())
        return lambda: self._plane().power(server, power, key=key)

    def publish(
        self, environment: str, request: PublishRequest
    ) -> Callable[[], Awaitable[Publication]]:
        """An order to publish, ready to be sent, and to be sent again if nothing was heard."""
        key = str(uuid4())
        return lambda: self._plane().publish(environment, request, key=key)

    async def preview(self, environment: str, request: PreviewRequest) -> Preview:
        return await self._plane().preview(environment, request)

    def _plane(self) -> "ControlPlane":
        if self._link.plane is None:
            raise Offline("not connected")
        return self._link.plane
