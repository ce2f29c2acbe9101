"""Publishing in words: what it will touch, what stands in its way, how a step went."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from autosky_desktop.domain.estimate import Span, seconds, usual_step
from autosky_desktop.domain.plan import Hold, Model, Options
from autosky_desktop.domain.publication import (
    Publication,
    PublicationState,
    Step,
    StepName,
    StepState,
)
from autosky_desktop.domain.wire import Word
from autosky_desktop.words import names, states
from autosky_desktop.words.language import N_, _, ngettext, pgettext
from autosky_desktop.words.reasons import words_of
from autosky_desktop.words.scheduling import clock_named
from autosky_desktop.words.times import (
    about,
    about_from_to,
    clock,
    clock_or_moment,
    duration,
)

MODELS: Mapping[Word, str] = {
    Model.OPTIMIZED: N_("Optimized"),
    Model.STANDARD: N_("Standard"),
    Model.KEEP: N_("Keep users connected"),
    Model.RECONNECT: N_("Request user reconnection"),
}

SCHEDULED_MODELS: Mapping[Word, str] = {
    Model.OPTIMIZED: N_("Scheduled, optimized"),
    Model.STANDARD: N_("Scheduled, standard"),
    Model.KEEP: N_("Scheduled, keep users connected"),
    Model.RECONNECT: N_("Scheduled, request user reconnection"),
}

REASONS = {
    "image-exists": N_("Skipped, the image exists"),
    "not-chosen": N_("Skipped, not asked for"),
    "nothing-runs": N_("Skipped, nothing runs"),
}

SHORT = 160
"""Letters of a reason in a notification."""


def model(word: str) -> str:
    known = MODELS.get(Model(word))
    return _(known) if known else states.as_received(word)


def kind_of(run: Publication) -> str:
    """Name the kind of publication: Optimized, or Scheduled, optimized."""
    word = run.plan.model
    if run.scheduled_for is None:
        return model(word)
    known = SCHEDULED_MODELS.get(Model(word))
    return _(known) if known else _("Scheduled, {model}").format(model=states.as_received(word))


def version(run: Publication) -> str:
    """Name the version: 43, or 43 (39 again) when an earlier image is published again."""
    if run.plan.image_of is None:
        return str(run.version)
    text = _("{version} ({earlier} again)")
    return text.format(version=run.version, earlier=run.plan.image_of)


def options(chosen: Options) -> str:
    """List the chosen options: Block instances, stop preparation server; or None."""
    return _first_upper(", ".join(_options(chosen))) or pgettext("options", "None")


def _options(chosen: Options) -> list[str]:
    names = [
        (chosen.block_instances, _("block instances")),
        (chosen.terminate_sessions, _("terminate sessions")),
        (chosen.stop_preparation_server, _("stop preparation server")),
    ]
    return [name for on, name in names if on]


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def note(run: Publication) -> str:
    """Return the note of the publication; without one, why it failed or who cancelled it."""
    if run.note or why_failed(run) or not run.cancel_asked_by:
        return run.note or why_failed(run)
    return _("By {name}").format(name=run.cancel_asked_by)


def why_failed(run: Publication) -> str:
    """Say in a sentence why the publication failed; empty when it did not."""
    step = next((it for it in run.steps if StepState(it.state) is StepState.FAILED), None)
    return failure(step) if step else ended_early(run)


def what_is_chosen(run: Publication) -> str:
    """List what is chosen for a scheduled publication: options, deadline, minutes and hold; or
    None.
    """
    plan, parts = run.plan, []
    if plan.model == Model.OPTIMIZED:
        parts += _options(plan.options)
    if plan.reconnection:
        text = _("{n} min for users to reconnect")
        parts.append(text.format(n=plan.reconnection.minutes))
    if plan.deadline:
        parts.append(_("with a deadline"))
    if plan.hold:
        parts.append(_hold(plan.hold))
    if plan.switch:
        parts.append(_("switching at a set time"))
    return _first_upper(", ".join(parts)) or pgettext("options", "None")


def what_was_asked(run: Publication) -> str:
    """List what was asked for: Optimized, block instances; Request user reconnection, 10 min."""
    plan, parts = run.plan, [kind_of(run)]
    if plan.model == Model.OPTIMIZED:
        parts += _options(plan.options) or [_("no options")]
    if plan.reconnection:
        parts.append(_("{n} min").format(n=plan.reconnection.minutes))
    if plan.hold:
        parts.append(_hold(plan.hold))
    if plan.switch:
        parts.append(_("switching at a set time"))
    return ", ".join(parts)


def _hold(chosen: Hold) -> str:
    if chosen.named:
        return _("with a hold after {names}").format(names=names.several(chosen.named))
    return _("with a hold")


def ended_early(run: Publication, time_zone: str = "") -> str:
    """Say why a publication ended before its steps did; empty when it did not. The time in it is
    that of `time_zone`, with its name; without one, this computer's.
    """
    known = words_of(run.reason or "").end
    if not known:
        if PublicationState(run.state) is not PublicationState.FAILED:
            return ""
        return states.said(run.reason) if run.reason else _no_reason()
    at = run.scheduled_for
    by = run.cancel_asked_by or _("somebody")
    time = "" if at is None else clock_named(at, time_zone) if time_zone else clock(at)
    return _(known).format(time=time, by=by)


def already_running(run: Publication, now: datetime | None = None) -> str:
    """Say who has been publishing to the environment, and since when; with the day, unless that is
    the one of `now`.
    """
    return _(
        "{by} has been publishing version {version} since {time}. "
        "One publication at a time per environment.",
    ).format(
        version=run.version,
        by=run.publisher,
        time=clock_or_moment(run.started_at or run.requested_at, now=now),
    )


def time_left(span: Span) -> str:
    """Say how long is left: 8 to 11 min left; About 8 min left where the last runs were alike."""
    text = about_from_to(span.low, span.high)
    if text == about(span.usual):
        return _("About {time} left").format(time=text)
    return _("{time} left").format(time=text)


def step_state(step: Step, *, ended: bool) -> str:
    """Name the state of a step; one that a run which has `ended` never came to was not run."""
    if ended and StepState(step.state) is StepState.PENDING:
        return _("Not run")
    return states.step_state(step.state)


def step_time(
    step: Step, history: Sequence[Publication], *, now: datetime, ended: bool = False
) -> str:
    """Return the text under a step: how long it took, is taking, or will take."""
    state = StepState(step.state)
    usual = usual_step(history, step.name)
    taken = seconds(step.started_at, step.ended_at or now)
    if state is StepState.SKIPPED:
        return skipped(step)
    if state is StepState.PENDING:
        if usual is None or ended:
            return step_state(step, ended=ended)
        return _("About {time}").format(time=about(usual))
    if state is StepState.RUNNING:
        # without a start it waits for its time
        waits = states.step_state(StepState.PENDING)
        return waits if taken is None else _running(step, taken, usual)
    word = states.step_state(step.state)
    return f"{word} · {duration(taken)}" if taken is not None else word


def skipped(step: Step) -> str:
    """Say why a step was skipped."""
    known = REASONS.get(step.reason or "")
    return _(known) if known else states.step_state(step.state)


def reason(word: str) -> str:
    """Say why a step failed or a publication was not begun, by the reason's code alone; empty when
    the code is unknown.
    """
    told = words_of(word)
    return _(told.step or told.record)


def failure(step: Step) -> str:
    """Say in a sentence why a step failed, with the provider's own words when it gave some."""
    ours = _(words_of(step.reason or "").step)
    if step.reason and not (ours or step.detail):
        ours = states.said(step.reason)
    return " ".join(text for text in (ours, step.detail or "") if text) or _no_reason()


