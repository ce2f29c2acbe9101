"""Links to an environment, a server or a publication. They navigate; none of them acts."""

import re
from urllib.parse import quote, unquote, urlsplit

import msgspec

from autosky_desktop.domain.environment import Me
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
    """A place to open, as in `autosky://environment/erp-production`. With `?plane=…` it is on the
    control plane of that id, because another one may have an environment of the same id.
    """

    place: Place
    id: str
    plane: str = ""

    def __str__(self) -> str:
        of = f"?plane={self.plane}" if self.plane else ""
        return f"{SCHEME}://{self.place}/{quote(self.id, safe='')}{of}"


def parse(text: str) -> Link | None:
    """Return the link that `text` is; None for any other text, or one with more than a place."""
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


def link_to(me: Me | None, place: Place, identity: str) -> Link:
    """Return the link to that place on the control plane which said who `me` is."""
    return Link(place, identity, me.control_plane_id if me else "")
