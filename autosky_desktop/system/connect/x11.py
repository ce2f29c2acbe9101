"""The windows of a process on the X screen, by which a client is seen to be up.

By XCB itself, which Qt brings anyway: an error there is an answer, where Xlib would end us.
"""

import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_uint8, c_uint16, c_uint32, c_void_p
from functools import cache
from typing import Any

DEEP = 3
"""A window manager puts frames around windows, some of them two."""


class Cookie(Structure):
    _fields_ = [("sequence", c_uint32)]


class Screens(Structure):
    _fields_ = [("first", POINTER(c_uint32)), ("left", c_int), ("index", c_int)]


def has_window(pid: int) -> bool | None:
    """Return whether the process has a window; None if there is no X screen to look at."""
    if (xcb := _xcb()) is None:
        return None
    connection = xcb.xcb_connect(None, None)
    try:
        if xcb.xcb_connection_has_error(connection):
            return None
        screens = xcb.xcb_setup_roots_iterator(xcb.xcb_get_setup(connection))
        name = b"_NET_WM_PID"
        atom = _reply(xcb, "intern_atom", connection, c_uint8(0), c_uint16(len(name)), name)
        if atom is None:
            return None
        number = ctypes.cast(atom, POINTER(c_uint32))[2]
        found = _among(xcb, connection, screens.first[0], number, pid, DEEP)
        _free(atom)
        return found
    finally:
        xcb.xcb_disconnect(connection)


def _among(xcb: Any, connection: Any, window: int, atom: int, pid: int, deep: int) -> bool:
    """Return whether a window of that process is shown in this one. Unmapped ones do not count."""
    tree = _reply(xcb, "query_tree", connection, c_uint32(window))
    if tree is None:
        return False
    count = xcb.xcb_query_tree_children_length(tree)
    children = list(xcb.xcb_query_tree_children(tree)[:count])
    _free(tree)
    for child in children:
        if _owner(xcb, connection, child, atom) == pid and _shown(xcb, connection, child):
            return True
        if deep > 1 and _among(xcb, connection, child, atom, pid, deep - 1):
            return True
    return False


def _owner(xcb: Any, connection: Any, window: int, atom: int) -> int | None:
    answer = _reply(
        xcb,
        "get_property",
        connection,
        c_uint8(0),
        *(c_uint32(number) for number in (window, atom, 0, 0, 1)),
    )
    if answer is None:
        return None
    length = xcb.xcb_get_property_value_length(answer)
    value = ctypes.cast(xcb.xcb_get_property_value(answer), POINTER(c_uint32))
    owner = value[0] if length >= 4 else None
    _free(answer)
    return owner


def _shown(xcb: Any, connection: Any, window: int) -> bool:
    answer = _reply(xcb, "get_window_attributes", connection, c_uint32(window))
    if answer is None:
        return False
    state = ctypes.cast(answer, POINTER(c_uint8))[26]  # map_state; 2 is viewable
    _free(answer)
    return int(state) == 2


def _reply(xcb: Any, call: str, connection: Any, *arguments: Any) -> Any:
    cookie = getattr(xcb, f"xcb_{call}")(connection, *arguments)
    error = c_void_p()
    answer = getattr(xcb, f"xcb_{call}_reply")(connection, cookie, byref(error))
    if error:
        _free(error)
    return answer or None


@cache
def _xcb() -> Any:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return None
    xcb.xcb_connect.restype = c_void_p
    xcb.xcb_connect.argtypes = [c_char_p, c_void_p]
    xcb.xcb_disconnect.argtypes = [c_void_p]
    xcb.xcb_connection_has_error.argtypes = [c_void_p]
    xcb.xcb_get_setup.argtypes = [c_void_p]
    xcb.xcb_get_setup.restype = c_void_p
    xcb.xcb_setup_roots_iterator.argtypes = [c_void_p]
    xcb.xcb_setup_roots_iterator.restype = Screens
    xcb.xcb_query_tree_children.argtypes = [c_void_p]
    xcb.xcb_query_tree_children.restype = POINTER(c_uint32)
    xcb.xcb_query_tree_children_length.argtypes = [c_void_p]
    xcb.xcb_get_property_value.argtypes = [c_void_p]
    xcb.xcb_get_property_value.restype = c_void_p
    xcb.xcb_get_property_value_length.argtypes = [c_void_p]
    integers = [c_void_p, c_uint8, *([c_uint32] * 5)]
    calls: dict[str, list[Any]] = {
        "intern_atom": [c_void_p, c_uint8, c_uint16, c_char_p],
        "query_tree": [c_void_p, c_uint32],
        "get_property": integers,
        "get_window_attributes": [c_void_p, c_uint32],
    }
    for call, types in calls.items():
        asked, answered = getattr(xcb, f"xcb_{call}"), getattr(xcb, f"xcb_{call}_reply")
        asked.argtypes, asked.restype = types, Cookie
        answered.argtypes, answered.restype = [c_void_p, Cookie, c_void_p], c_void_p
    return xcb


def _free(pointer: Any) -> None:
    libc = ctypes.CDLL(None)
    libc.free.argtypes = [c_void_p]
    libc.free.restype = None
    libc.free(pointer)
