"""The ways out of the window: into the tray, or out, with a question while something would stop."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.reminders import Watched
from autosky_desktop.store.store import Store
from autosky_desktop.system.settings import Preferences
from autosky_desktop.ui.background.background import Background
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.dialog import Dialog
from autosky_desktop.ui.widgets.input.check_box import CheckBox
from autosky_desktop.ui.widgets.refreshing import MINUTE, Ticking
from autosky_desktop.words import reminding
from autosky_desktop.words.labels import desktop as texts
from autosky_desktop.words.language import _
from autosky_desktop.words.scheduling import named_here, when
from autosky_desktop.words.times import is_here

MOST = 5
"""Servers named in the question."""


class Quitter:
    """Hides the window in the tray or quits, and asks first while something would stop: the control
    plane on this computer ends with the program, and publications pause with it.

    `background` knows whether there is a tray to go into, which shutdowns nobody would be reminded
    of any more, and says it the first time that the window has gone into the tray. `connections`
    says what becomes of those that are not open or not recorded yet.
    """

    def __init__(
        self,
        window: QWidget,
        store: Store,
        preferences: Preferences,
        background: Background,
        connections: Callable[[], Sequence[str]],
        now: Callable[[], datetime],
    ) -> None:
        self._background, self._connections = background, connections
        self._window = window
        self._store = store
        self._preferences = preferences
        self._now = now
        self._question: Dialog | None = None

    def ask(self) -> None:
        """Hide the closed window in the tray; quit where there is none or that was ruled out."""
        if self._session_ends():
            QApplication.quit()
        elif self._closing != "quit" and self._background.keeps_watching():
            self._hide()
        else:
            self.quit()

    def quit(self) -> None:
        """Quit the program, after a question where something would stop."""
        running = [it for it in self._store.environments if it.publishing]
        waiting = [] if self._closing == "quit" else self._background.waiting()
        connections = list(self._connections())
        planned = [it for it in self._store.environments if it.next_publication]
        if self._session_ends() or not (running or planned or waiting or connections):
            QApplication.quit()
        elif self._question is None:
            self._window.show()
            self._question = self._open(running, planned, waiting, connections)

    @property
    def _closing(self) -> str:
        return self._preferences.settings.closing

    def _hide(self) -> None:
        self._window.hide()
        if not self._closing:
            self._keep("hide")
            self._background.say_hidden()

    def _keep(self, closing: str) -> None:
        settings = self._preferences.settings
        self._preferences.keep(msgspec.structs.replace(settings, closing=closing))

    def _keep_quitting(self, always: bool) -> None:
        if always:
            self._keep("quit")

    @staticmethod
    def _session_ends() -> bool:
        """Return whether the computer shuts down: that is no time for questions."""
        app = QApplication.instance()
        return isinstance(app, QApplication) and app.isSavingSession()

    def _open(
        self,
        running: list[Environment],
        planned: list[Environment],
        waiting: list[Watched],
        connections: list[str],
    ) -> Dialog:
        question = Dialog(
            self._window,
            _question(running, planned, connections),
            window_title=_(texts.QUIT),
            acting=_(texts.QUIT),
            safe=_(texts.KEEP_IT_OPEN),
        )
        for environment in running:
            question.body.addWidget(_text(_pauses(environment)))
        for text in (*self._unstarted(planned), *connections):
            question.body.addWidget(_text(text))
        self._add_unsaid(question, waiting, planned)
        if waiting and not (running or planned or connections):
            always = CheckBox(_(texts.ALWAYS_QUIT_WITHOUT_ASKING))
            question.body.addWidget(always)
            question.accepted.connect(lambda: self._keep_quitting(always.isChecked()))
        question.safe.setFocus()
        question.accepted.connect(QApplication.quit)
        question.finished.connect(self._answered)
        question.open()
        return question

    def _unstarted(self, planned: list[Environment]) -> list[str]:
        """Name the publications whose moment comes while nobody is there to start them."""
        line = _(texts.PUBLICATION_TO_IS_SCHEDULED)
        now, other = self._now(), _other_zone(planned)
        lines = []
        for it in planned[:MOST]:
            if at := it.next_publication:
                text = when(at, it.time_zone, now)
                time = named_here(text, at, other) if is_here(it.time_zone) else text
                lines.append(line.format(environment=it.name, time=time))
        if not lines:
            return []
        last = _(texts.SCHEDULED_PUBLICATION_DOES_NOT_START)
        return [*lines, *self._more(planned), last]

    def _add_unsaid(
        self, question: Dialog, waiting: list[Watched], planned: list[Environment]
    ) -> None:
        """Add the reminders that nobody would see, and count down while nobody answers."""
        labels = [_text(text) for text in self._unsaid(waiting, planned)]
        for label in labels:
            question.body.addWidget(label)

        def tell() -> int:
            for label, text in zip(labels, self._unsaid(waiting, planned), strict=True):
                label.setText(text)
            return MINUTE // 2

        if labels:
            Ticking(question, tell)

    def _unsaid(self, waiting: list[Watched], planned: list[Environment]) -> list[str]:
        """Name the shutdowns that nobody would be reminded of.

        `planned` are the publications named beside them, whose moments may be told in other zones.
        """
        if not waiting:
            return []
        now, other = self._now(), _other_zone(planned)
        ahead = _(texts.SERVER_STOPS_AT)
        past = _(texts.WAS_TO_STOP)
        lines = [
            (ahead if it.at > now else past).format(
                server=it.name,
                time=named_here(reminding.at(it.at, now), it.at, other),
                left=reminding.left(it.at, now),
            )
            for it in waiting[:MOST]
        ]
        last = _(texts.NO_REMINDERS_AFTER_QUITTING)
        return [*lines, *self._more(waiting), last]

    @staticmethod
    def _more(things: Sequence[object]) -> list[str]:
        more = _(texts.AND_N_MORE)
        return [more.format(n=len(things) - MOST)] if len(things) > MOST else []

    def _answered(self) -> None:
        if self._question:
            self._question.deleteLater()
            self._question = None


def _other_zone(planned: Sequence[Environment]) -> str:
    """Return another zone than here in which a scheduled publication is told; empty without."""
    zones = (it.time_zone for it in planned[:MOST])
    return next((it for it in zones if not is_here(it)), "")


def _question(
    running: list[Environment], planned: list[Environment], connections: list[str]
) -> str:
    """Ask about what weighs most."""
    if running:
        return _(texts.QUIT_DURING_PUBLICATION)
    if planned:
        return _(texts.QUIT_BEFORE_SCHEDULED_PUBLICATION)
    if connections:
        return _(texts.QUIT_WHILE_CONNECTIONS_ARE_WAITING)
    return _(texts.QUIT_WHILE_REMINDERS_ARE_WAITING)


def _text(words: str) -> QLabel:
    label = QLabel(words)
    label.setWordWrap(True)
    set_style(label, TextStyle.BODY)
    return label


def _pauses(environment: Environment) -> str:
    """Say what becomes of the publication of that environment."""
    return _(texts.PUBLICATION_PAUSES).format(
        version=environment.publishing.version if environment.publishing else "",
        environment=environment.name,
    )
