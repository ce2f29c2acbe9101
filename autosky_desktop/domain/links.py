"""Links to an environment, a server or a publication. They navigate; none of them acts."""

import re
from urllib.parse import quote, unquote, urlsplit

import msgspec

from autosky_desktop.domain.wire import IDENTITY, Word

SCHEME = "autosky"
LONGEST = 512
_OF_PLANE = re.compile(f"(?:plane=(?P<id>{IDENTITY}))?")
_IDENTITY = re.compile(r"[\w.~:@+-]{1,200}")


class Place(Word):
    ENVIRONMENT = "environment"
    SERVER = "server"
    PUBLICATION = "publication"
    UNKNOWN = "unknown"


class Link(msgspec.Struct, frozen=True):
    """Where it leads: `autosky://environment/erp-production`, on the control plane with that id
    where it names one (`?plane=…`): another one may have an environment of the same id.
    """

    place: Place
    id: str
    plane: str = ""

    def __str__(self) -> str:
        of = f"?plane={self.plane}" if self.plane else ""
        return f"{SCHEME}://{self.place}/{quote(self.id, safe='')}{of}"


def parse(text: str) -> Link | None:
    """The link that `text` is; None for anything else: more in it than a place is not meant."""
    if len(text) > LONGEST or not text.isprintable():
        return None
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None
    place, identity = Place(parts.netloc.lower()), unquote(parts.path.strip("/"))
    of = _OF_PLANE.fullmatch(parts.query)
    known = parts.scheme == SCHEME and place is not Place.UNKNOWN
    if not known or of is None or parts.fragment or not _IDENTITY.fullmatch(identity):
        return None
    return Link(place, identity, of["id"] or "")
