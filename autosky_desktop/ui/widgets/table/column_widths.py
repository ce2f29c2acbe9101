"""The division of a table's width among its columns."""

from collections.abc import Iterable

from autosky_desktop.ui.theme.fonts import TextStyle, advance
from autosky_desktop.ui.widgets.status import pill_size
from autosky_desktop.ui.widgets.table.cells import icon_room, style_of
from autosky_desktop.ui.widgets.table.model import Column, R

PADDING = 16
"""Pixels left and right of what stands in a column, together."""
MOST_OF_ROOM = 0.4
"""The share of the width that a name may take from others: a longer one is cut in its middle."""
WHOLE, USUAL, QUIET = range(3)
"""The order in which columns get what they need: moments, names, addresses first, notes last."""
LOOKED_AT = 50
"""Records whose cells are measured: with more it would be felt."""


def share(columns: list[Column[R]], room: int, records: Iterable[R]) -> list[float]:
    """Give each column its weight of the room, and none less than its title needs.

    Where cells would be cut, those that have to be read whole come first: what others do not need
    goes to them, then room that notes need, then that of the rest.
    """
    least = [_head(column) for column in columns]
    widths = by_weight([column.weight for column in columns], least, room)
    wanted = [float(it) for it in least]
    for record in list(records)[:LOOKED_AT]:
        wanted = [max(one, _cell(it, record)) for one, it in zip(wanted, columns, strict=True)]
    ranks, most = [_rank(column) for column in columns], room * MOST_OF_ROOM
    for rank in (WHOLE, USUAL, QUIET):
        hungry = [
            0.0 if one > rank else min(want, most) if rank is WHOLE and it.kind == "name" else want
            for it, one, want in zip(columns, ranks, wanted, strict=True)
        ]
        for lowest in (QUIET + 1, QUIET, USUAL):  # from which on room is given that is needed
            kept = [
                few if one >= max(lowest, rank + 1) else want
                for one, few, want in zip(ranks, least, wanted, strict=True)
            ]
            widths = _feed(widths, hungry, kept)
    return widths


def _feed(widths: list[float], wanted: list[float], kept: list[float]) -> list[float]:
    """Give each column what it lacks, out of what the others have beyond what they keep."""
    lacking = [max(0.0, want - width) for width, want in zip(widths, wanted, strict=True)]
    spare = [max(0.0, width - own) for width, own in zip(widths, kept, strict=True)]
    moved = min(sum(lacking), sum(spare))
    if moved <= 0:
        return widths
    return [
        width + moved * lack / sum(lacking) - moved * over / sum(spare)
        for width, lack, over in zip(widths, lacking, spare, strict=True)
    ]


def _rank(column: Column[R]) -> int:
    if column.whole or column.kind in ("date-info", "name", "address"):
        return WHOLE
    return QUIET if column.kind == "quiet" else USUAL


def by_weight(weights: list[int], least: list[int], room: int) -> list[float]:
    """Divide the room by weight: columns whose share is too small get the least, and the others
    share the rest.
    """
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
    return advance(style_of(column), text) + icon_room(column, column.text(record)) + PADDING
