"""The words of the lines in the tray's menu."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import QRectF
from PySide6.QtGui import QIcon, QPainter

from autosky_desktop.domain.attention import stops_soon
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.estimate import left
from autosky_desktop.domain.publication import Publication
from autosky_desktop.ui.icons import drawn_icon
from autosky_desktop.ui.widgets.status import colors, paint_shape
from autosky_desktop.words import reminding, states
from autosky_desktop.words.language import _
from autosky_desktop.words.times import about

EDGE = 3 / 16
"""The share of the icon that stays free on each side of the shape."""


def environment_line(environment: Environment, now: datetime) -> str:
    """Word an environment's line: ERP Production (production), running, stops in 3 h 20 min."""
    state = states.environment_look(environment, now=now)[1]
    label = states.label(environment.label).lower()
    text = f"{environment.name} ({label}), {state[:1].lower()}{state[1:]}"
    shutdown = environment.preparation and environment.preparation.shutdown
    if not shutdown or shutdown.held or shutdown.at <= now or environment.unreachable is not None:
        return text
    near, far = _("in {left}"), _("stops in {left}")
    said = near if stops_soon(environment, now) else far
    return f"{text}, {said.format(left=reminding.left(shutdown.at, now))}"


def shape_of(environment: Environment, now: datetime) -> QIcon:
    """Draw the shape and colour that the environment has in the list of the window."""
    kind = states.environment_look(environment, now=now)[0]

    def draw(painter: QPainter, square: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = square.width() * EDGE
        inner = square.adjusted(edge, edge, -edge, -edge)
        paint_shape(painter, inner, kind, colors(kind)[2])

    return drawn_icon(draw)


def publication_line(environment: Environment, runs: Sequence[Publication], now: datetime) -> str:
    """Word the line of a publication: Version 42 of ERP Production: step 3 of 6, about 9 min left.

    `runs` are the known publications of the environment: none before it was opened.
    """
    run = environment.publishing
    if run is None:
        return ""
    text = _("Version {version} of {environment}: step {step} of {steps}").format(
        version=run.version, environment=environment.name, step=run.step, steps=run.steps
    )
    newest = sorted(runs, key=lambda it: it.requested_at, reverse=True)
    running = next((it for it in newest if not it.ended), None)
    rest = left(running, newest, now=now) if running else None
    if rest is None:
        return text
    more = _("{text}, about {time} left")
    return more.format(text=text, time=about(rest))


def next_scheduled(environments: Iterable[Environment]) -> list[Environment]:
    """Return the environments with a scheduled publication, the soonest first."""
    planned = [(it.next_publication, it.id, it) for it in environments if it.next_publication]
    return [it for _at, _id, it in sorted(planned, key=lambda one: one[:2])]


def scheduled_line(environment: Environment, now: datetime) -> str:
    """Word the line of a scheduled publication: Publication to ERP Production, scheduled for
    tomorrow 01:00.
    """
    at = environment.next_publication
    text = _("Publication to {environment}, scheduled for {time}")
    return text.format(environment=environment.name, time=reminding.at(at, now) if at else "")
