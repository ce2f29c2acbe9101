"""A reader of windows, which uses them through AT-SPI and nothing else.

A program for the system's own python3, which has pyatspi. It answers lines of JSON on stdin, such
as ["press", "push button", "Start server"], with one line each on stdout: what it found, or null.
"""

import json
import sys

import pyatspi

HEARD = []
"""What was announced."""
PRESSES = ("Press", "Toggle", "click", "press")


def application(name):
    return next((it for it in pyatspi.Registry.getDesktop(0) if it and it.name == name), None)


def showing(node):
    return node.getState().contains(pyatspi.STATE_SHOWING)


def everything(node):
    """Yield the node and all below it that shows, the frame first."""
    yield node
    for child in node:
        if child and showing(child):
            yield from everything(child)


def windows(name):
    found = application(name)
    return [it for it in found or [] if it and showing(it)]


def nodes(name):
    for window in windows(name):
        yield from everything(window)


def said(name):
    """Return role, name and whether it can be used, of all that shows and says something."""
    return [
        [node.getRoleName(), node.name, node.getState().contains(pyatspi.STATE_ENABLED)]
        for node in nodes(name)
        if node.name
    ]


def press(name, role, wanted):
    """Press what is called that, in the window that came last: the others wait for its answer."""
    for node in (it for window in reversed(windows(name)) for it in everything(window)):
        if node.getRoleName() == role and node.name == wanted and usable(node):
            actions = node.queryAction()
            names = [actions.getName(number) for number in range(actions.nActions)]
            which = next((names.index(it) for it in PRESSES if it in names), None)
            return which is not None and actions.doAction(which)
    return None


def usable(node):
    return node.getState().contains(pyatspi.STATE_ENABLED)


def table(name, wanted):
    """Return the cells of a table, row by row."""
    for node in nodes(name):
        if node.getRoleName() == "table" and node.name == wanted:
            cells = node.queryTable()
            rows, columns = range(cells.nRows), range(cells.nColumns)
            return [[cells.getAccessibleAt(row, column).name for column in columns] for row in rows]
    return None


def hear(event):
    HEARD.append(event.any_data)


def announced(_name):
    """Return everything that was announced since the reader began."""
    pending = pyatspi.gi.repository.GLib.MainContext.default()
    while pending.iteration(False):
        pass
    return HEARD


def answer(name, what, *words):
    asked = {"said": said, "press": press, "table": table, "announced": announced}[what]
    try:
        return asked(name, *words)
    except (LookupError, NotImplementedError, pyatspi.gi.repository.GLib.Error):
        return None  # what was found a moment ago has gone


def main():
    name = sys.argv[1]
    pyatspi.Registry.registerEventListener(hear, "object:announcement")
    for line in sys.stdin:
        print(json.dumps(answer(name, *json.loads(line))), flush=True)


main()