def in_short(word: str, detail: str) -> str:
    """Say why a step failed or a publication was not begun, where there is little room; empty when
    no reason was given.
    """
    ours = reason(word) or ("" if detail or not word else states.said(word))
    text = " ".join(f"{ours} {detail}".split())
    return text if len(text) <= SHORT else f"{text[: SHORT - 1].rstrip()}…"


def _no_reason() -> str:
    return _("No reason was given.")


def _running(step: Step, taken: float, usual: float | None) -> str:
    text = duration(taken)
    if StepName(step.name) is StepName.REPLACEMENT and step.total:
        count = _("{done} of {total}").format(done=step.done, total=step.total)
        return f"{count} · {text}"
    if usual is not None:
        return _("{time} of about {usual}").format(time=text, usual=duration(usual))
    return text


def fraction(step: Step, history: Sequence[Publication], *, now: datetime) -> float | None:
    """Return how much of a running step is done, 0 to 1: its own progress, else the time used."""
    if StepState(step.state) is not StepState.RUNNING:
        return None
    if step.total:
        return min(1.0, step.done / step.total)
    usual, taken = usual_step(history, step.name), seconds(step.started_at, now)
    if usual is None or taken is None:
        return None
    return min(0.95, taken / usual) if usual else 0.95


def not_whole(run: Publication) -> str:
    """Say that a publication replaced some of the instances only."""
    text = ngettext(
        "It was not published whole: {n} of {all} instances was replaced.",
        "It was not published whole: {n} of {all} instances were replaced.",
        run.instances_replaced,
    )
    return text.format(n=run.instances_replaced, all=run.instances_total)


def tried_again(times: int) -> str:
    if times == 1:
        return _("tried again once")
    return ngettext("tried again {n} time", "tried again {n} times", times).format(n=times)


def and_ask(users: int) -> str:
    """Name the button that asks so many users to reconnect."""
    text = ngettext(
        "Publish and ask {n} user to reconnect…", "Publish and ask {n} users to reconnect…", users
    )
    return text.format(n=users)
