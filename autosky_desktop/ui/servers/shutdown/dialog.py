"""The base of both small windows about a shutdown: they keep up, send, and say what was refused;
and the one that asks whether it is to be skipped or to be none at all.
"""

from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from autosky_desktop.actions.shutdown_moves import ShutdownMoves
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import may_be_done
from autosky_desktop.domain.extending import is_as_asked
from autosky_desktop.domain.server import ScheduledShutdown, ShutdownMove, ShutdownRequest
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.async_action import AsyncAction
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.dialog import CONFIRM, CONNECT, Dialog
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.words import shutdown as words
from autosky_desktop.words import states
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _


class About(NamedTuple):
    """The environment whose shutdown it is, what moves it, and what the clock says."""

    environment: Environment
    moves: ShutdownMoves
    tasks: Nursery
    now: Callable[[], datetime]


class ShutdownDialog(Dialog):
    """The base window: subclasses say what is shown (`show_shutdown`) and what is asked
    (`request`).

    A request names the moment this dialog shows: moved meanwhile, it shows the new one.
    """

    def __init__(
        self, parent: QWidget, about: About, *, name: str, doing: str, width: int = CONNECT
    ) -> None:
        super().__init__(parent, name, width=width, acting=name, safe="…", stays=True)
        self.setAccessibleName(name)
        environment, self.moves, tasks, self.now = about
        self.environment = environment
        self.tag.show_label(environment.label, states.label(environment.label))
        self.shown = self.moves.shutdown(environment.id)
        self.error = ErrorBox()
        self._doing = doing
        self.acting.make_room_for(doing)
        self._pressed: Button = self.acting
        self._action = AsyncAction(name, self._send, self._failed, tasks, self)
        self._action.busy_changed.connect(self._show_busy)
        self.acted.connect(lambda: self._press(self.acting))
        self.error.again.connect(self._action.trigger)
        self.finished.connect(self._forget)
        self._stop_looking = self.moves.watch_shutdown(environment.id, self._look)

    def request(self, pressed: Button) -> ShutdownRequest | None:
        """Return what pressing that button asks for; None: nothing that could be asked."""
        raise NotImplementedError

    def show_shutdown(self, shutdown: ScheduledShutdown) -> None:
        raise NotImplementedError

    def reject(self) -> None:
        """Close it, but not while it is being asked for: leaving would not take that back."""
        if not self._action.busy:
            super().reject()

    def refresh(self) -> None:
        """Show the shutdown as it stands now."""
        if self.shown is None:
            self.show_gone(_(labels.NO_SHUTDOWN_ANY_MORE))
            return
        self.safe.setText(words.keep(self.shown, self.now()))
        self.show_shutdown(self.shown)

    def show_gone(self, reason: str) -> None:
        """Say why there is nothing to do here any more."""
        self.error.tell(reason, again=False)
        self.forbid(reason)
        self.safe.setText(_(labels.CLOSE))

    def forbid(self, reason: str) -> None:
        """Switch the acting button off, and say why; empty: it is on."""
        self.acting.setEnabled(not reason and not self._action.busy)
        self.acting.setToolTip(tip(reason))
        self.acting.setAccessibleDescription(reason)

    def add_second(self, button: Button) -> None:
        """Add another way to act, at the left of the foot."""
        self.add_at_foot(button)
        button.make_room_for(self._doing)
        button.clicked.connect(lambda: self._press(button))

    def _press(self, button: Button) -> None:
        self._pressed = button
        self._action.trigger()

    def _look(self) -> None:
        shutdown = self.moves.shutdown(self.environment.id)
        if shutdown == self.shown or self._action.busy:
            return
        lost, self._lost = self._lost, None
        if lost and is_as_asked(lost, shutdown):
            self.accept()
            return
        if lost or self.shown is None:
            self.error.clear()  # what was asked for is refused by now; or it is there again
        self.shown = shutdown
        self.refresh()

    async def _send(self) -> None:
        request = self.request(self._pressed)
        if request is None:
            self.refresh()  # time went by
        else:
            self.error.clear()
            self._asked, self._lost = request, None
            if await self.moves.ask(self.environment.id, request):
                self.accept()
            else:
                self.error.tell(_(labels.ALREADY_BEING_MOVED))

    _asked: ShutdownRequest | None = None
    _lost: ShutdownRequest | None = None

    def _failed(self, cause: Exception) -> None:
        self._lost = self._asked if may_be_done(cause) else None
        self.error.tell(sentence(cause, self.now()))

    def _show_busy(self, busy: bool) -> None:
        self.safe.setEnabled(not busy)
        if busy:
            self._pressed.show_busy(self._doing)
        else:
            self._pressed.show_ready()
            self._look()

    def _forget(self) -> None:
        self._stop_looking()
        self.deleteLater()


def paragraph(tone: str = "") -> QLabel:
    """Return a text of several lines, with bold parts: names in it have to be escaped."""
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    set_style(label, TextStyle.BODY, tone)
    return label


class CancelShutdown(ShutdownDialog):
    """Asks whether a server shall keep running. With a daily schedule both are offered, to skip the
    shutdown once and to have none, and skipping once is the one that acts on Enter.
    """

    def __init__(self, parent: QWidget, about: About) -> None:
        super().__init__(
            parent,
            about,
            name=_(labels.CANCEL_SHUTDOWN),
            doing=_(labels.CANCELLING),
            width=CONFIRM,
        )
        self._once, self._none = paragraph("text2"), paragraph("text2")
        self._second = Button(_(labels.CANCEL_ALL_SHUTDOWNS))
        self._second.setAutoDefault(False)
        self.add_second(self._second)
        for widget in (self._once, self._none, self.error):
            self.body.addWidget(widget)
        self.refresh()

    def request(self, pressed: Button) -> ShutdownRequest | None:
        shutdown = self.shown
        if shutdown is None:
            return None
        skips = pressed is self.acting and shutdown.skips_to is not None
        move = ShutdownMove.SKIP if skips else ShutdownMove.CANCEL
        return ShutdownRequest(move=move, expected=shutdown.at)

    def show_shutdown(self, shutdown: ScheduledShutdown) -> None:
        server, now = self.moves.server(self.environment.id), self.now()
        name = server.name if server else ""
        self.set_title(words.keep_running(name, shutdown, now))
        self.setAccessibleName(self.windowTitle())
        daily = shutdown.skips_to is not None
        self._second.setVisible(daily)
        self._once.setVisible(daily)
        once, none = words.cancelled_once(shutdown, now), words.cancelled(shutdown, now)
        self.acting.setText(
            words.skip_button(shutdown, now) if daily else _(labels.CANCEL_SHUTDOWN)
        )
        if daily:
            self._once.setText(f"<b>{escape(self.acting.text())}</b>: {escape(once)}")
            self._none.setText(f"<b>{escape(self._second.text())}</b>: {escape(none)}")
        else:
            self._none.setText(escape(none))
        self.forbid("")
