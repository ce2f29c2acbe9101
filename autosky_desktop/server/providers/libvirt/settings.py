"""The settings of an environment on libvirt, from which its form is made."""

from typing import Annotated

from msgspec import Meta, Struct

from autosky_desktop.domain.environment_settings import FieldKind
from autosky_desktop.server.providers.plugin import AskedFor
from autosky_desktop.words import libvirt as words

GIB = 1024**3


class LibvirtSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of one environment. Machines are named by their ids, which survive renaming."""

    uri: Annotated[
        str,
        Meta(pattern=r"^[a-z+]+:///?\S*$"),
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
    pool: Annotated[str, AskedFor(words.POOL, access=False, help=words.POOL_HELP)] = ""
    account: Annotated[str, AskedFor(words.ACCOUNT, access=False, help=words.ACCOUNT_HELP)] = ""
    keep_free: Annotated[int, Meta(ge=0, le=100_000), AskedFor(words.KEEP_FREE, access=False)] = 5

    @property
    def reserved(self) -> int:
        """The bytes that are to stay free in the pool."""
        return self.keep_free * GIB
