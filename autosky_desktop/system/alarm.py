"""An alarm that calls back by the clock on the wall, also when the computer slept past it.

Timers of the loop count the time a computer is awake. On Linux the kernel keeps an alarm by the
wall clock instead, rings it on waking, and says when the clock was set: nothing has to look.
"""

import asyncio
import ctypes
import os
import sys
from collections.abc import Callable

from autosky_desktop.system.clock import now

LONGEST = 20.0
"""Seconds between two looks where there is no such alarm."""

_REALTIME = 0
_FLAGS = os.O_NONBLOCK | os.O_CLOEXEC if sys.platform == "linux" else 0
_ABSOLUTE, _TELL_WHEN_SET = 1, 2
_BILLION = 1_000_000_000

Ring = Callable[[], None]


class _Moment(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]


class _Setting(ctypes.Structure):
    _fields_ = [("interval", _Moment), ("value", _Moment)]


class WallAlarm:
    """The kernel's alarm, which may ring early, never late. Raises OSError where there is none."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._libc = ctypes.CDLL(None, use_errno=True)
        if not hasattr(self._libc, "timerfd_create"):
            raise OSError("no timerfd")
        self._fd = self._libc.timerfd_create(_REALTIME, _FLAGS)
        if self._fd < 0:
            raise OSError(ctypes.get_errno(), "timerfd_create")
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._fd, self._rang)

    def ring_in(self, seconds: float | None) -> None:
        """Ring after so many seconds, and not at the time that was set before; None: not at all."""
        setting = _Setting()
        if seconds is not None:
            at = int((now().timestamp() + max(0.0, seconds)) * _BILLION) + 1
            setting.value = _Moment(*divmod(at, _BILLION))
        flags = _ABSOLUTE | _TELL_WHEN_SET
        self._libc.timerfd_settime(self._fd, flags, ctypes.byref(setting), None)

    def close(self) -> None:
        if self._fd >= 0:
            self._loop.remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    def _rang(self) -> None:
        try:
            os.read(self._fd, 8)
        except BlockingIOError:
            return
        except OSError:  # the clock was set, or the computer woke
            pass
        self._ring()


class LoopAlarm:
    """The alarm for every other system: it rings when due, and now and then before."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._timer: asyncio.TimerHandle | None = None

    def ring_in(self, seconds: float | None) -> None:
        self.close()
        if seconds is not None:
            pause = min(max(0.0, seconds), LONGEST)
            self._timer = asyncio.get_running_loop().call_later(pause, self._ring)

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


def alarm(ring: Ring) -> WallAlarm | LoopAlarm:
    """Return the best alarm this system has. It needs a running loop."""
    if sys.platform == "linux":
        try:
            return WallAlarm(ring)
        except OSError:
            pass
    return LoopAlarm(ring)
