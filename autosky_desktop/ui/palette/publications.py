"""The entries of the command palette about publications: models, running, scheduled, past ones."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.publication import Publication, PublicationState
from autosky_desktop.store.store import Store
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.ui.palette.palette import PaletteEntry
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.labels import publish as publish_labels
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.ui.publish.page import PublishPage
    from autosky_desktop.ui.publish.run.commands import RunCommand

NEWEST = 10
"""Publications whose commands are listed; the history has all."""

Entries = Iterator[PaletteEntry]


class PublicationEntries:
    """Offers the publications of the open environment."""

    def __init__(self, window: MainWindow, store: Store, now: Callable[[], datetime]) -> None:
        self._window, self._store, self._now = window, store, now

    def of_page(self, here: Environment) -> Entries:
        export = _(labels.EXPORT_HISTORY)
        work = lambda: self._page().records.history.export.button.click()  # noqa: E731
        yield PaletteEntry(export, work, here.name)

    def of_runs(self, here: Environment) -> Entries:
        """Offer what the publication that runs, waits or failed asks for."""
        from autosky_desktop.domain.publication import (
            asks_before,
            is_scheduled,
            newest_first,
            planned_for,
            under_way,
            waits_for_switch,
        )
        from autosky_desktop.words.running import is_held

        runs = newest_first(self._publications(here))
        if run := under_way(runs):
            number = {"n": run.version}
            if is_held(run):
                on = _(labels.GO_ON_WITH_VERSION_N)
                if asks_before(run):
                    on = _(labels.GO_ON_WITH_VERSION_N_ELLIPSIS)
                yield PaletteEntry(
                    on.format(**number), lambda: self._page().questions.go_on(run), here.name
                )
                if run.replaces is not None:
                    back = _(labels.RETURN_TO_VERSION_N).format(n=run.replaces)
                    yield PaletteEntry(back, lambda: self._page().questions.go_back(run), here.name)
            if waits_for_switch(run):
                on = _(labels.SWITCH_TO_VERSION_N_NOW).format(**number)
                go_on = partial(self._page().questions.go_on, run)
                yield PaletteEntry(on, go_on, here.name)
            if planned_for(run):
                move = _(labels.MOVE_SWITCH_TO_VERSION_N).format(**number)
                yield PaletteEntry(move, lambda: self._page().records.move_run(run), here.name)
            stop = _(labels.STOP_PUBLICATION_OF_VERSION_N).format(**number)
            yield PaletteEntry(stop, lambda: self._page().questions.stop(run), here.name)
            return
        last = next((it for it in runs if not is_scheduled(it)), None)
        if last and PublicationState(last.state) is PublicationState.FAILED:
            text = _(labels.TRY_PUBLICATION_OF_VERSION_AGAIN)
            again = text.format(n=last.version)
            yield PaletteEntry(again, lambda: self._page().questions.retry(last), here.name)

    def of_history(self, here: Environment) -> Entries:
        """Offer what the menu of a row has, for the newest."""
        from autosky_desktop.domain.publication import is_scheduled, newest_first
        from autosky_desktop.ui.publish.history.again import why_not_before
        from autosky_desktop.ui.publish.history.rows import when
        from autosky_desktop.ui.publish.run.commands import OF_HISTORY
        from autosky_desktop.words import publishing

        begun = [it for it in newest_first(self._publications(here)) if not is_scheduled(it)]
        for run in begun[:NEWEST]:
            of = {"n": publishing.version(run), "date": when(run, self._now())}
            also = _(labels.THIS_VERSION_OF_PUBLICATION).format(**of)
            yield from self._of_run(here, run, OF_HISTORY, of, also)
            if run.replaced_image is not None:
                text = _(publish_labels.PUBLISH_VERSION_N_AGAIN).format(n=run.replaces)
                do = partial(self._publish_before, run)
                reason = why_not_before(self._store, here.id, run)
                yield PaletteEntry(text, do, here.name, "", reason)

    def of_scheduled(self, here: Environment) -> Entries:
        """Offer what the menu of a row has, the next first."""
        from autosky_desktop.domain.publication import scheduled
        from autosky_desktop.ui.publish.run.commands import OF_SCHEDULED
        from autosky_desktop.ui.publish.schedule.rows import when

        for run in scheduled(self._publications(here)):
            yield from self._of_run(here, run, OF_SCHEDULED, {"date": when(run, self._now())})

    def _of_run(
        self,
        here: Environment,
        run: Publication,
        commands: "Sequence[RunCommand]",
        of: Mapping[str, object],
        also: str = "",
    ) -> Entries:
        for it in commands:
            reason = it.why_not(self._store, here.id, run)
            do = partial(self._do, it, run)
            yield PaletteEntry(_(it.named).format(**of), do, here.name, "", reason, also)

    def _do(self, command: "RunCommand", run: Publication) -> None:
        command.do(self._page().records, run)

    def _publish_before(self, run: Publication) -> None:
        self._page().records.publish_before_again(run)

    def _publications(self, environment: Environment) -> list[Publication]:
        if environment.id not in self._store.opened:
            return []
        return list(self._store.details(environment.id).publications)

    def _page(self) -> "PublishPage":
        self._window.show_tab("publish")
        assert self._window.page is not None
        return cast("PublishPage", self._window.page.tab("publish"))
