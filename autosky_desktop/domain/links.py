"""Links that lead to an environment or a publication. They navigate; none of them acts."""

import re
from urllib.parse import quote, unquote, urlsplit

import msgspec

from autosky_desktop.domain.wire import Word

SCHEME = "autosky"
LONGEST = 512
_IDENTITY = re.compile(r"[\w.~:@+-]{1,200}")


class Place(Word):
    ENVIRONMENT = "environment"
    PUBLICATION = "publication"
    UNKNOWN = "unknown"


class Link(msgspec.Struct, frozen=True):
    """Where it leads: `autosky://environment/erp-production`."""

    place: Place
    id: str

    def __str__(self) -> str:
        return f"{SCHEME}://{self.place}/{quote(self.id, safe='')}"


def parse(text: str) -> Link | None:
    """The link that `text` is; None for anything else: more in it than a place is not meant."""
    if len(text) > LONGEST or not text.isprintable():
        return None
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None
    place, identity = Place(parts.netloc.lower()), unquote(parts.path.strip("/"))
    known = parts.scheme == SCHEME and place is not Place.UNKNOWN
    if not known or parts.query or parts.fragment or not _IDENTITY.fullmatch(identity):
        return None
    return Link(place, identity)
