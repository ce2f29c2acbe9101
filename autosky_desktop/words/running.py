"""A publication that is under way, in words: what it waits for, and what stopping would leave."""

from collections.abc import Sequence
from datetime import datetime

from autosky_desktop.domain.estimate import seconds
from autosky_desktop.domain.publication import (
    Publication,
    PublicationState,
    StepName,
    StepState,
    WaitingFor,
    is_addition,
)
from autosky_desktop.words import names, publishing, states
from autosky_desktop.words.language import _, ngettext
from autosky_desktop.words.scheduling import ahead, when
from autosky_desktop.words.times import about, clock, clock_or_moment, countdown, duration_in_words


def waiting(run: Publication, now: datetime) -> str:
    """Say what the publication waits for, and who or what ends that; empty while it goes on."""
    if run.ended:
        return ""
    if run.cancel_asked_by:
        text = _(
            "{by} asked for it to be stopped. It stops as soon as the current step allows.",
        )
        return text.format(by=run.cancel_asked_by)
    word = WaitingFor(run.waiting_for or "")
    if word is WaitingFor.TURN:
        return _("It is due, and starts when the publication running now has ended.")
    if word is WaitingFor.STORAGE:
        return _(
            "The control plane cannot use the database that it needs for publishing; its log "
            "says why. The publication goes on as soon as it can.",
        )
    if word in (WaitingFor.GO_ON, WaitingFor.BAKE):
        return _held(run, word, now)
    if word is WaitingFor.SWITCH:
        return _prepared(run, now)
    parts = [
        _asked(run, now) if word is WaitingFor.USERS else _nobody(run, now),
        stragglers(run, now),
    ]
    return " ".join(part for part in parts if part)


def _prepared(run: Publication, now: datetime) -> str:
    at = run.waits_until
    if at is None or run.plan.switch is None:
        return ""
    text = _("Version {n} is prepared. Instances are replaced {when}, {ahead}.")
    there = when(at, run.plan.switch.time_zone, now)
    return text.format(n=run.version, when=there, ahead=ahead(at, now))


def replaced(run: Publication) -> str:
    """Say how many instances have been replaced; empty once the publication is over."""
    return "" if run.ended else have_the_new_version(run)


def story(run: Publication, now: datetime) -> str:
    """Say who began the publication, when and how; without a time where it never began."""
    text = _("Started {time} by {publisher} · {what}")
    if run.ended and not run.started_at:
        text = _("By {publisher} · {what}")
    return text.format(
        time=clock_or_moment(run.started_at or run.requested_at, now=now, seconds=True),
        publisher=run.publisher,
        what=publishing.what_was_asked(run),
    )


def is_held(run: Publication) -> bool:
    """Tell whether the publication is held: a person may tell it to go on, or to go back."""
    word = WaitingFor(run.waiting_for or "")
    return not run.ended and word in (WaitingFor.GO_ON, WaitingFor.BAKE)


def stragglers(run: Publication, now: datetime) -> str:
    """Say who is still on the old version, and until when; empty when nobody is."""
    left = run.sessions_left
    if not left or run.replaces is None:
        return ""
    text = ngettext(
        "{n} session is still on version {version}.",
        "{n} sessions are still on version {version}.",
        left,
    ).format(n=left, version=run.replaces)
    if deadline := at_the_deadline(run, now):
        return f"{text} {deadline}"
    if WaitingFor(run.waiting_for or "") is not WaitingFor.SESSIONS:
        return text
    until = _("It ends when the last of them has signed out.")
    return f"{text} {until}"


def at_the_deadline(run: Publication, now: datetime) -> str:
    """Say what the deadline will do; empty without one, and once it asks nobody any more."""
    at = run.plan.deadline
    if at is None or run.deadline_refused or run.asked_at:
        return ""
    if at.at <= now:
        return _("The deadline of {time} has passed: users are asked to reconnect next.").format(
            time=clock_or_moment(at.at, now=now)
        )
    text = _(
        "Whoever is left at {time}, in {left}, is asked to reconnect and disconnected {after} "
        "later.",
    )
    after = about(at.reconnection.minutes * 60)
    time = clock_or_moment(at.at, now=now)
    return text.format(time=time, left=countdown(at.at, now), after=after)


