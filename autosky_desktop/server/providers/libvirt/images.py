"""Images of the preparation server: whole copies of its disk, and the models made from them.

An image is noted, as a machine that never runs, before its disk is copied. So it is known after a
crash what was begun, and a half-made copy is made anew.
"""

import asyncio
import logging
from collections.abc import Container
from contextlib import suppress
from functools import partial
from typing import Any

import libvirt

from autosky_desktop.domain.server import ImageState
from autosky_desktop.server.providers.libvirt.connection import LibvirtConnection
from autosky_desktop.server.providers.libvirt.definitions import Definition, Tag, copied
from autosky_desktop.server.providers.libvirt.machines import (
    MadeAs,
    definition,
    free_name,
    machine,
    made_id,
    tag,
)
from autosky_desktop.server.providers.libvirt.settings import LibvirtSettings
from autosky_desktop.server.providers.libvirt.volumes import (
    FROZEN,
    copy,
    enough,
    freeze,
    one_disk,
    path_in,
    pool_of,
    settle,
    space,
    volume_at,
)
from autosky_desktop.server.providers.provider import (
    ImageProgress,
    ProviderError,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.server.providers.retry import retry
from autosky_desktop.words import libvirt as words
from autosky_desktop.words.language import _

TRIES = 30
PAUSE_SECONDS = 0.2
"""The first pause before a busy libvirt is asked again, which may still make half a copy for a
control plane that is gone.
"""

log = logging.getLogger(__name__)


class DiskImages:
    """The images and models of one environment."""

    def __init__(
        self, environment: str, settings: LibvirtSettings, connection: LibvirtConnection
    ) -> None:
        self._environment = environment
        self._settings = settings
        self._connection = connection
        self._copying: dict[str, asyncio.Task[None]] = {}

    async def create(self, *, key: str) -> str:
        """Begin an image, or find the one of this key, and return its id."""
        image = made_id(self._environment, MadeAs.IMAGE, key)
        await self._connection.ask(partial(self._note, image=image, key=key))
        await self.progress(image)
        return image

    async def progress(self, image: str) -> ImageProgress:
        """Return how far it has come. One whose copying broke off with the control plane is copied
        from now on.
        """
        note = await self._connection.ask(partial(_noted, image=image))
        if note is None:
            raise ProviderRefused(_(words.NO_IMAGE), kind=RefusalKind.NOT_FOUND)
        state = ImageState(note.tag.get("state", ""))
        if state is not ImageState.CREATING:
            percent = 100 if state is ImageState.AVAILABLE else 0
            return ImageProgress(state=state.value, percent=percent, detail=note.tag.get("why", ""))
        if image not in self._copying:
            self._copying[image] = asyncio.create_task(self._copy(note))
        percent = await self._connection.ask(partial(self._copied, note=note))
        return ImageProgress(state=state.value, percent=percent)

    async def create_model(self, *, image: str, version: int, key: str) -> str:
        """Make the model of a version from an image, or find the one of this key."""
        return await self._connection.ask(
            partial(self._note_model, image=image, version=version, key=key)
        )

    @property
    def copying(self) -> Container[str]:
        """The ids of the images whose disks are being copied."""
        return self._copying

    async def close(self) -> None:
        """Leave what is being copied: it is taken up again by whoever asks for it."""
        for task in self._copying.values():
            task.cancel()

    def _note(self, connection: Any, *, image: str, key: str) -> None:
        if machine(connection, image) is not None:
            return
        preparation = preparation_of(connection, self._settings)
        kept = definition(preparation, kept=True)
        pool = one_disk(connection, kept, self._settings.pool)
        found = space(connection, pool, definition(preparation).disks[0])
        enough(found, keep_free=self._settings.reserved)
        name = free_name(connection, f"{self._environment}-image-{image[:8]}", image)
        noted: Tag = {
            "environment": self._environment,
            "role": MadeAs.IMAGE,
            "key": key,
            "state": ImageState.CREATING.value,
        }
        xml = preparation.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
        disk = path_in(pool, f"{name}.qcow2")
        connection.defineXML(copied(xml, id_=image, name=name, tag=noted, disk=disk, port=None,
                                    readonly=True))  # fmt: skip

    async def _copy(self, note: Definition) -> None:
        ended: dict[str, str] = {"state": ImageState.AVAILABLE.value}
        copy_disk = partial(self._copy_disk, note=note)
        try:
            await retry(lambda: self._connection.ask(copy_disk), tries=TRIES, pause=PAUSE_SECONDS)
        except ProviderError as error:
            log.warning("the image %s could not be made: %s", note.name, error.detail)
            ended = {"state": ImageState.FAILED.value, "why": error.detail}
        await self._connection.ask(partial(_note_end, image=note.id, ended=ended))
        self._copying.pop(note.id, None)

    def _copy_disk(self, connection: Any, *, note: Definition) -> None:
        preparation = preparation_of(connection, self._settings)
        settle(connection, preparation)
        own = definition(preparation).disks[0]
        pool = pool_of(connection, self._settings.pool, own)
        file = f"{note.name}.qcow2"
        if not preparation.isActive():
            copy(pool, file, volume_at(connection, own), of=note.id)
            return
        freeze(preparation, own)
        try:
            copy(pool, file, volume_at(connection, own), of=note.id)
        finally:
            settle(connection, preparation)

    def _copied(self, connection: Any, *, note: Definition) -> int:
        """Return how much of the disk is copied, in percent. Below 100: it is not yet noted."""
        preparation = preparation_of(connection, self._settings)
        own = definition(preparation).disks[0].removesuffix(FROZEN)
        pool = pool_of(connection, self._settings.pool, own)
        with suppress(libvirt.libvirtError):  # it goes and comes while half a copy is made anew
            copied_yet = pool.storageVolLookupByName(f"{note.name}.qcow2").info()[2]
            return int(min(99, copied_yet * 100 // space(connection, pool, own).needed))
        return 0

    def _note_model(self, connection: Any, *, image: str, version: int, key: str) -> str:
        model = made_id(self._environment, MadeAs.MODEL, key)
        if machine(connection, model) is not None:
            return model
        source = machine(connection, image)
        if source is None or definition(source).tag.get("state") != ImageState.AVAILABLE:
            raise ProviderRefused(_(words.NO_IMAGE), kind=RefusalKind.NOT_FOUND)
        name = free_name(connection, f"{self._environment}-v{version}-{model[:8]}", model)
        noted: Tag = {
            "environment": self._environment,
            "role": MadeAs.MODEL,
            "key": key,
            "version": str(version),
            "image": image,
        }
        disk = definition(source).disks[0]
        xml = source.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
        connection.defineXML(copied(xml, id_=model, name=name, tag=noted, disk=disk, port=None,
                                    readonly=True))  # fmt: skip
        return model


def preparation_of(connection: Any, settings: LibvirtSettings) -> Any:
    """Return the preparation server. Raises ProviderRefused if it is gone."""
    found = machine(connection, settings.preparation)
    if found is None:
        raise ProviderRefused(
            _(words.NO_PREPARATION), kind=RefusalKind.NOT_FOUND, remedy=_(words.CHOOSE_AGAIN)
        )
    return found


def _noted(connection: Any, *, image: str) -> Definition | None:
    found = machine(connection, image)
    return None if found is None else definition(found)


def _note_end(connection: Any, *, image: str, ended: Tag) -> None:
    """Note how the copying ended. A note that was taken away meanwhile stays away."""
    if (found := machine(connection, image)) is not None:
        tag(found, {**definition(found).tag, **ended})
