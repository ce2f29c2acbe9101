"""The things that we made in AWS for an environment and that serve nothing there.

It is asked for by a person, who decides what becomes of it: nothing is removed here.
"""

from collections.abc import Iterable, Iterator

from autosky_desktop.domain.environment_settings import Leftover
from autosky_desktop.server.providers.aws import machines, tags
from autosky_desktop.server.providers.aws.models import TemplateVersion
from autosky_desktop.server.providers.aws.reading import Answer
from autosky_desktop.server.providers.aws.tags import tags_of
from autosky_desktop.words import aws as words
from autosky_desktop.words.language import _


def listed(
    environment: str, found: Iterable[Answer], made: list[Answer], known: list[TemplateVersion]
) -> list[Leftover]:
    """Return what is left over: machines, images and versions of the launch template."""
    there = {it["ImageId"] for it in made}
    return [*_machines(environment, found), *_images(made, known), *_models(known, there)]


def _machines(environment: str, found: Iterable[Answer]) -> Iterator[Leftover]:
    for each in found:
        told = tags_of(each)
        ours = (told.get(tags.ENVIRONMENT), told.get(tags.ROLE)) == (environment, tags.INSTANCE)
        if ours and machines.state_of(each) == "stopped":
            name = told.get("Name", "")
            why = _(words.LEFT_MACHINE)
            yield Leftover(kind="machine", id=each["InstanceId"], name=name, why=why)


def _images(made: list[Answer], known: list[TemplateVersion]) -> Iterator[Leftover]:
    used = {it.data.get("ImageId") for it in known}
    for each in made:
        id_, name = each["ImageId"], each.get("Name", "")
        if machines.reason_of_image(each):
            yield Leftover(kind="image", id=id_, name=name, why=_(words.LEFT_FAILED_IMAGE))
        elif id_ not in used and each["State"] == "available":
            yield Leftover(kind="image", id=id_, name=name, why=_(words.LEFT_IMAGE))


def _models(known: list[TemplateVersion], there: set[str]) -> Iterator[Leftover]:
    for each in known:
        if each.hashed and each.data.get("ImageId") not in there:
            name = f"v{each.version}"
            yield Leftover(kind="model", id=each.id, name=name, why=_(words.LEFT_MODEL))
