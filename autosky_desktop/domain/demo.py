"""The demo's settings: the speed of its simulated cloud, and the faults that are switched on."""

from typing import Annotated

from msgspec import Meta

from autosky_desktop.domain.wire import MOST, Intent, Statement, Word

Speed = Annotated[float, Meta(ge=0, le=MOST)]


class Fault(Word):
    IMAGE_FAILS = "image-fails"
    IMAGE_STUCK = "image-stuck"
    UNHEALTHY_INSTANCE = "unhealthy-instance"
    START_REFUSED = "start-refused"
    PROVIDER_BUSY = "provider-busy"
    NO_ANSWER = "no-answer"
    SESSIONS_UNREPORTED = "sessions-unreported"
    UNKNOWN = "unknown"


class Demo(Statement, frozen=True, kw_only=True):
    """The demo as it is: its cloud runs `speed` times as fast as life, with these `faults`."""

    speed: Speed
    faults: list[str] = []


class FaultSetting(Intent, frozen=True, kw_only=True):
    """The faults to have from now on; any that is not named is switched off."""

    faults: Annotated[list[str], Meta(max_length=20)]
