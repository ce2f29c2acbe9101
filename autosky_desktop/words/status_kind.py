"""The kinds of states: how each looks is the window's business."""

from enum import Enum


class StatusKind(Enum):
    """The meaning of a state to a person; `UNKNOWN` is also for values that are no longer
    confirmed.
    """

    OK = "ok"
    IDLE = "idle"
    BUSY = "busy"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"
