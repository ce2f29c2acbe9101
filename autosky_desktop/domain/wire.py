"""The two kinds of message, what the control plane says and what a caller asks of it, and the parts
that stand in both.

Names are camelCase on the wire. Times are timezone-aware and UTC. What is out of bounds cannot be
read: no number is larger than every part of either side can hold.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from autosky_desktop.domain.bounds import within_bounds

MOST = 2**31 - 1
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""What anybody may ask about. The calendar's ends are far from it, whatever is added or taken."""

MOST_HOURS = 366 * 24

Number = Annotated[int, Meta(ge=1, le=MOST)]
Count = Annotated[int, Meta(ge=0, le=MOST)]
Port = Annotated[int, Meta(ge=0, le=65535)]
LAST_POSITION = 2**53 - 1
Position = Annotated[int, Meta(ge=0, le=LAST_POSITION)]
Percent = Annotated[float, Meta(ge=0, le=100)]
Hours = Annotated[int, Meta(ge=0, le=MOST_HOURS)]
Seconds = Annotated[float, Meta(ge=-MOST, le=MOST)]
Instant = Annotated[datetime, Meta(tz=True)]
IDENTITY = "[0-9a-f]{32}"
Identity = Annotated[str, Meta(pattern=f"^{IDENTITY}$", max_length=32)]
"""Of a control plane: random, and its own for as long as its database lives."""


class Statement(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A message of the control plane. A field from the future is ignored, not refused.

    `frozen` and `kw_only` are said again by every message: type checkers do not inherit them.
    """

    def __post_init__(self) -> None:
        within_bounds(self)


class Intent(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A request of a caller. An unknown field is refused, because it would be silently lost."""


class Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A part that is asked and told alike. An unknown field is ignored where it is told, and
    refused by whoever answers where it is asked; whoever tells it brings it within its bounds.
    """


class Word(StrEnum):
    """A vocabulary that may grow: a word from the future reads as the member UNKNOWN.

    On the wire and on screen the word travels as it came (a `str`); members are for deciding.
    """

    @classmethod
    def _missing_(cls, value: object) -> "Word | None":
        return cls("unknown") if value != "unknown" else None


def within(number: int, least: int, most: int = MOST) -> int:
    """Return the nearest number within the bounds."""
    return max(least, min(number, most))


def out_of_bounds(asked: Any) -> Iterator[datetime]:
    """Yield the moments in a value, however deep, that are out of bounds or have no zone."""
    if isinstance(asked, datetime):
        if asked.tzinfo is None or not EARLIEST <= asked < LATEST:
            yield asked
    elif isinstance(asked, msgspec.Struct):
        for field in asked.__struct_fields__:
            yield from out_of_bounds(getattr(asked, field))
