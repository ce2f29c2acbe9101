"""The settings of an environment on libvirt, from which its form is made."""

import re
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from msgspec import Meta, Struct

from autosky_desktop.domain.environment_settings import MOST_WANTED, FieldKind
from autosky_desktop.server.providers.plugin import AskedFor
from autosky_desktop.words import libvirt as words
from autosky_desktop.words.language import _

GIB = 1024**3

PLACES = re.compile(
    r"(qemu|xen|lxc|ch|bhyve)(\+(unix|ssh|libssh2?|tls|tcp))?://[^/?#\s]*/(system|session)?(\?\S*)?"
    r"|test:///default"
)
"""The libvirts that are asked, which are servers. Other drivers would run in the control plane, and
read or make files there.
"""
PARAMETERS = frozenset({
    "keyfile", "known_hosts", "known_hosts_verify", "no_tty", "no_verify", "pkipath", "proxy",
    "socket", "sshauth", "tls_priority",
})  # fmt: skip
"""What a URI may say further. Others, such as `command`, have a program run."""


class LibvirtSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of one environment. Machines are named by their ids, which survive renaming."""

    uri: Annotated[
        str,
        AskedFor(
            words.URI,
            required=True,
            hint="qemu+ssh://root@host.example/system",
            help=words.URI_HELP,
        ),
    ] = "qemu:///system"
    preparation: Annotated[
        str, AskedFor(words.PREPARATION, FieldKind.MACHINE, access=False, required=True)
    ] = ""
    support: Annotated[list[str], AskedFor(words.SUPPORT, FieldKind.MACHINES, access=False)] = []
    base: Annotated[
        str,
        Meta(pattern=r"^[A-Za-z0-9._-]{0,40}$"),
        AskedFor(words.BASE, access=False, help=words.BASE_HELP),
    ] = ""
    instances: Annotated[
        int,
        Meta(ge=0, le=MOST_WANTED),
        AskedFor(words.INSTANCES, access=False, help=words.INSTANCES_HELP),
    ] = 1
    pool: Annotated[str, AskedFor(words.POOL, access=False, help=words.POOL_HELP)] = ""
    account: Annotated[str, AskedFor(words.ACCOUNT, access=False, help=words.ACCOUNT_HELP)] = ""
    keep_free: Annotated[int, Meta(ge=0, le=100_000), AskedFor(words.KEEP_FREE, access=False)] = 5

    def __post_init__(self) -> None:
        if not PLACES.fullmatch(self.uri):
            raise ValueError(_(words.NO_PLACE))
        uri = urlsplit(self.uri)
        if ":" in uri.netloc.rpartition("@")[0]:
            raise ValueError(_(words.NO_PASSWORD))
        given = [name for name, _value in parse_qsl(uri.query, True, separator="&")]
        if unknown := sorted({*given} - PARAMETERS):
            raise ValueError(_(words.NO_PARAMETER).format(name=unknown[0]))

    @property
    def reserved(self) -> int:
        """The bytes that are to stay free in the pool."""
        return self.keep_free * GIB
