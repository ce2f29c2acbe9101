"""The update that has the control plane read the provider now: asked for, under way, and what it
changed.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.operation import Operation, OperationKind, OperationState
from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.hints import announce, tip
from autosky_desktop.ui.widgets.refreshing import SECOND, Ticking
from autosky_desktop.ui.widgets.status import StatusPill
from autosky_desktop.ui.widgets.wording import Wording
from autosky_desktop.words import provider_update
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.states import StatusKind
from autosky_desktop.words.times import elapsed

log = logging.getLogger(__name__)

TOLD_FOR = 10_000
"""Milliseconds for which the outcome stands in the place of the connection state."""


class Edits(Protocol):
    """A form that may hold what somebody typed."""

    def has_edits(self) -> bool: ...

    def discard(self) -> None: ...


class ProviderUpdate(QWidget):
    """The update's button, and beside it in place of the connection state (`says`) what comes of
    it.

    `form` finds the publishing form of an environment, if it was ever looked at.
    """

    says = Signal(bool)

    def __init__(
        self,
        store: Store,
        intents: Intents,
        form: Callable[[str], Edits | None],
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self._form = form
        self._store, self._intents = store, intents
        self._tasks, self._now = tasks, now
        self._environment = ""
        self._asked: dict[str, datetime] = {}
        self._orders: dict[str, Order[Operation]] = {}
        self._ours: set[str] = set()
        self._neighbour: QWidget | None = None
        self._result_timer = QTimer(self, interval=TOLD_FOR, singleShot=True)
        self._result_timer.timeout.connect(self._fall_silent)
        self._make()
        self._ticking = Ticking(self, self._tick)
        store.watch(self._ticking.now)
        store.environments.watch(self._environments_changed)

    def show_environment(self, environment: str) -> None:
        """Turn to the environment that is open now; without one there is nothing to update."""
        if environment == self._environment:
            return
        if self._environment:
            self._store.details(self._environment).operations.unwatch(self._heard)
        self._environment = environment
        self._fall_silent()
        self.setVisible(bool(environment))
        if environment:
            self._store.details(environment).operations.watch(self._heard)

    def show_brief(self, *, brief: bool) -> None:
        """Show only the button's icon (`brief`), where its words have no room."""
        if brief == (self.button.property("kind") == "icon"):
            return
        self.button.set_kind("icon" if brief else "plain")
        self._word()
        self._ticking.now()

    def _word(self) -> None:
        words, brief = _(labels.FORCE_PROVIDER_UPDATE), self.button.property("kind") == "icon"
        self._discard.setText(_(labels.DISCARD_EDITS_AND_UPDATE))
        self.button.setText("" if brief else words)
        self.button.setAccessibleName(words)
        self.button.setToolTip(words if brief else "")

    def press(self) -> None:
        """Ask for an update, unless somebody asks already, or a form would lose what was typed."""
        if not self._environment or self._why_not():
            return
        form = self._form(self._environment)
        if form and form.has_edits():
            self._hold_back()
        else:
            self._ask()

    def _ask(self) -> None:
        environment = self._environment
        self._fall_silent()
        self._asked[environment] = self._now()
        self._ticking.now()
        self._tasks.spawn(self._send(environment), name="provider update")

    async def _send(self, environment: str) -> None:
        order = self._orders.setdefault(environment, self._intents.provider_update(environment))
        try:
            operation = await order.send()
        except AutoskyError as error:
            log.info("No provider update: %r", error)
            self._asked.pop(environment, None)
            self._say(environment, StatusKind.BAD, sentence(error, self._now()))
            return
        self._orders.pop(environment, None)
        self._ours.add(operation.id)
        known = self._store.details(environment).operations.get(operation.id)
        self._look(known or operation)
        self._ticking.now()

    def _environments_changed(self, diff: Diff[Environment]) -> None:
        if self._environment in diff.removed:
            self.show_environment("")

    def _heard(self, diff: Diff[Operation]) -> None:
        for operation in (*diff.changed, *diff.added):
            self._look(operation)
        self._ticking.now()

    def _look(self, operation: Operation) -> None:
        """Say what came of an update that was asked for here, when it has ended."""
        if operation.id not in self._ours or operation.state == OperationState.RUNNING:
            return
        self._ours.discard(operation.id)
        self._asked.pop(operation.environment, None)
        good = operation.state == OperationState.SUCCEEDED
        kind = StatusKind.OK if good else StatusKind.BAD
        self._say(operation.environment, kind, provider_update.outcome(operation))

    def _say(self, environment: str, kind: StatusKind, text: str) -> None:
        if environment != self._environment:
            return
        self._note.show_status(kind, text)
        self._result_timer.start()
        self._show()
        announce(self, text, assertive=kind is StatusKind.BAD)

    def _hold_back(self) -> None:
        self._discard.show()
        self.button.hide()
        text = _(labels.NOT_UPDATED_WHILE_EDITING)
        self._say(self._environment, StatusKind.WARN, text)
        self._discard.setFocus()

    def _discard_and_update(self) -> None:
        if form := self._form(self._environment):
            form.discard()
        self._fall_silent()
        self.press()

    def _fall_silent(self) -> None:
        self._result_timer.stop()
        focused = self._discard.hasFocus()
        self._discard.hide()
        self.button.show()
        if focused:
            self.button.setFocus()
        self._ticking.now()

    def _tick(self) -> int | None:
        self._show()
        return SECOND if self._since() else None

    def _show(self) -> None:
        if not self._store.connection.live:
            self._asked.clear()  # what became of it is read with everything else
        since, reason = self._since(), self._why_not()
        if since:
            text = _(labels.ASKING_PROVIDER_TIME).format(time=elapsed(since, self._now()))
            self._note.show_status(StatusKind.BUSY, text)
        speaks = bool(since) or self._result_timer.isActive()
        self._note.setVisible(speaks)
        self.says.emit(speaks)
        focused = self.window().focusWidget() is self.button
        for button in (self.button, self._discard):
            button.setEnabled(not reason)
            button.setToolTip(tip(reason) or ("" if button.text() else button.accessibleName()))
            button.setAccessibleDescription(reason)
        self._keep_focus(focused, grey=bool(reason))

    def _keep_focus(self, focused: bool, *, grey: bool) -> None:
        """Give the focus back: a grey button loses it to its neighbour, and regains it unless
        somebody went on.
        """
        if grey and focused:
            self._neighbour = self.window().focusWidget()
        elif not grey and self._neighbour:
            if self.window().focusWidget() is self._neighbour:
                self.button.setFocus()
            self._neighbour = None

    def _why_not(self) -> str:
        if not self._store.connection.live:
            return _(labels.NO_CONNECTION_TO_CONTROL_PLANE)
        return _(labels.PROVIDER_IS_ALREADY_BEING_ASKED) if self._since() else ""

    def _since(self) -> datetime | None:
        """Return when the update under way began, whoever asked for it; None without one."""
        if not self._environment or not self._store.connection.live:
            return None
        running = (
            it.started_at
            for it in self._store.details(self._environment).operations
            if it.kind == OperationKind.PROVIDER_UPDATE and it.state == OperationState.RUNNING
        )
        return next(running, self._asked.get(self._environment))

    def _make(self) -> None:
        self._note = StatusPill(soft=False)
        self._note.let_shrink()
        self.button = Button("", icon="refresh")
        self.button.clicked.connect(self.press)
        self._discard = Button("")
        self._discard.clicked.connect(self._discard_and_update)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for widget in (self._note, self._discard, self.button):
            row.addWidget(widget)
        self._note.hide()
        self._discard.hide()
        self.hide()
        Wording(self, self._word)
