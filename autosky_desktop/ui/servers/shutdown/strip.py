"""The scheduled shutdown: when, how long until then, why, and what can be done about it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from autosky_desktop.domain import extending
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.extending import Clash, find_clash
from autosky_desktop.domain.publication import under_way
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.store.store import LineStatus, Store
from autosky_desktop.ui.servers.shutdown.questions import ShutdownQuestions
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.theme.style import wear
from autosky_desktop.ui.widgets.button import Button, WordedButton
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.ui.widgets.focus import focus_kept
from autosky_desktop.ui.widgets.hints import announce, tip
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.ui.widgets.refreshing import watch_while_alive
from autosky_desktop.words import shutdown as words
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.scheduling import named_here
from autosky_desktop.words.times import clock_or_moment, countdown, moment

NEAR = timedelta(minutes=60)
BUTTON = 32
HOURS = (1, 2)
ROOM_FOR_WORDS = 560
"""In a narrower strip, words on its two buttons would cover what it says."""


class ShutdownStrip(QFrame):
    """Shows the scheduled shutdown. What is under way and what was answered stand in the line of
    the reason, and a server that is off has the strip as well: nothing jumps.

    `connected` says, of the moment of the shutdown, which open connection is in its way.
    """

    def __init__(
        self,
        environment: str,
        store: Store,
        shutdowns: ShutdownQuestions,
        connected: Callable[[datetime], str],
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self.setProperty("kind", "strip")
        self._environment, self._store = environment, store
        self._shutdowns, self._connected, self._now = shutdowns, connected, now
        self._shutdown: ScheduledShutdown | None = None
        self._clash: Clash | None = None
        self._clock = IconLabel("clock")
        self._text, self._reason = QLabel(wordWrap=True), ElidedLabel()
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._look: tuple[bool, str] | None = None
        set_style(self._reason, TextStyle.SMALL, "text2")
        self._make_buttons()
        self._arrange()
        watch_while_alive(self, shutdowns.moves, self._heard)

    def show_shutdown(
        self, shutdown: ScheduledShutdown | None, line: LineStatus, *, on: bool
    ) -> None:
        """Show that shutdown. `on` False: the server runs not, or in a state nobody knows."""
        self._shutdown, self._on = shutdown, on
        with focus_kept(self, self._undo, self._set, self._extend):
            self._show_all(shutdown, line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._text.text():  # until the server is known there is nothing to do about it
            self._show_buttons(self._shutdown, self._store.connection)

    def _show_all(self, shutdown: ScheduledShutdown | None, line: LineStatus) -> None:
        if shutdown is None:
            self._text.setText(_(labels.NO_SHUTDOWN_SCHEDULED))
            self._text.setAccessibleName(_(labels.SCHEDULED_SHUTDOWN_NONE))
        else:
            self._show_moment(shutdown)
        self._clash = self._find_clash(shutdown)
        self._show_reason(shutdown, line)
        self._show_buttons(shutdown, line)

    _on = False

    def offer_extensions(self) -> None:
        """Open the menu of extensions, by a key."""
        if self._shutdown is None or not self.isVisible():
            announce(self, _(labels.NO_SHUTDOWN_SCHEDULED))
            self._shutdowns.set_time(self._environment)
            return
        self._extend.showMenu()
        on = next((it for it in self._menu.actions() if it.isEnabled()), None)
        if on:
            self._menu.setActiveAction(on)

    def add_lines(self, menu: Menu) -> None:
        """Add to another menu what can be done about a server that runs without a shutdown."""
        moves, reason = self._shutdowns.moves, self._why_not(self._store.connection)
        if undoable := moves.undoable(self._environment):
            text = _(labels.RESTORE_SHUTDOWN_AT_TIME)
            when = words.at(undoable, self._now())
            undo = menu.add(text.format(time=when), "undo", reason=reason)
            undo.triggered.connect(lambda: self._shutdowns.undo(self._environment))
        if moves.runs_without(self._environment):
            line = menu.add(_(labels.SET_SHUTDOWN_TIME_ELLIPSIS), "clock", reason=reason)
            line.triggered.connect(lambda: self._shutdowns.set_time(self._environment))

    @property
    def _record(self) -> Environment | None:
        return self._store.environments.get(self._environment)

    def _heard(self, environment: str, said: str) -> None:
        if environment != self._environment:
            return
        self.show_shutdown(self._shutdown, self._store.connection, on=self._on)
        if said and self.isVisible():
            answer = self._shutdowns.moves.answer(environment)
            announce(self, said, assertive=answer is not None and answer.failed)

    def _find_clash(self, shutdown: ScheduledShutdown | None) -> Clash | None:
        if shutdown is None or self._environment not in self._store.opened:
            return None
        runs = list(self._store.details(self._environment).publications)
        return find_clash(shutdown, runs, self._record, now=self._now())

    def _show_moment(self, shutdown: ScheduledShutdown) -> None:
        now = self._now()
        when = moment(shutdown.at, now=now, inside=True)
        when = named_here(when, shutdown.at, words.zone_beside(shutdown, self._record))
        if shutdown.held:
            left = _(labels.HELD)
        elif shutdown.at <= now:
            left = _(labels.DUE_NOW)
        else:
            left = _(labels.IN_TIME).format(time=countdown(shutdown.at, now))
        self._text.setText(
            _(labels.SCHEDULED_SHUTDOWN_SHOWN).format(when=escape(when), left=escape(left))
        )
        self._text.setAccessibleName(
            _(labels.SCHEDULED_SHUTDOWN_SPOKEN).format(when=when, left=left)
        )

    def _show_reason(self, shutdown: ScheduledShutdown | None, line: LineStatus) -> None:
        now, moves = self._now(), self._shutdowns.moves
        request, answer = moves.under_way(self._environment), moves.answer(self._environment)
        failed = answer is not None and answer.failed and request is None
        connected = self._connected(shutdown.at) if shutdown else ""
        if request:
            text = words.moving(request, now)
        elif answer:
            text = answer.text
        elif shutdown is None:
            text = _(labels.STARTING_SERVER_SCHEDULES_ONE)
            if self._on:
                text = _(labels.RUNS_UNTIL_STOPPED)
        elif not line.live and line.since:
            since = clock_or_moment(line.since, now=now)
            text = _(labels.NOT_CONFIRMED_SINCE_TIME).format(time=since)
        elif self._clash:
            text = words.clashes(self._clash)
        else:
            text = f"{words.why(shutdown, self._record, now)} {words.who(shutdown)}".rstrip()
            runs = under_way(self._store.details(self._environment).publications)
            if not (shutdown.held or connected or runs):
                text += " " + _(labels.NO_PUBLICATION_IS_IN_WAY)
        if not (request or answer):
            text = f"{connected} {text}".lstrip()
        if text != self._reason.text():
            self._reason.setText(text)
        near = shutdown is not None and shutdown.at - now <= NEAR
        self._wear(near, "bad" if failed else "warn" if near else "text2")

    def _show_buttons(self, shutdown: ScheduledShutdown | None, line: LineStatus) -> None:
        there, reason = shutdown is not None, self._why_not(line)
        clash = self._clash if there else None
        room = self.width() >= scaled(ROOM_FOR_WORDS) and clash is None
        for button in (self._cancel, self._extend):
            button.setVisible(there)
            button.show_word(room)
        self._offer_another(reason)
        self._behind.setVisible(clash is not None)
        self._allow(self._cancel, reason)
        # under way, its menu says so: grey, it would lose the focus to something else
        self._allow(self._extend, "" if line.live else reason)
        if clash:
            self._behind.setAccessibleName(words.move_after(clash.version))
            self._allow(
                self._behind, reason or words.why_not_behind(clash, self._record, self._now())
            )

    def _offer_another(self, reason: str) -> None:
        """Offer a shutdown again where a server runs without one."""
        moves, undoable = self._shutdowns.moves, self._shutdowns.moves.undoable(self._environment)
        self._set.setVisible(moves.runs_without(self._environment))
        self._undo.setVisible(undoable is not None)
        for button in (self._set, self._undo):
            self._allow(button, reason)
        if undoable:
            told = _(labels.RESTORE_SHUTDOWN_AT_TIME)
            self._undo.setAccessibleName(told.format(time=words.at(undoable, self._now())))
            self._undo.setToolTip(tip(reason or self._undo.accessibleName()))

    def _why_not(self, line: LineStatus) -> str:
        if not line.live:
            return _(labels.NO_CONNECTION_TO_CONTROL_PLANE)
        request = self._shutdowns.moves.under_way(self._environment)
        return words.moving(request, self._now()) if request else ""

    def _allow(self, button: Button, reason: str) -> None:
        button.setEnabled(not reason)
        name = button.accessibleName() if not button.text() else ""
        button.setToolTip(tip(reason or name))
        button.setAccessibleDescription(reason)

    def _fill(self) -> None:
        self._menu.clear()
        shutdown, record, now = self._shutdown, self._record, self._now()
        if shutdown is None or record is None:
            return
        reason = self._why_not(self._store.connection)
        for hours in HOURS:
            to = extending.later(shutdown, timedelta(hours=hours), now=now)
            text = _(labels.EXTEND_N_H_TO_TIME).format(n=hours, time=words.at(to, now))
            beyond = words.beyond(record, now) if to > extending.latest(record, now=now) else ""
            line = self._menu.add(text, "clock-plus", reason=reason or beyond)
            extend = partial(self._shutdowns.extend_to, self._environment, to)
            line.triggered.connect(lambda _on=False, extend=extend: extend())
        self._menu.addSeparator()
        until = self._menu.add(_(labels.EXTEND_UNTIL_ELLIPSIS), "clock", reason=reason)
        until.triggered.connect(lambda: self._shutdowns.extend_until(self._environment))

    def _move_behind(self) -> None:
        if self._clash:
            self._shutdowns.extend_to(self._environment, self._clash.behind)

    def _make_buttons(self) -> None:
        self._behind = Button(_(labels.MOVE_AFTER_IT), small=True)
        self._behind.clicked.connect(self._move_behind)
        self._undo = Button(_(labels.UNDO), small=True, icon="undo")
        self._undo.clicked.connect(lambda: self._shutdowns.undo(self._environment))
        self._set = Button(_(labels.SET_A_TIME), small=True, icon="clock")
        self._set.setAccessibleName(_(labels.SET_SHUTDOWN_TIME))
        self._set.clicked.connect(lambda: self._shutdowns.set_time(self._environment))
        name = _(labels.CANCEL_SCHEDULED_SHUTDOWN)
        self._cancel = WordedButton(_(labels.CANCEL), name, "clock-x")
        self._cancel.clicked.connect(lambda: self._shutdowns.cancel(self._environment))
        # a push button: a tool button would open its menu in a loop inside the loop
        self._extend = WordedButton(_(labels.EXTEND), _(labels.EXTEND_EXECUTION), "clock-plus")
        self._menu = Menu(self._extend)
        self._menu.aboutToShow.connect(self._fill)
        self._extend.setMenu(self._menu)
        for button in (self._behind, self._undo, self._set, self._cancel, self._extend):
            button.hide()

    def _arrange(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(self._text)
        texts.addWidget(self._reason)
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 11, 12, 11)
        row.setSpacing(12)
        row.addStrut(scaled(BUTTON))
        row.addWidget(self._clock)
        row.addLayout(texts, 1)
        for button in (self._behind, self._undo, self._set, self._cancel, self._extend):
            row.addWidget(button)

    def _wear(self, near: bool, tone: str) -> None:
        if (near, tone) == self._look:
            return
        self._look = (near, tone)
        wear(self, "near", near)
        wear(self._reason, "tone", tone)
        self._clock.show_icon("clock", "warn" if near else "text2")
