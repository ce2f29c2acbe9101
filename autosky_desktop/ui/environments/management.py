"""The dialogs and questions by which environments are added, changed, paused and removed."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from autosky_desktop.actions.environments import EnvironmentDraft, EnvironmentRequests
from autosky_desktop.actions.intents import Intents, Order, PlaneHolder
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.store.store import Store
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.words.labels import environments as labels
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.ui.environments.dialog import EnvironmentDialog

Say = Callable[[str, str], None]

DEMO = "simulated"
"""The provider of the demo."""


class EnvironmentManagement(QObject):
    """Opens the dialogs and questions about environments as such, and keeps half-finished forms
    while the program runs.

    `say` tells what went wrong where no dialog is open. `open_asked` carries the id of an
    environment that was added, once it is there.
    """

    open_asked = Signal(str)

    def __init__(
        self,
        window: QWidget,
        store: Store,
        intents: Intents,
        link: PlaneHolder,
        tasks: Nursery,
        say: Say,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__(window)
        self._window, self._store, self._intents = window, store, intents
        self._requests, self._tasks, self._say = EnvironmentRequests(link), tasks, say
        self._now = now
        self._drafts: dict[str, EnvironmentDraft] = {}
        self._opened: EnvironmentDialog | None = None

    def add(self) -> None:
        """Ask for a new environment, with what was filled in before."""
        self._open("", _(labels.ADD_AN_ENVIRONMENT))

    def add_demo(self) -> None:
        """Ask for a new environment of the demo."""
        self._drafts[""] = EnvironmentDraft()
        self._drafts[""].choose_provider(DEMO)
        self.add()

    def edit(self, environment: str) -> None:
        if record := self._store.environments.get(environment):
            self._open(environment, _(labels.EDIT_NAME).format(name=record.name))

    def pause(self, environment: str) -> None:
        """Ask whether to pause it; one that is paused is resumed at once."""
        record = self._store.environments.get(environment)
        if record is None:
            return
        if record.paused:
            self._tasks.spawn(self._resume(record), name="resume an environment")
            return
        from autosky_desktop.ui.question import Question
        from autosky_desktop.words.environments import pausing

        order = self._requests.pause(environment)
        Question(
            self._window, record, pausing(record), partial(_sent, order), self._tasks, self._now
        ).open()

    def remove(self, environment: str) -> None:
        from autosky_desktop.ui.environments.removal import RemovalQuestion

        if record := self._store.environments.get(environment):
            order = self._requests.remove(environment)
            RemovalQuestion(
                self._window, record, self._intents, partial(_sent, order), self._tasks, self._now
            ).open()

    async def _resume(self, record: Environment) -> None:
        from autosky_desktop.words.errors import sentence

        try:
            await self._requests.resume(record.id).send()
        except AutoskyError as cause:
            self._say(
                _(labels.NAME_STAYS_PAUSED).format(name=record.name), sentence(cause, self._now())
            )

    def _open(self, environment: str, title: str) -> None:
        from autosky_desktop.ui.environments.dialog import EnvironmentDialog

        if self._opened and isValid(self._opened) and self._opened.isVisible():
            self._opened.raise_()
            self._opened.activateWindow()
            return

        def names() -> list[str]:
            return [it.name for it in self._store.environments if it.id != environment]

        dialog = self._opened = EnvironmentDialog(
            self._window, title, partial(self._draft, environment), self._requests, self._tasks,
            names,
        )  # fmt: skip
        dialog.saved.connect(partial(self._saved, environment))
        dialog.begin_again.connect(partial(self._begin_again, environment, title))
        dialog.open()

    async def _draft(self, environment: str) -> EnvironmentDraft:
        """Return the form as it was left, or a new one, with the providers that there are now."""
        if environment not in self._drafts:
            before = await self._requests.settings(environment) if environment else None
            self._drafts[environment] = EnvironmentDraft(before)
        draft = self._drafts[environment]
        draft.providers = await self._requests.providers()
        return draft

    def _begin_again(self, environment: str, title: str) -> None:
        self._drafts.pop(environment, None)
        if self._opened:
            self._opened.reject()
            self._opened = None
        self._open(environment, title)

    def _saved(self, draft: str, environment: Environment) -> None:
        from autosky_desktop.words import adding as words

        self._drafts.pop(draft, None)
        if draft:
            announce(self._window, words.saved(environment.name))
            return
        announce(self._window, words.added(environment.name))
        self._when_there(environment.id)

    def _when_there(self, environment: str) -> None:
        """Have it opened as soon as the feed has told of it."""

        table = self._store.environments

        def look(_diff: object = None) -> None:
            if table.get(environment):
                table.unwatch(look)
                self.open_asked.emit(environment)

        table.watch(look)


async def _sent(order: Order[Any]) -> None:
    await order.send()
