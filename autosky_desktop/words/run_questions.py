"""The questions before a publication goes on, is tried again or is gone back from, in words."""

from collections.abc import Iterator
from datetime import datetime
from html import escape

from msgspec.structs import replace

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.plan import Plan, way_back
from autosky_desktop.domain.publication import (
    Preview,
    Publication,
    Step,
    StepState,
    waits_for_switch,
)
from autosky_desktop.words import publishing, states
from autosky_desktop.words import running as words
from autosky_desktop.words.consequences import (
    chosen_zone,
    instances,
    reason_to_wait,
    said_on_the_button,
    sessions,
    warnings,
)
from autosky_desktop.words.language import _, ngettext
from autosky_desktop.words.question import Ask, Consequence


def retrying(environment: Environment, run: Publication, preview: Preview, now: datetime) -> Ask:
    failed, zone = _failed(run), chosen_zone(environment, run.plan)
    again = _("It is already being tried again.")
    return Ask(
        _("Try again"),
        _("Try the publication of version {n} again?").format(n=run.version),
        [
            _from_its_step(failed),
            *_rest(environment, run, preview, now),
            Consequence("check-circle", "ok", escape(words.stays_done(run))),
        ],
        said_on_the_button(
            preview,
            run.plan,
            now,
            plain=_("Try again"),
            ends=ngettext(
                "Try again and end {n} session",
                "Try again and end {n} sessions",
                preview.sessions_end,
            ),
            asks=ngettext(
                "Try again and ask {n} user", "Try again and ask {n} users", preview.sessions_asked
            ),
        ),
        _("Trying again…"),
        hurts=preview.sessions_end > 0,
        reason=(words.cannot_retry(run, now) or reason_to_wait(zone, preview)) if failed else again,
        done=failed is None,
    )


def going_on(environment: Environment, run: Publication, preview: Preview, now: datetime) -> Ask:
    if waits_for_switch(run):
        title, question = _("Switch now"), _("Switch to version {n} now?")
        ends = ngettext(
            "Switch and end {n} session", "Switch and end {n} sessions", preview.sessions_end
        )
        asks = ngettext(
            "Switch and ask {n} user", "Switch and ask {n} users", preview.sessions_asked
        )
        doing = _("Switching…")
    else:
        title, question = _("Go on"), _("Go on with the publication of version {n}?")
        ends = ngettext(
            "Go on and end {n} session", "Go on and end {n} sessions", preview.sessions_end
        )
        asks = ngettext("Go on and ask {n} user", "Go on and ask {n} users", preview.sessions_asked)
        doing = _("Going on…")
    return Ask(
        title,
        question.format(n=run.version),
        list(_rest(environment, run, preview, now)),
        said_on_the_button(preview, run.plan, now, plain=title, ends=ends, asks=asks),
        doing,
        safe=_("Keep waiting"),
        hurts=preview.sessions_end > 0,
        reason="" if waits_for_switch(run) else _no_longer_held(run),
        done=not (waits_for_switch(run) or words.is_held(run)),
    )


def going_back(environment: Environment, run: Publication, preview: Preview, now: datetime) -> Ask:
    plan = way_back(run.plan, run.replaces)
    zone = chosen_zone(environment, plan)
    what, after = words.going_back(run, preview.version)
    back = _("Return to version {n}").format(n=run.replaces)
    return Ask(
        _("Return to the previous version"),
        _("Return to version {n}?").format(n=run.replaces),
        [
            Consequence("undo", "warn", escape(what), escape(after)),
            sessions(zone, preview, plan, now, rest=True),
            instances(preview, plan, rest=True),
            *warnings(zone, preview),
        ],
        said_on_the_button(
            preview,
            plan,
            now,
            plain=back,
            ends=ngettext(
                "Return and end {n} session", "Return and end {n} sessions", preview.sessions_end
            ),
            asks=back,
        ),
        _("Returning…"),
        safe=_("Keep waiting"),
        hurts=preview.sessions_end > 0,
        reason=_no_longer_held(run) or reason_to_wait(zone, preview),
        done=not words.is_held(run),
    )


def _failed(run: Publication) -> Step | None:
    return next((it for it in run.steps if StepState(it.state) is StepState.FAILED), None)


def _from_its_step(failed: Step | None) -> Consequence:
    what = _("It goes on from the step that failed: {step}.").format(
        step=states.step_name(failed.name) if failed else "–"
    )
    why = publishing.failure(failed) if failed else ""
    return Consequence("restart", "warn", escape(what), escape(why))


def _rest(
    environment: Environment, run: Publication, preview: Preview, now: datetime
) -> Iterator[Consequence]:
    """Say what is left to do: to sessions and instances it does what the whole would have done."""
    plan = _without_what_is_over(run)
    zone = chosen_zone(environment, plan)
    yield sessions(zone, preview, plan, now, rest=True)
    left = instances(preview, plan, rest=True)
    so_far = escape(words.have_the_new_version(run))
    also = " ".join(text for text in (left.explanation, so_far) if text)
    yield Consequence(left.icon, left.tone, left.text, also)
    yield from warnings(zone, preview)


def _without_what_is_over(run: Publication) -> Plan:
    """Return the plan without a hold that is over, which stops a publication once, and without a
    switch that is over or comes now.
    """
    over = words.is_held(run) or run.hold_passed_by is not None
    plan = replace(run.plan, hold=None) if over else run.plan
    return replace(plan, switch=None)


def _no_longer_held(run: Publication) -> str:
    return "" if words.is_held(run) else _("It is no longer waiting.")
