"""The details of a publication, as labels and values, and as plain text."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtGui import QGuiApplication

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.estimate import span_left
from autosky_desktop.domain.publication import Publication
from autosky_desktop.words import counts, publishing, states
from autosky_desktop.words import running as words
from autosky_desktop.words.labels import publish as texts
from autosky_desktop.words.language import _, pgettext
from autosky_desktop.words.times import clock, duration_in_words, moment_in_full


def values(
    run: Publication, before: Sequence[Publication], now: datetime
) -> list[tuple[str, str | None]]:
    """Return labels and values, of which the last two may be long.

    `before` are those that were published earlier, newest first.
    """
    taken = None
    if run.started_at:
        taken = duration_in_words(((run.ended_at or now) - run.started_at).total_seconds())
    begin = run.started_at or run.scheduled_for
    return [
        (_(texts.PUBLISHED_BY), run.publisher),
        (_(texts.MODEL), publishing.kind_of(run)),
        (_(texts.VERSION), publishing.version(run)),
        (pgettext("moment", texts.START), moment_in_full(begin) if begin else None),
        (_(texts.END), _end(run, before, now)),
        (_(texts.TOTAL_DURATION), taken),
        (_(texts.OPTIONS), publishing.what_is_chosen(run)),
        (_(texts.NOTE), run.note or None),
    ]


def sums(run: Publication) -> str:
    """Say what the publication did to instances and sessions."""
    parts = [
        counts.instances_replaced(run.instances_replaced),
        counts.sessions_ended(run.sessions_ended),
    ]
    if gone := words.first_gone(run):
        parts.append(gone.rstrip("."))
    if run.platform_version:
        parts.append(_(texts.PLATFORM_VERSION_V).format(v=run.platform_version))
    if run.retries:
        parts.append(publishing.tried_again(run.retries))
    if run.requested_by != run.publisher:
        parts.append(_(texts.SIGNED_IN_NAME).format(name=run.requested_by))
    return " · ".join(parts)


def copy_details(run: Publication, environment: Environment, now: datetime) -> None:
    """Copy the details as plain text, for a ticket or a message."""
    lines = [f"{environment.name}"]
    lines += [f"{label}: {value or '–'}" for label, value in values(run, (), now)]
    result = _(texts.RESULT)
    lines.append(f"{result}: {states.publication_look(run)[1]}")
    lines += [
        f"{number}. {states.step_name(step.name)}: "
        f"{publishing.step_time(step, (), now=now, ended=run.ended)}"
        for number, step in enumerate(run.steps, start=1)
    ]
    lines += [text for text in (words.what_failed(run), sums(run)) if text]
    QGuiApplication.clipboard().setText("\n".join(lines))


def _end(run: Publication, before: Sequence[Publication], now: datetime) -> str | None:
    """Say when it ended, or when it will if it goes as the last ones went."""
    if run.ended_at:
        return moment_in_full(run.ended_at)
    rest = span_left(run, before, now=now)
    if rest is None:
        return None
    text = _(texts.ABOUT_TIME)
    return text.format(time=clock(now + timedelta(seconds=rest.usual)))
