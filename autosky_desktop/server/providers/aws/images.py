"""The images of an environment: begun once for each key, followed until they can be used."""

import re

from autosky_desktop.domain.server import ImageState
from autosky_desktop.server.providers.aws import tags
from autosky_desktop.server.providers.aws.account import AwsAccount
from autosky_desktop.server.providers.aws.machines import IMAGE_STATES, Answer, reason_of_image
from autosky_desktop.server.providers.provider import (
    ImageProgress,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.words import aws as words
from autosky_desktop.words.language import _

_ODD = re.compile(r"[^A-Za-z0-9 ()./_-]")
LONGEST_NAME = 128


async def create_image(account: AwsAccount, environment: str, server: str, key: str) -> str:
    """Begin an image of the server, or find the one that was begun with this key; return its id.

    AWS restarts a server that is on: an image of one that goes on writing may not start.
    """
    hashed = tags.key_hash(environment, key)
    if found := await _begun(account, [{"Name": f"tag:{tags.KEY}", "Values": [hashed]}]):
        return found
    name = f"autosky {_ODD.sub('-', environment)[:60]} {hashed}"[:LONGEST_NAME]
    marks = {tags.ENVIRONMENT: environment, tags.ROLE: tags.IMAGE, tags.KEY: hashed, "Name": name}
    try:
        answer = await account.call(
            "ec2",
            "create_image",
            InstanceId=server,
            Name=name,
            TagSpecifications=[
                {"ResourceType": kind, "Tags": tags.told(marks)} for kind in ("image", "snapshot")
            ],
        )
    except ProviderRefused:
        # the name belongs to the key: its first answer may have been lost
        if found := await _begun(account, [{"Name": "name", "Values": [name]}]):
            return found
        raise
    return str(answer["ImageId"])


async def progress(account: AwsAccount, image: str) -> ImageProgress:
    """Return how far the image has come."""
    answer = await account.call("ec2", "describe_images", ImageIds=[image])
    if not answer["Images"]:
        raise ProviderRefused(_(words.NO_IMAGE).format(id=image), kind=RefusalKind.NOT_FOUND)
    found = answer["Images"][0]
    state = IMAGE_STATES.get(found["State"], found["State"])
    percent = 100
    if state != ImageState.AVAILABLE:
        percent = await _percent(account, found) if state == ImageState.CREATING else 0
    return ImageProgress(state=state, percent=percent, detail=reason_of_image(found))


async def _begun(account: AwsAccount, filters: list[dict[str, object]]) -> str:
    answer = await account.call("ec2", "describe_images", Owners=["self"], Filters=filters)
    return next((str(it["ImageId"]) for it in answer["Images"]), "")


async def _percent(account: AwsAccount, image: Answer) -> int:
    disks = [it["Ebs"] for it in image.get("BlockDeviceMappings", ()) if "Ebs" in it]
    ids = [it["SnapshotId"] for it in disks if it.get("SnapshotId")]
    if not ids:
        return 0
    answer = await account.call("ec2", "describe_snapshots", SnapshotIds=ids)
    done = [int(it.get("Progress", "0").rstrip("%") or 0) for it in answer["Snapshots"]]
    return min(*done, 99)
