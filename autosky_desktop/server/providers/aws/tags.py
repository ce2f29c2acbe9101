"""The tags by which AWS remembers what is ours, and the names of keys in it.

All of it stands here, so that whoever looks at the AWS console finds each tag explained once.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

ENVIRONMENT = "autosky:environment"
"""The id of the environment that a machine, an image or a snapshot was made for."""
ROLE = "autosky:role"
INSTANCE, IMAGE = "instance", "image"
KEY = "autosky:key"
"""The hash of the key with which it was asked for: a repeated call finds it by that."""
VERSION = "autosky:version"
MODEL = "autosky:model"
REPLACES = "autosky:replaces"
ADMISSION = "autosky:admission"
HOLDER = "autosky:holder"
RETIRED = "autosky:retired"
"""Said of a machine that AWS ended by itself, once somebody has seen that it failed."""
SUSPENDED = "autosky:suspended"
"""The processes of an Auto Scaling group that we suspended, on the group itself."""

AWS_TEMPLATE = "aws:ec2launchtemplate:id"
AWS_TEMPLATE_VERSION = "aws:ec2launchtemplate:version"
AWS_GROUP = "aws:autoscaling:groupName"

LONGEST_VALUE = 256


def tags_of(thing: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags of what AWS told of."""
    return {it["Key"]: it["Value"] for it in thing.get("Tags") or ()}


def told(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as AWS wants them told, without the empty ones."""
    return [{"Key": key, "Value": value[:LONGEST_VALUE]} for key, value in tags.items() if value]


def key_hash(environment: str, key: str) -> str:
    """Return what stands for a key in names and tags, where it may be neither long nor odd."""
    return hashlib.sha256(f"{environment}\n{key}".encode()).hexdigest()[:32]


def has(thing: Mapping[str, Any], wanted: str) -> bool:
    """Return whether it has the tag that is written as `key=value`; nothing has an empty one."""
    key, _equals, value = wanted.partition("=")
    return bool(key) and tags_of(thing).get(key.strip()) == value.strip()
