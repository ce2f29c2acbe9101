"""How the columns of a table share its width."""

from collections.abc import Iterable

from autosky_desktop.ui.theme.fonts import TextStyle, advance, scaled
from autosky_desktop.ui.widgets.status import pill_size
from autosky_desktop.ui.widgets.table_model import Column, R

PADDING = 16
"""Left and right of what stands in a column, together."""
_COPY = 24
"""What an address needs beside its digits."""
LOOKED_AT = 50
"""Records whose cells are measured: with more it would be felt."""


def share(columns: list[Column[R]], room: int, records: Iterable[R]) -> list[float]:
    """Each column gets its weight of the room, and none less than its title needs.

    What a column has and does not need goes to those whose cells would be cut.
    """
    least = [_head(column) for column in columns]
    widths = _by_weight([column.weight for column in columns], least, room)
    if not columns:
        return widths
    wanted = list(least)
    for record in list(records)[:LOOKED_AT]:
        wanted = [max(one, _cell(it, record)) for one, it in zip(wanted, columns, strict=True)]
    lacking = [max(0.0, want - width) for want, width in zip(wanted, widths, strict=True)]
    spare = [max(0.0, width - want) for want, width in zip(wanted, widths, strict=True)]
    moved = min(sum(lacking), sum(spare))
    if moved <= 0:
        return widths
    return [
        width + moved * lack / sum(lacking) - moved * over / sum(spare)
        for width, lack, over in zip(widths, lacking, spare, strict=True)
    ]


def _by_weight(weights: list[int], least: list[int], room: int) -> list[float]:
    """Those whose share is too small have the least, and the others share the rest."""
    fixed: dict[int, float] = {}
    while True:
        rest = [place for place in range(len(weights)) if place not in fixed]
        left = max(0.0, room - sum(fixed.values()))
        unit = left / (sum(weights[place] for place in rest) or 1)
        tight = [place for place in rest if weights[place] * unit < least[place]]
        if not tight:
            return [fixed.get(place, weights[place] * unit) for place in range(len(weights))]
        fixed |= {place: float(least[place]) for place in tight}


def _head(column: Column[R]) -> int:
    return advance(TextStyle.SMALL_MEDIUM, column.title) + PADDING if column.title else 0


def _cell(column: Column[R], record: R) -> int:
    text = column.shown(record)
    if column.status is not None:
        return pill_size(text).width() + PADDING
    style = TextStyle.BODY_MEDIUM if column.kind == "name" else TextStyle.BODY
    beside = scaled(_COPY) if column.kind == "address" and text != column.missing else 0
    return advance(style, text) + PADDING + beside
