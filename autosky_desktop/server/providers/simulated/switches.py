"""Names the faults that a person switches on and off."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import fields, replace

from autosky_desktop.domain.demo import Fault
from autosky_desktop.server.providers.simulated.faults import NO_CAPACITY, NO_SPACE, Faults


class Switch(Struct, frozen=True):
    """A fault as the cloud knows it: a field, and its value while the fault is on."""

    field: str
    on: object


SWITCHES: Mapping[Fault, Switch] = MappingProxyType(
    {
        Fault.IMAGE_FAILS: Switch("image_fails", NO_SPACE),
        Fault.IMAGE_STUCK: Switch("image_stuck", True),
        Fault.UNHEALTHY_INSTANCE: Switch("unhealthy_instance", 1),
        Fault.START_REFUSED: Switch("start_refused", NO_CAPACITY),
        Fault.PROVIDER_BUSY: Switch("busy_every", 1),
        Fault.NO_ANSWER: Switch("hangs", True),
        Fault.SESSIONS_UNREPORTED: Switch("sessions_unreported", True),
    }
)


def switched_on(faults: Faults) -> list[Fault]:
    """Return those in force; `UNKNOWN` stands for what a tester has set and no switch sets."""
    known = [fault for fault, it in SWITCHES.items() if getattr(faults, it.field)]
    named = {it.field for it in SWITCHES.values()} | {"environment"}
    rest = [it.name for it in fields(Faults) if it.name not in named]
    return [*known, Fault.UNKNOWN] if any(getattr(faults, name) for name in rest) else known


def switched(faults: Faults, wanted: Collection[Fault]) -> Faults:
    """Switch these on and no others. What a tester set stays as long as any is on."""
    if not wanted:
        return Faults()
    now = switched_on(faults)
    changes = {
        it.field: it.on if fault in wanted else getattr(Faults(), it.field)
        for fault, it in SWITCHES.items()
        if (fault in wanted) is not (fault in now)
    }
    return replace(faults, **changes)
