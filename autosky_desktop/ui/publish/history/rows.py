"""The row of a publication: in the history, and in the file it is exported to."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache

from autosky_desktop.actions.exporting import ExportSource, Row
from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.estimate import seconds
from autosky_desktop.domain.publication import Publication, PublicationPage, begun
from autosky_desktop.ui.widgets.table.model import END, Column
from autosky_desktop.words import language, publishing, states
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _, pgettext
from autosky_desktop.words.times import moment


@lru_cache(maxsize=512)
def _written(at: datetime, today: date, _language: str) -> str:
    """Word that moment, for every frame of scrolling; it is worded anew only on another day, or in
    another language.
    """
    return moment(at, now=datetime.combine(today, time.min).astimezone())


def when(run: Publication, now: datetime) -> str:
    """Say when the publication began: Today 18:33, Fri 20 Nov 19:04."""
    return _written(begun(run), now.astimezone().date(), language.code())


def columns(now: Callable[[], datetime]) -> tuple[Column[Publication], ...]:
    def date_of(run: Publication) -> str:
        return when(run, now())

    # weights are the pixels that the longest usual words want
    details = _(labels.DETAILS_OF_PUBLICATION_OF_DATE)
    actions = _(labels.ACTIONS_FOR_PUBLICATION_OF_DATE)
    return (
        Column(
            _(labels.DATE), date_of, kind="date-info", weight=154, sort=begun,
            accessible=lambda run: details.format(date=date_of(run)),
        ),
        Column(
            _(labels.VERSION), publishing.version, weight=90,
            sort=lambda run: run.version,
        ),
        Column(
            _(labels.PUBLISHER), lambda run: run.publisher, weight=90,
            hide_below=800,
        ),
        Column(_(labels.MODEL), publishing.kind_of, weight=184),
        Column(
            _(labels.RESULT), kind="status", weight=140,
            status=states.publication_look,
        ),
        Column(
            _(labels.DURATION), lambda run: states.took(run, now=now()),
            weight=70, align=END, ticks=True,
        ),
        Column(
            _(labels.NOTE), publishing.note, kind="quiet", weight=170,
            hide_below=960,
        ),
        Column(
            "", kind="menu", width=52,
            accessible=lambda run: actions.format(date=date_of(run)),
        ),
    )  # fmt: skip


def history_of(environment: str, intents: Intents) -> ExportSource[PublicationPage]:
    """Return the source of one environment's publications, read page by page."""
    return ExportSource(
        lambda wanted: intents.history(environment, wanted),
        [
            pgettext("moment", labels.START),
            _(labels.VERSION),
            _(labels.MODEL),
            _(labels.OPTIONS),
            _(labels.PUBLISHER),
            _(labels.REQUESTED_BY),
            _(labels.RESULT),
            _(labels.END),
            _(labels.SECONDS),
            _(labels.INSTANCES_REPLACED),
            _(labels.SESSIONS_ENDED),
            _(labels.NOTE),
        ],
        lambda page: [row(it) for it in page.publications],
    )


def row(run: Publication) -> Row:
    """Return the cells: times with the zone of this computer, words as the screen has them."""
    taken = seconds(run.started_at, run.ended_at)
    return [
        _time(begun(run)),
        publishing.version(run),
        publishing.kind_of(run),
        publishing.what_is_chosen(run),
        run.publisher,
        run.requested_by,
        states.publication_look(run)[1],
        _time(run.ended_at),
        "" if taken is None else f"{taken:.0f}",
        str(run.instances_replaced),
        str(run.sessions_ended),
        run.note,
    ]


def _time(at: datetime | None) -> str:
    return at.astimezone().isoformat(timespec="seconds") if at else ""
