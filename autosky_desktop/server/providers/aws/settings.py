"""The settings of an environment in AWS: how to get in, and which machines serve what.

Secrets are not among it: a profile of the AWS configuration has them, or knows how to get them.
"""

from typing import Annotated

from msgspec import Meta, Struct

from autosky_desktop.domain.environment_settings import MOST_WANTED, FieldKind
from autosky_desktop.server.providers.plugin import AskedFor
from autosky_desktop.words import aws as words


class AwsSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of one environment. Instances are those of `group`, those that were started
    here, and those with `tag`.
    """

    profile: Annotated[
        str, AskedFor(words.PROFILE, hint="production", help=words.PROFILE_HELP)
    ] = ""  # fmt: skip
    region: Annotated[
        str,
        Meta(pattern="^[a-z0-9-]*$"),
        AskedFor(words.REGION, hint="eu-central-1", help=words.REGION_HELP),
    ] = ""
    role_arn: Annotated[str, AskedFor(words.ROLE, hint=words.ROLE_HINT, help=words.ROLE_HELP)] = ""
    preparation: Annotated[
        str,
        AskedFor(words.PREPARATION, kind=FieldKind.MACHINE, access=False, required=True),
    ] = ""
    support: Annotated[
        list[str], AskedFor(words.SUPPORT, kind=FieldKind.MACHINES, access=False)
    ] = []  # fmt: skip
    support_tag: Annotated[
        str,
        AskedFor(words.SUPPORT_TAG, access=False, hint="Role=database", help=words.TAG_HELP),
    ] = ""
    group: Annotated[
        str, AskedFor(words.GROUP, kind=FieldKind.GROUP, access=False, help=words.GROUP_HELP)
    ] = ""
    tag: Annotated[
        str, AskedFor(words.TAG, access=False, hint="Role=worker", help=words.TAG_HELP)
    ] = ""  # fmt: skip
    template: Annotated[
        str,
        AskedFor(
            words.TEMPLATE, access=False, hint="lt-0123456789abcdef0", help=words.TEMPLATE_HELP
        ),
    ] = ""
    instances: Annotated[
        int,
        Meta(ge=0, le=MOST_WANTED),
        AskedFor(words.INSTANCES, access=False, help=words.INSTANCES_HELP),
    ] = 0
    shutdown_role: Annotated[
        str,
        Meta(pattern="^(arn:[a-z0-9-]+:iam::[0-9]{12}:role/.{1,512})?$"),
        AskedFor(
            words.SHUTDOWN_ROLE,
            access=False,
            hint=words.SHUTDOWN_ROLE_HINT,
            help=words.SHUTDOWN_ROLE_HELP,
        ),
    ] = ""
    account: Annotated[
        str, AskedFor(words.ACCOUNT, access=False, hint="ec2-user", help=words.ACCOUNT_HELP)
    ] = ""
