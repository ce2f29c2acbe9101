"""What a publication was asked to do, to look at it anew or to ask for it again."""

from typing import TypeVar

import msgspec

from autosky_desktop.domain.plan import (
    Deadline,
    Hold,
    Model,
    Options,
    Plan,
    Reconnection,
)
from autosky_desktop.domain.publication import Publication

S = TypeVar("S", bound=msgspec.Struct)


def plan_of(run: Publication) -> Plan:
    """As its record tells, without what only the control plane that made it knows."""
    asked, deadline = run.reconnection, run.deadline
    model = Model(run.model)
    return Plan(
        model=model,
        options=_plain(run.options, Options) if model is Model.OPTIMIZED else Options(),
        reconnection=_plain(asked, Reconnection) if asked else None,
        deadline=Deadline(at=deadline.at, reconnection=_plain(deadline.reconnection, Reconnection))
        if deadline
        else None,
        hold=_plain(run.hold, Hold) if run.hold else None,
        image_of=run.image_of,
        stop_at_first_failure=run.stop_at_first_failure,
    )


def _plain(told: msgspec.Struct, shape: type[S]) -> S:
    return shape(**{name: getattr(told, name) for name in shape.__struct_fields__})
