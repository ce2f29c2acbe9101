"""A look at a display from outside that takes a millisecond, by one connection that is kept.

`xprop` and `xwd` connect anew each time: that takes 30 ms, a fifth of what a window needs to open.
"""

import ctypes
import struct
import sys
import time
from collections.abc import Callable
from ctypes import POINTER, c_char_p, c_int, c_int16, c_uint8, c_uint16, c_uint32, c_void_p
from types import TracebackType
from typing import TypeVar

from tests.support.screen import NotShown

COLOURS = 24
"""A window with fewer is an empty frame: letters alone have more."""
ROWS = 29
"""One row of pixels in so many is looked at: letters are in some of them, whatever their pitch."""
BETWEEN = 0.001
"""Seconds from one look to the next, so that who looks takes little from what is looked at."""
ANY_TYPE, PIXELS, ALL_PLANES, LONGEST = 0, 2, 0xFFFFFFFF, 1024

Found = TypeVar("Found")


class Cookie(ctypes.Structure):
    """The number of a question, for which its answer is got."""

    _fields_ = (("sequence", ctypes.c_uint),)


class Roots(ctypes.Structure):
    _fields_ = (("root", POINTER(c_uint32)), ("others", c_int), ("index", c_int))


QUESTIONS = {
    "intern_atom": (c_uint8, c_uint16, c_char_p),
    "get_property": (c_uint8, c_uint32, c_uint32, c_uint32, c_uint32, c_uint32),
    "get_geometry": (c_uint32,),
    "get_image": (c_uint8, c_uint32, c_int16, c_int16, c_uint16, c_uint16, c_uint32),
}
"""What the X server is asked, after the connection; each has its answer, `…_reply`."""
OTHERS = {
    "connect": (c_void_p, c_char_p, c_void_p),
    "connection_has_error": (c_int, c_void_p),
    "disconnect": (None, c_void_p),
    "get_setup": (c_void_p, c_void_p),
    "setup_roots_iterator": (Roots, c_void_p),
    "get_property_value": (c_void_p, c_void_p),
    "get_property_value_length": (c_int, c_void_p),
    "get_image_data": (c_void_p, c_void_p),
    "get_image_data_length": (c_int, c_void_p),
}
"""What else is called: the type of what it returns, and of what it is given."""


class Sight:
    """The windows on a display and what is on them: nothing where one is gone."""

    def __init__(self, display: str) -> None:
        self.display = display
        self._free = ctypes.CDLL(None).free
        self._free.argtypes = [c_void_p]
        self._xcb = ctypes.CDLL("libxcb.so.1")
        for name, given in QUESTIONS.items():
            self._declare(name, Cookie, c_void_p, *given)
            self._declare(f"{name}_reply", c_void_p, c_void_p, Cookie, c_void_p)
        for name, types in OTHERS.items():
            self._declare(name, *types)
        self._connection = self._xcb.xcb_connect(display.encode(), None)
        if self._xcb.xcb_connection_has_error(self._connection):
            raise NotShown(f"there is no display {display}")
        setup = self._xcb.xcb_get_setup(self._connection)
        self._root = self._xcb.xcb_setup_roots_iterator(setup).root[0]
        self._windows, self._title = self._atom(b"_NET_CLIENT_LIST"), self._atom(b"_NET_WM_NAME")

    def __enter__(self) -> "Sight":
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._xcb.xcb_disconnect(self._connection)

    def windows(self) -> list[int]:
        """Return the windows that the manager knows."""
        return list(memoryview(self._property(self._root, self._windows)).cast("I"))

    def title(self, window: int) -> str:
        return self._property(window, self._title).decode(errors="replace")

    def painted(self, window: int) -> bool:
        """Return whether the window's picture holds more than an empty frame."""
        width, height = self._size(window)
        asked = [
            self._ask("get_image", PIXELS, window, 0, y, width, 1, ALL_PLANES)
            for y in range(0, height, ROWS)
        ]
        rows = [self._answer("get_image", it, self._content("get_image_data")) for it in asked]
        return len(set(memoryview(b"".join(rows)).cast("I"))) >= COLOURS

    def until(self, look: Callable[[], Found], what: str, seconds: float) -> Found:
        """Return what is seen as soon as it is something. Raises NotShown after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := look():
                return found
            time.sleep(BETWEEN)
        raise NotShown(f"waited in vain for {what}")

    def _declare(self, name: str, returned: object, *given: object) -> None:
        call = getattr(self._xcb, f"xcb_{name}")
        call.restype, call.argtypes = returned, given

    def _atom(self, name: bytes) -> int:
        asked = self._ask("intern_atom", False, len(name), name)
        return int.from_bytes(self._answer("intern_atom", asked, _head)[8:12], sys.byteorder)

    def _size(self, window: int) -> tuple[int, int]:
        answer = self._answer("get_geometry", self._ask("get_geometry", window), _head)
        return struct.unpack_from("=2H", answer, 16) if answer else (0, 0)

    def _property(self, window: int, name: int) -> bytes:
        asked = self._ask("get_property", False, window, name, ANY_TYPE, 0, LONGEST)
        return self._answer("get_property", asked, self._content("get_property_value"))

    def _ask(self, question: str, *given: object) -> Cookie:
        cookie: Cookie = getattr(self._xcb, f"xcb_{question}")(self._connection, *given)
        return cookie

    def _answer(self, question: str, asked: Cookie, read: Callable[[int], bytes]) -> bytes:
        """Return what stands in the answer; nothing where it is an error."""
        answer = getattr(self._xcb, f"xcb_{question}_reply")(self._connection, asked, None)
        if not answer:
            return b""
        try:
            return read(answer)
        finally:
            self._free(answer)

    def _content(self, name: str) -> Callable[[int], bytes]:
        where = getattr(self._xcb, f"xcb_{name}")
        length = getattr(self._xcb, f"xcb_{name}_length")
        return lambda answer: ctypes.string_at(where(answer), length(answer))


def _head(answer: int) -> bytes:
    return ctypes.string_at(answer, 20)
