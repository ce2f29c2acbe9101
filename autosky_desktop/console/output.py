"""Commands write tables and questions for people, and JSON for programs.

Their texts come from elsewhere: nothing in one is taken for markup, nor for an order to the
terminal.
"""

import html
import re
import sys
from collections.abc import Callable, Sequence
from typing import TypeVar

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autosky_desktop.domain.environment import Environment, Label
from autosky_desktop.domain.text import readable
from autosky_desktop.words import console as words
from autosky_desktop.words.language import _
from autosky_desktop.words.question import Ask, Consequence
from autosky_desktop.words.states import Look, StatusKind

STYLES = {
    StatusKind.OK: "green",
    StatusKind.BUSY: "cyan",
    StatusKind.WARN: "yellow",
    StatusKind.BAD: "red",
    StatusKind.UNKNOWN: "magenta",
}
TONES = {"bad": "red", "warn": "yellow"}
UNBOUNDED = 100_000
"""Columns of what is no terminal: a program cuts lines itself, if it wants them cut."""
TAGS = re.compile(r"(<b>|</b>|<br>)")

Cell = str | Look | Text
Row = TypeVar("Row")


class Output:
    """Writes to stdout what was asked for, and to stderr what is said beside it."""

    def __init__(self, *, json: bool) -> None:
        self.json = json
        self._out = _console(sys.stdout)
        self._beside = _console(sys.stderr)

    @property
    def is_live(self) -> bool:
        """Return whether a person watches, for whom lines may be drawn anew."""
        return self._beside.is_terminal and not self.json

    @property
    def beside(self) -> Console:
        return self._beside

    def tell(self, told: object) -> None:
        """Write a struct, or several of them, as one line of JSON."""
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        sys.stdout.flush()

    def listing(
        self, every: Sequence[Row], heads: Sequence[str], cells: Callable[[Row], Sequence[Cell]]
    ) -> None:
        """Write all of them: as one line of JSON, or as a table, without rows nothing."""
        if self.json:
            self.tell(every)
            return
        drawn = Table(box=None, pad_edge=False, header_style="bold")
        for head in heads:
            drawn.add_column(_(head), overflow="fold")
        for row in every:
            drawn.add_row(*map(_cell, cells(row)))
        if every:
            self._out.print(drawn)

    def line(self, text: str) -> None:
        self._out.print(Text(readable(text)), soft_wrap=True)

    def say(self, text: str, style: str = "") -> None:
        """Write a sentence beside what was asked for."""
        self._beside.print(Text(readable(text), style=style), soft_wrap=True)

    def ask(self, ask: Ask) -> None:
        """Write what will happen, before it is agreed to."""
        self._beside.print(Text(readable(ask.question), style="bold"))
        for it in ask.consequences:
            self._beside.print(_consequence(it))
        if ask.note:
            self._beside.print(Text(readable(ask.note), style="dim"))


def agreed(output: Output, home: Environment | None, ask: Ask, *, yes: bool) -> bool:
    """Show the question; return whether it can be done and somebody agreed to it.

    Before people in production lose their sessions, the name of the environment has to be typed.
    `yes`: it was agreed to in the command. Raises click.UsageError where nobody can be asked.
    """
    if ask.reason:
        output.say(ask.reason, "red")
        return False
    output.ask(ask)
    named = home if home and ask.hurts and home.label == Label.PRODUCTION else None
    if yes or _confirmed(named):
        return True
    output.say(_(words.NOTHING_DONE))
    return False


def _confirmed(named: Environment | None) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError(_(words.SAY_YES))
    if named is None:
        return click.confirm(_(words.GO_AHEAD), err=True)
    prompt = words.type_the_name(named.name)
    return bool(click.prompt(prompt, default="", show_default=False, err=True) == named.name)


def _console(file: "object") -> Console:
    terminal = bool(getattr(file, "isatty", bool)())
    return Console(
        file=file,  # type: ignore[arg-type]
        width=None if terminal else UNBOUNDED,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _cell(cell: Cell) -> Text:
    if isinstance(cell, Text):
        return cell
    if isinstance(cell, tuple):
        kind, text = cell
        return Text(readable(text), style=STYLES.get(kind, ""))
    return Text(readable(cell))


def _consequence(told: Consequence) -> Text:
    text = Text("  • ")
    text.append_text(marked(told.text, TONES.get(told.tone, "")))
    if told.explanation:
        text.append("\n    ")
        text.append_text(marked(told.explanation, "dim"))
    return text


def marked(text: str, style: str = "") -> Text:
    """Return a text of the window, which is HTML, as a terminal shows it."""
    shown, bold = Text(style=style), False
    for part in TAGS.split(text):
        if part in ("<b>", "</b>"):
            bold = part == "<b>"
        elif part == "<br>":
            shown.append("\n    ")
        else:
            shown.append(readable(html.unescape(part)), style="bold" if bold else "")
    return shown
