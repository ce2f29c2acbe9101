"""The plan of a publication, as the options of a command give it."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import click
import msgspec
from msgspec import Struct

from autosky_desktop.console import moments
from autosky_desktop.domain.plan import (
    MODELS,
    MOST_MINUTES,
    Deadline,
    Hold,
    Model,
    Options,
    Plan,
    Reconnection,
    Switch,
    switch_of,
    unknown,
)
from autosky_desktop.words import console as words
from autosky_desktop.words.language import _
from autosky_desktop.words.publishing import model as model_name

MOST_SHARE, MOST_FIRST = 99, 10_000
MINUTES = click.IntRange(1, MOST_MINUTES)


class Chosen(Struct, frozen=True, kw_only=True):
    """The options that a person gave, by the names that click has for them; None: not given."""

    model: str
    block: bool | None
    terminate_sessions: bool | None
    stop_preparation: bool | None
    minutes: int | None
    message: str | None
    warn_again: int | None
    deadline: str | None
    hold: str | None
    bake: str | None
    switch: str | None
    again: int | None
    go_on_after_failure: bool
    email: tuple[str, ...]


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a plan."""
    for option in reversed([
        click.option(
            "--model", type=click.Choice([it.value for it in MODELS]),
            default=Model.OPTIMIZED.value, show_default=True, help=words.MODEL,
        ),
        click.option("--block/--no-block", default=None, help=words.BLOCK),
        click.option("--terminate-sessions", is_flag=True, default=None, help=words.TERMINATE),
        click.option("--stop-preparation", is_flag=True, default=None, help=words.STOP_PREPARATION),
        click.option("--minutes", type=MINUTES, help=words.MINUTES),
        click.option("--message", metavar="TEXT", help=words.MESSAGE),
        click.option("--warn-again", type=MINUTES, metavar="MINUTES", help=words.WARN_AGAIN),
        click.option("--deadline", metavar="TIME", help=words.DEADLINE),
        click.option("--hold", metavar="N|N%", help=words.HOLD),
        click.option("--bake", metavar="TIME", help=words.BAKE),
        click.option("--switch", metavar="TIME", help=words.SWITCH),
        click.option("--again", type=click.IntRange(1), metavar="VERSION", help=words.AGAIN),
        click.option("--go-on-after-failure", is_flag=True, help=words.GO_ON_AFTER_FAILURE),
        click.option("--email", multiple=True, metavar="ADDRESS", help=words.EMAIL),
    ]):  # fmt: skip
        command = option(command)
    return command


def plan(chosen: Chosen, time_zone: str, now: datetime) -> Plan:
    """Return the plan that is meant. Raises click.UsageError for options that fit nothing."""
    _refuse_what_does_not_belong(chosen)
    try:
        made = Plan(
            model=chosen.model,
            options=_switches(chosen),
            reconnection=_reconnection(chosen) if chosen.model == Model.RECONNECT else None,
            deadline=_deadline(chosen, time_zone, now),
            hold=_hold(chosen),
            switch=_switch(chosen, time_zone, now),
            image_of=chosen.again,
            stop_at_first_failure=not chosen.go_on_after_failure,
            emails=chosen.email,
        )
        return msgspec.convert(msgspec.to_builtins(made), Plan)  # it has bounds
    except msgspec.ValidationError as error:
        raise click.UsageError(str(error)) from error


def _refuse_what_does_not_belong(chosen: Chosen) -> None:
    asks = chosen.model == Model.RECONNECT or chosen.deadline is not None
    belong: Mapping[str, tuple[object, bool, Model]] = {
        "--block": (chosen.block, chosen.model == Model.OPTIMIZED, Model.OPTIMIZED),
        "--terminate-sessions": (
            chosen.terminate_sessions, chosen.model == Model.OPTIMIZED, Model.OPTIMIZED
        ),
        "--stop-preparation": (
            chosen.stop_preparation, chosen.model == Model.OPTIMIZED, Model.OPTIMIZED
        ),
        "--deadline": (chosen.deadline, chosen.model == Model.KEEP, Model.KEEP),
        "--minutes": (chosen.minutes, asks, Model.RECONNECT),
        "--message": (chosen.message, asks, Model.RECONNECT),
        "--warn-again": (chosen.warn_again, asks, Model.RECONNECT),
    }  # fmt: skip
    for option, (given, belongs, model) in belong.items():
        if given is not None and not belongs:
            said = _(words.BELONGS_TO).format(option=option, model=model_name(model))
            raise click.UsageError(said)
    if chosen.bake is not None and chosen.hold is None:
        raise click.UsageError(_(words.BELONGS_TO).format(option="--bake", model="--hold"))


def _switches(chosen: Chosen) -> Options:
    if chosen.model != Model.OPTIMIZED:
        return Options()
    return Options(
        block_instances=chosen.block is not False,
        terminate_sessions=bool(chosen.terminate_sessions),
        stop_preparation_server=bool(chosen.stop_preparation),
    )


def _reconnection(chosen: Chosen) -> Reconnection:
    message = (chosen.message or "").strip()
    if not message:
        raise click.UsageError(_(words.NEEDS_MESSAGE))
    if names := unknown(message):
        known = ", ".join(f"{{{it}}}" for it in names)
        raise click.UsageError(_(words.UNKNOWN_FIELD).format(fields=known))
    usual = Reconnection(message=message)
    return Reconnection(
        message=message,
        minutes=usual.minutes if chosen.minutes is None else chosen.minutes,
        again_minutes=chosen.warn_again or 0,
    )


def _deadline(chosen: Chosen, time_zone: str, now: datetime) -> Deadline | None:
    if chosen.deadline is None:
        return None
    at = moments.moment(chosen.deadline, time_zone, now)
    return Deadline(at=at, reconnection=_reconnection(chosen))


def _switch(chosen: Chosen, time_zone: str, now: datetime) -> Switch | None:
    if chosen.switch is None:
        return None
    return switch_of(moments.moment(chosen.switch, time_zone, now), time_zone)


def _hold(chosen: Chosen) -> Hold | None:
    if chosen.hold is None:
        return None
    share = chosen.hold.strip().endswith("%")
    number = chosen.hold.strip().removesuffix("%")
    most = MOST_SHARE if share else MOST_FIRST
    if not (re.fullmatch("[0-9]{1,5}", number) and 0 < int(number) <= most):
        raise click.UsageError(_(words.NO_HOLD).format(text=chosen.hold))
    bake = moments.needed_length(chosen.bake) if chosen.bake is not None else None
    seconds = round(bake.total_seconds()) if bake else None
    if share:
        return Hold(share=int(number), bake_seconds=seconds)
    return Hold(first=int(number), bake_seconds=seconds)