def going_back(run: Publication, version: int) -> tuple[str, str]:
    """Say what is published instead, under the number `version`, and what becomes of this
    publication.
    """
    text = ngettext(
        "Version {n} is published again, as version {next}, to {all} instance.",
        "Version {n} is published again, as version {next}, to all {all} instances.",
        run.instances_total,
    )
    if run.instances_total == 1:
        text = _("Version {n} is published again, as version {next}, to that one instance.")
    text = text.format(n=run.replaces, next=version, all=run.instances_total)
    after = _("The publication of version {n} ends as cancelled.")
    return text, after.format(n=run.version)


def failed_instances(run: Publication) -> str:
    """Say how many instances were left behind because the run was told to go on."""
    failed = [it for step in run.steps for it in step.failed]
    missing = min(run.instances_failed, sum(map(is_addition, failed)))
    said = []
    if old := run.instances_failed - missing:
        text = ngettext(
            "{n} instance could not be replaced and stays on version {version}.",
            "{n} instances could not be replaced and stay on version {version}.",
            old,
        )
        said.append(text.format(n=old, version=run.replaces if run.replaces is not None else "–"))
    if missing:
        text = ngettext(
            "{n} instance could not be started and is still missing.",
            "{n} instances could not be started and are still missing.",
            missing,
        )
        said.append(text.format(n=missing))
    return " ".join(said)


def left_apart(run: Publication) -> str:
    """Say how many instances had which version when somebody stopped it; empty when none was
    replaced.
    """
    stopped = PublicationState(run.state) is PublicationState.CANCELLED
    if not (stopped and run.instances_replaced):
        return ""
    old = run.instances_total - run.instances_replaced
    if old <= 0:
        text = _("When it was stopped, every instance had version {n} already.")
        return text.format(n=run.version)
    return ngettext(
        "When it was stopped, instances differed: {new} was on version {n}, {old} on version "
        "{before}.",
        "When it was stopped, instances differed: {new} were on version {n}, {old} on version "
        "{before}.",
        run.instances_replaced,
    ).format(
        new=run.instances_replaced,
        n=run.version,
        old=old,
        before=run.replaces if run.replaces is not None else "–",
    )


def what_failed(run: Publication) -> str:
    """Say why the publication failed and what that leaves, or else which instances were left behind
    or differ.
    """
    why = publishing.why_failed(run)
    if not why:
        return " ".join(text for text in (left_apart(run), failed_instances(run)) if text)
    if run.replaces is None:
        return why
    kept = (
        _("The only instance keeps version {version}.")
        if run.instances_total == 1
        else _("All instances keep version {version}.")
    )
    if run.instances_replaced:
        kept = _("The instances that were not replaced keep version {version}.")
    if 0 < run.instances_total <= run.instances_replaced:
        return f"{why} {_every_instance_has(run)}"
    return f"{why} {kept.format(version=run.replaces)}"


def until(left: str, end: datetime) -> str:
    """Say how long the publication still takes and when it ends, as HTML."""
    text = _("<b>{left}</b> · ends {time}")
    return text.format(left=left, time=clock(end))


def is_late(run: Publication, before: Sequence[Publication], now: datetime) -> bool:
    """Tell whether the running step has taken longer than it ever did, as far as that is known."""
    running = next((it for it in run.steps if StepState(it.state) is StepState.RUNNING), None)
    if running is None or run.waiting_for:
        return False
    times = [
        taken
        for other in before
        if PublicationState(other.state) is PublicationState.SUCCEEDED
        for step in other.steps
        if step.name == running.name and StepState(step.state) is StepState.SUCCEEDED
        if (taken := seconds(step.started_at, step.ended_at)) is not None
    ]
    used = seconds(running.started_at, now) or 0.0
    return len(times) >= 3 and used > max(times)


def cannot_retry(run: Publication, now: datetime) -> str:
    """Say why the publication can no longer be tried again; empty while it can."""
    deadline = run.plan.deadline
    if deadline is None or deadline.at > now:
        return ""
    text = _(
        "The deadline of {time} has passed. Publish again, with a later deadline or none.",
    )
    return text.format(time=clock_or_moment(deadline.at, now=now))


def cannot_stop(run: Publication) -> str:
    """Say why the publication can no longer be stopped; empty while it can."""
    last = next((it for it in run.steps if it.name == StepName.FINALIZATION), None)
    if last and StepState(last.state) is StepState.RUNNING:
        return _("It is being finalized and ends in a moment.")
    return _("It is being stopped.") if run.cancel_asked_by else ""


