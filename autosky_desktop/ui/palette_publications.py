"""The entries of the command palette about publications: models, running, scheduled, past ones."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.publication import Publication, PublicationState
from autosky_desktop.store.store import Store
from autosky_desktop.ui.frame.palette import PaletteEntry
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.servers.menu import why_offline
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.ui.publish.page import PublishPage

NEWEST = 10
"""Publications whose commands are listed; the history has all."""

Entries = Iterator[PaletteEntry]


class PublicationEntries:
    """Offers the publications of the open environment."""

    def __init__(self, window: MainWindow, store: Store, now: Callable[[], datetime]) -> None:
        self._window, self._store, self._now = window, store, now

    def of_page(self, here: Environment) -> Entries:
        export = _("Export history…")
        work = lambda: self._page().records.history.export.button.click()  # noqa: E731
        yield PaletteEntry(export, work, here.name)

    def of_runs(self, here: Environment) -> Entries:
        """Offer what the publication that runs, waits or failed asks for."""
        from autosky_desktop.ui.publish.going_on import asks_before
        from autosky_desktop.ui.publish.runs import is_scheduled, newest_first, under_way
        from autosky_desktop.words.running import is_held

        runs = newest_first(self._publications(here))
        if run := under_way(runs):
            number = {"n": run.version}
            if is_held(run):
                on = _("Go on with version {n}")
                if asks_before(run):
                    on = _("Go on with version {n}…")
                yield PaletteEntry(
                    on.format(**number), lambda: self._page().questions.go_on(run), here.name
                )
                back = _("Return to version {n}…").format(n=run.replaces)
                yield PaletteEntry(back, lambda: self._page().questions.go_back(run), here.name)
            stop = _("Stop the publication of version {n}…").format(**number)
            yield PaletteEntry(stop, lambda: self._page().questions.stop(run), here.name)
            return
        last = next((it for it in runs if not is_scheduled(it)), None)
        if last and PublicationState(last.state) is PublicationState.FAILED:
            text = _("Try the publication of version {n} again…")
            again = text.format(n=last.version)
            yield PaletteEntry(again, lambda: self._page().questions.retry(last), here.name)

    def of_history(self, here: Environment) -> Entries:
        """Offer what the menu of a row has, for the newest."""
        from autosky_desktop.ui.publish.again import why_not_again
        from autosky_desktop.ui.publish.history_rows import when
        from autosky_desktop.ui.publish.runs import is_scheduled, newest_first
        from autosky_desktop.words import publishing

        begun = [it for it in newest_first(self._publications(here)) if not is_scheduled(it)]
        for run in begun[:NEWEST]:
            of = {"n": publishing.version(run), "date": when(run, self._now())}
            also = _("this version of the publication of {date}").format(**of)
            for text, work in (
                (_("Details of version {n}, {date}"), self._show),
                (_("Copy details of version {n}, {date}"), self._copy),
                (_("Copy link to version {n}, {date}"), self._copy_link),
            ):
                yield PaletteEntry(text.format(**of), partial(work, run), here.name, also=also)
            yield PaletteEntry(
                _("Publish version {n} again…").format(**of),
                partial(self._publish_again, run),
                here.name,
                reason=why_not_again(self._store, here.id, run),
                also=also,
            )

    def of_scheduled(self, here: Environment) -> Entries:
        """Offer what the menu of a row has, the next first."""
        from autosky_desktop.ui.publish.runs import scheduled
        from autosky_desktop.ui.publish.scheduled_rows import when

        offline = "" if self._store.connection.live else why_offline()
        for run in scheduled(self._publications(here)):
            date = when(run, self._now())
            for text, work, reason in (
                (_("Move the publication of {date}…"), self._move, offline),
                (_("Edit the publication of {date}"), self._edit, offline),
                (_("Cancel the publication of {date}…"), self._cancel, offline),
                (_("Copy link to the publication of {date}"),
                 self._copy_link, ""),
            ):  # fmt: skip
                yield PaletteEntry(
                    text.format(date=date), partial(work, run), here.name, "", reason
                )

    def _publications(self, environment: Environment) -> list[Publication]:
        if environment.id not in self._store.opened:
            return []
        return list(self._store.details(environment.id).publications)

    def _page(self) -> "PublishPage":
        self._window.show_tab("publish")
        assert self._window.page is not None
        return cast("PublishPage", self._window.page.tab("publish"))

    def _show(self, run: Publication) -> None:
        self._page().records.open_details(run)

    def _copy(self, run: Publication) -> None:
        self._page().records.copy(run)

    def _copy_link(self, run: Publication) -> None:
        self._page().records.copy_link(run)

    def _publish_again(self, run: Publication) -> None:
        self._page().records.publish_again(run)

    def _move(self, run: Publication) -> None:
        self._page().records.move_run(run)

    def _edit(self, run: Publication) -> None:
        self._page().records.edit_asked.emit(run)

    def _cancel(self, run: Publication) -> None:
        self._page().questions.cancel_scheduled(run)
