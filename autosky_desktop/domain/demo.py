"""The demo: how fast its cloud is, and what goes wrong there because somebody wants to see it."""

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
    """`speed` is how many times as fast as life the simulated cloud is, `faults` are those that are
    in force there.
    """

    speed: Speed
    faults: list[str] = []


class FaultSetting(Intent, frozen=True, kw_only=True):
    """The faults from now on; those that are not named are off."""

    faults: Annotated[list[str], Meta(max_length=20)]
