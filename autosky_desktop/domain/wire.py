"""The two kinds of message: what the control plane says, and what a caller asks of it.

Names are camelCase on the wire. Times are timezone-aware and UTC.
"""

from enum import StrEnum

import msgspec


class Truth(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the control plane says. A field from the future is ignored, not refused.

    `frozen` and `kw_only` are said again by every message: type checkers do not inherit them.
    """


class Intent(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What a caller asks. A field we do not know is refused: it would be silently lost."""


class Word(StrEnum):
    """A vocabulary that may grow: a word from the future reads as the member UNKNOWN.

    On the wire and on screen the word travels as it came (a `str`); members are for deciding.
    """

    @classmethod
    def _missing_(cls, value: object) -> "Word | None":
        return cls("unknown") if value != "unknown" else None