def stays_done(run: Publication) -> str:
    """Name the steps whose work stays when the publication is stopped."""
    names = [
        states.step_name(it.name) for it in run.steps if StepState(it.state) is StepState.SUCCEEDED
    ]
    if not names:
        return _("Nothing has been changed so far.")
    text = ngettext("This step stays done: {names}.", "These steps stay done: {names}.", len(names))
    return text.format(names=", ".join(names))


def replaced_so_far(run: Publication) -> str:
    """Say which instances have the new version already, and which keep the old one."""
    if not run.instances_replaced:
        return _("No instance has the new version; all keep version {n}.").format(
            n=run.replaces if run.replaces is not None else "–"
        )
    if run.instances_total == 1:
        only = _("The only instance already has version {n} and keeps it.")
        return only.format(n=run.version)
    if 0 < run.instances_total <= run.instances_replaced:
        return _every_instance_has(run)
    return ngettext(
        "{n} instance already has version {version} and keeps it; the others keep version {old}.",
        "{n} instances already have version {version} and keep it; the others keep version {old}.",
        run.instances_replaced,
    ).format(
        n=run.instances_replaced,
        version=run.version,
        old=run.replaces if run.replaces is not None else "–",
    )


def _every_instance_has(run: Publication) -> str:
    return _("Every instance has version {n} already, and keeps it.").format(n=run.version)


def sessions_of_stopping(run: Publication) -> str:
    if run.asked_at and run.disconnect_at:
        return _(
            "Users who were asked to reconnect at {time} will not be disconnected.",
        ).format(time=clock(run.asked_at))
    return _("Stopping ends no session.")


def _held(run: Publication, word: WaitingFor, now: datetime) -> str:
    gone, text = first_gone(run), have_the_new_version(run)
    if word is WaitingFor.BAKE and run.waits_until:
        left = max(0.0, (run.waits_until - now).total_seconds())
        after = _("It goes on by itself at {time}, in {left}.")
        time = clock_or_moment(run.waits_until, now=now)
        after = after.format(time=time, left=duration_in_words(left))
        return " ".join(part for part in (gone, text, after) if part)
    after = _("Look at it, then go on.")
    if run.replaces is not None:
        after = _("Look at it, then go on or return to version {n}.").format(n=run.replaces)
    parts = (gone, text, after, at_the_deadline(run, now))
    return " ".join(part for part in parts if part)


def first_gone(run: Publication) -> str:
    """Say who was to be replaced first and was gone by then; empty when nobody was."""
    gone = [name for step in run.steps for name in step.first_gone]
    if not gone:
        return ""
    text = ngettext(
        "{names}, which was to be replaced first, was gone.",
        "{names}, which were to be replaced first, were gone.",
        len(gone),
    )
    return text.format(names=names.several(gone))


def have_the_new_version(run: Publication) -> str:
    """Say how many instances have the new version."""
    if not run.instances_replaced:
        return _("No instance has the new version yet.")
    text = ngettext(
        "{n} of {all} instances has the new version.",
        "{n} of {all} instances have the new version.",
        run.instances_replaced,
    )
    total = run.instances_total or run.instances_replaced
    if total == run.instances_replaced == 1:
        return _("The only instance has the new version.")
    return text.format(n=run.instances_replaced, all=total)


def _nobody(run: Publication, now: datetime) -> str:
    """Say that nobody is asked to reconnect, though the deadline is over; empty unless that was
    refused.
    """
    if run.plan.deadline is None or run.deadline_refused is None:
        return ""
    text = _(
        "Nobody is asked to reconnect: when the deadline of {time} came, no request was "
        "left this month.",
    )
    return text.format(time=clock_or_moment(run.plan.deadline.at, now=now))


def _asked(run: Publication, now: datetime) -> str:
    if run.asked_at is None:
        return ""
    text = _("Users were asked to reconnect at {time}.")
    said = text.format(time=clock(run.asked_at))
    if run.disconnect_at is None:
        return said
    end = _("Whoever is left is disconnected at {time}, in {left}.")
    left = max(0.0, (run.disconnect_at - now).total_seconds())
    return f"{said} {end.format(time=clock(run.disconnect_at), left=duration_in_words(left))}"
