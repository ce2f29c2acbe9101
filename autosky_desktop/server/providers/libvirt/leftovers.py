"""Lists what we made for an environment and nothing uses any more. It takes nothing away."""

from collections.abc import Container, Iterator
from typing import Any

from autosky_desktop.domain.environment_settings import Leftover
from autosky_desktop.domain.server import ImageState
from autosky_desktop.server.providers.libvirt.definitions import Definition
from autosky_desktop.server.providers.libvirt.machines import MadeAs, definition, machine, ours
from autosky_desktop.server.providers.libvirt.settings import LibvirtSettings
from autosky_desktop.server.providers.libvirt.volumes import FROZEN, pool_of, users_of
from autosky_desktop.words import libvirt as words
from autosky_desktop.words.language import _

KEPT_MODELS = 2
"""The newest ones: that of the present version, and the one to go back to."""


def leftovers(
    connection: Any, *, environment: str, settings: LibvirtSettings, copying: Container[str]
) -> list[Leftover]:
    """Return machines, images, models and disks that serve nothing, in this order. Images that are
    being copied just now are left out.
    """
    instances = ours(connection, environment, MadeAs.INSTANCE)
    models = [it[1] for it in ours(connection, environment, MadeAs.MODEL)]
    images = [
        it[1] for it in ours(connection, environment, MadeAs.IMAGE) if it[1].id not in copying
    ]
    return [
        *(
            _left("machine", told, words.INSTANCE_OFF)
            for found, told in instances
            if not found.isActive()
        ),
        *_unused_images(images, models),
        *_unused_models(models, [told for _found, told in instances]),
        *_unused_volumes(connection, environment, settings),
    ]


def _unused_images(images: list[Definition], models: list[Definition]) -> Iterator[Leftover]:
    used = {told.tag.get("image") for told in models}
    for told in images:
        if told.tag.get("state") != ImageState.AVAILABLE:
            yield _left("image", told, words.IMAGE_BROKEN)
        elif told.id not in used:
            yield _left("image", told, words.IMAGE_UNUSED)


def _unused_models(models: list[Definition], instances: list[Definition]) -> Iterator[Leftover]:
    used = {told.tag.get("model") for told in instances}
    newest = sorted(models, key=lambda it: int(it.tag.get("version", "0")), reverse=True)
    for told in newest[KEPT_MODELS:]:
        if told.id not in used:
            yield _left("model", told, words.MODEL_UNUSED)


def _unused_volumes(
    connection: Any, environment: str, settings: LibvirtSettings
) -> Iterator[Leftover]:
    """Yield our disks that no machine uses: our own by their names, and what a server wrote to
    while it was copied.
    """
    if (preparation := machine(connection, settings.preparation)) is None:
        return
    own = definition(preparation).disks[0]
    pool = pool_of(connection, settings.pool, own)
    pool.refresh()
    for volume in pool.listAllVolumes():
        name, path = volume.name(), volume.path()
        made = name.startswith((f"{environment}-instance-", f"{environment}-image-"))
        frozen = path.startswith(own.removesuffix(FROZEN)) and path.endswith(FROZEN)
        if (made or frozen) and not users_of(connection, path):
            yield Leftover(kind="volume", id=path, name=name, why=_(words.VOLUME_UNUSED))


def _left(kind: str, told: Definition, why: str) -> Leftover:
    return Leftover(kind=kind, id=told.id, name=told.name, why=_(why))
