"""A reader of the tray: it tells what a panel knows of the icons, and presses menus, over D-Bus.

A program for the system's own python3, which has gi. It answers lines of JSON on stdin, such as
["click", "id of the icon", "Quit"], with one line each on stdout.
"""

import json
import sys

from gi.repository import Gio, GLib

WATCHER = ("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher")
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"
SECONDS = 5_000

bus = Gio.bus_get_sync(Gio.BusType.SESSION)


def call(to, path, interface, method, signature, *arguments):
    body = GLib.Variant(signature, arguments)
    flags = Gio.DBusCallFlags.NONE
    said = bus.call_sync(to, path, interface, method, body, None, flags, SECONDS, None)
    return said.unpack()


def read(to, path, interface, name):
    return call(to, path, PROPERTIES, "Get", "(ss)", interface, name)[0]


def icons():
    """Return where each icon is, by the id it gave itself."""
    found = {}
    for place in read(*WATCHER, WATCHER[0], "RegisteredStatusNotifierItems"):
        to, _, path = place.partition("/")
        found[read(to, f"/{path}", ITEM, "Id")] = (to, f"/{path}")
    return found


def items():
    """Return id, title, status and tool tip of every icon."""
    return [[key, *looks(*place)] for key, place in icons().items()]


def looks(to, path):
    *_, head, text = read(to, path, ITEM, "ToolTip")
    return [read(to, path, ITEM, "Title"), read(to, path, ITEM, "Status"), f"{head} {text}".strip()]


def picture(key):
    """Return the icon's largest picture: width, height, and its bytes in hexadecimal digits."""
    pictures = read(*icons()[key], ITEM, "IconPixmap")
    width, height, pixels = max(pictures, default=[0, 0, []])
    return [width, height, bytes(pixels).hex()]


def layout(key):
    to, path = icons()[key]
    menu = read(to, path, ITEM, "Menu")
    call(to, menu, MENU, "AboutToShow", "(i)", 0)
    return to, menu, call(to, menu, MENU, "GetLayout", "(iias)", 0, -1, [])[1]


def lines(key):
    """Return label, whether it can be chosen, and the lines below it, of each line of the menu."""
    return below(layout(key)[2])


def below(node):
    return [
        [label(has), has.get("enabled", True), below([number, has, children])]
        for number, has, children in node[2]
        if has.get("visible", True) and has.get("type") != "separator"
    ]


def label(has):
    return has.get("label", "").replace("__", "\0").replace("_", "").replace("\0", "_")


def numbers(node, above=()):
    for number, has, children in node[2]:
        yield (*above, label(has)), number, has.get("enabled", True)
        yield from numbers([number, has, children], (*above, label(has)))


def click(key, *wanted):
    """Choose the line whose label, below the labels before it, is the last of `wanted`."""
    to, menu, root = layout(key)
    for labels, number, enabled in numbers(root):
        if labels == wanted and enabled:
            nothing = GLib.Variant("s", "")
            call(to, menu, MENU, "Event", "(isvu)", number, "clicked", nothing, 0)
            return True
    return False


def activate(key):
    """Click on the icon itself."""
    to, path = icons()[key]
    call(to, path, ITEM, "Activate", "(ii)", 0, 0)
    return True


ASKED = {it.__name__: it for it in (items, picture, lines, click, activate)}


def main():
    for line in sys.stdin:
        what, *words = json.loads(line)
        try:
            said = ASKED[what](*words)
        except (GLib.Error, KeyError):
            said = None  # the icon has gone, or is not there yet
        print(json.dumps(said), flush=True)


main()
