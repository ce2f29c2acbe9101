"""The places where the window makes a dialog, a menu or the words of a question, and which ran."""

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import autosky_desktop.ui
from autosky_desktop.ui.widgets.dialog import Dialog
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.words.question import Ask
from tests.support import every_widget

FOLDER = Path(autosky_desktop.ui.__file__).parent
WINDOWS: tuple[type, ...] = (Dialog, Menu)

Ran = set[tuple[str, int]]
"""Files, and the lines in them that made one."""


def not_made(ran: Ran) -> Iterator[str]:
    """Yield each place that makes one and did not run."""
    names = {kind.__name__ for root in WINDOWS for kind in (root, *_below(root))} | {Ask.__name__}
    for file in sorted(FOLDER.rglob("*.py")):
        here = {line for path, line in ran if path == str(file)}
        for it in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(it, ast.Call) and getattr(it.func, "id", "") in names:
                lines = range(it.lineno, (it.end_lineno or it.lineno) + 1)
                if not here & set(lines):
                    name = getattr(it.func, "id", "")
                    yield f"{file.relative_to(FOLDER)}:{it.lineno} {name} is on no screen"


@contextmanager
def noting(ran: Ran) -> Iterator[None]:
    """Add to `ran` the places that make one within the block."""
    before = {root: root.__init__ for root in WINDOWS}  # type: ignore[misc]
    for root, init in before.items():
        root.__init__ = _noting(init, ran)  # type: ignore[misc]
    every_widget.kinds()  # of modules that are loaded later, nothing would be noted
    ours = [it for name, it in sys.modules.items() if name.startswith("autosky_desktop.ui.")]
    asking = [it for it in ours if vars(it).get("Ask") is Ask]
    for module in asking:
        vars(module)["Ask"] = _asking(ran)
    try:
        yield
    finally:
        for root, init in before.items():
            root.__init__ = init  # type: ignore[misc]
        for module in asking:
            vars(module)["Ask"] = Ask


def _noting(init: Callable[..., None], ran: Ran) -> Callable[..., None]:
    def noted(self: object, *given: Any, **named: Any) -> None:
        frame: FrameType | None = sys._getframe(1)
        while frame and frame.f_locals.get("self") is self:  # a class of its own
            frame = frame.f_back
        if frame:
            ran.add((frame.f_code.co_filename, frame.f_lineno))
        init(self, *given, **named)

    return noted


def _asking(ran: Ran) -> Callable[..., Ask]:
    """Return what stands for the class Ask, since no method of it hears of its making."""

    def made(*given: Any, **named: Any) -> Ask:
        frame = sys._getframe(1)
        ran.add((frame.f_code.co_filename, frame.f_lineno))
        return Ask(*given, **named)

    return made


def _below(kind: type) -> Iterator[type]:
    for it in kind.__subclasses__():
        yield it
        yield from _below(it)
