"""The small window that asks until when a server shall run."""

from datetime import datetime
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.domain import extending
from autosky_desktop.domain.server import ScheduledShutdown, ShutdownMove, ShutdownRequest
from autosky_desktop.ui.servers.shutdown.chips import Chips
from autosky_desktop.ui.servers.shutdown.clock_field import ClockField
from autosky_desktop.ui.servers.shutdown.dialog import About, ShutdownDialog, paragraph
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.theme.style import wear
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.words import shutdown as words
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.times import zone

FIELD_WIDTH = 200
USUAL = 1
"""Which of the offered moments is chosen at first: an hour later."""


class ExtendUntil(ShutdownDialog):
    """Takes a moment by one press or by typing; says what it means before anything is asked."""

    def __init__(self, parent: QWidget, about: About, *, name: str = "", doing: str = "") -> None:
        super().__init__(
            parent,
            about,
            name=name or _(labels.EXTEND_UNTIL),
            doing=doing or _(labels.EXTENDING),
        )
        if server := self.moves.server(self.environment.id):
            self.set_title(self.question().format(server=server.name))
        self.setAccessibleName(self.windowTitle())
        self._chips = Chips(self.now)
        self._field = ClockField(self.now)
        self._meaning = paragraph("text2")
        self._arrange()
        self._chips.chosen.connect(self._field.show_moment)
        self._field.changed.connect(self._changed)
        self.refresh()
        self._begin()
        self._field.setFocus()
        self._field.selectAll()

    def request(self, _pressed: Button) -> ShutdownRequest | None:
        if self.shown is None or self.problem():
            return None
        return ShutdownRequest(move=ShutdownMove.EXTEND, expected=self.shown.at, to=self.moment)

    @property
    def moment(self) -> datetime | None:
        return self._field.moment

    def stands(self) -> ScheduledShutdown | None:
        """Return the shutdown that is moved; None: nothing that could be."""
        return self.shown

    def show_shutdown(self, shutdown: ScheduledShutdown) -> None:
        offered = extending.offers(shutdown, self.environment, now=self.now())
        self._chips.offer(offered)
        self._changed()

    def _begin(self) -> None:
        if stands := self.stands():
            offered = extending.offers(stands, self.environment, now=self.now())
            last = extending.latest(self.environment, now=self.now())
            self._field.show_moment(offered[min(USUAL, len(offered) - 1)] if offered else last)

    def _changed(self) -> None:
        to, problem = self._field.moment, self.problem()
        self._chips.show_chosen(to)
        self.forbid(problem)
        stands = self.stands()
        if problem or to is None or stands is None:
            self.acting.setText(self.act(None))
            self._say(escape(problem), "bad")
            return
        self.acting.setText(self.act(to))
        meaning = self.meaning(to, stands)
        self._say(
            " ".join(it for it in (meaning, words.twice(to, self._field.meant.moments)) if it)
        )

    def question(self) -> str:
        """Return the words of the question, about {server}."""
        return _(labels.EXTEND_SERVER_UNTIL_WHEN)

    def act(self, to: datetime | None) -> str:
        """Return the words on the button."""
        if to is None:
            return _(labels.EXTEND)
        return _(labels.EXTEND_TO_TIME).format(time=words.at(to, self.now()))

    def meaning(self, to: datetime, stands: ScheduledShutdown) -> str:
        return words.extended(to, stands, self.environment, self.now())

    def problem(self) -> str:
        """Say why the moment in the field cannot be asked for; empty when it can."""
        meant, now = self._field.meant, self.now()
        if meant.local is None:
            return _(labels.ENTER_A_TIME)
        if not meant.moments or self._field.moment is None:
            text = _(labels.TIME_DOES_NOT_EXIST)
            return text.format(time=f"{meant.local:%H:%M}")
        if (stands := self.stands()) is None:
            return self.gone()
        return words.impossible(self._field.moment, stands, self.environment, now)

    def gone(self) -> str:
        """Say why there is nothing to move any more."""
        return _(labels.NO_SHUTDOWN_ANY_MORE)

    def _say(self, text: str, tone: str = "text2") -> None:
        self._meaning.setText(text)
        wear(self._meaning, "tone", tone)

    def _arrange(self) -> None:
        label = QLabel(_(labels.STOP_AT))
        label.setBuddy(self._field)
        where = QLabel(_(labels.TIMES_ARE_IN_ZONE).format(zone=zone()))
        for it in (label, where):
            set_style(it, TextStyle.SMALL, "text3")
        self._field.setFixedWidth(scaled(FIELD_WIDTH))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._field)
        row.addWidget(where, 1)
        stop = QVBoxLayout()
        stop.setSpacing(4)
        stop.addWidget(label)
        stop.addLayout(row)
        self._meaning.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._meaning.setMinimumHeight(3 * self._meaning.fontMetrics().lineSpacing())
        self.body.addWidget(self._chips)
        self.body.addLayout(stop)
        self.body.addWidget(self._meaning)
        self.body.addWidget(self.error)


class SetShutdown(ExtendUntil):
    """Takes the moment for a server that runs without a shutdown, reckoned from now."""

    def __init__(self, parent: QWidget, about: About) -> None:
        super().__init__(
            parent,
            about,
            name=_(labels.SET_SHUTDOWN_TIME),
            doing=_(labels.SETTING),
        )

    def request(self, _pressed: Button) -> ShutdownRequest | None:
        if self.problem():
            return None
        return ShutdownRequest(move=ShutdownMove.SET, expected=None, to=self.moment)

    def refresh(self) -> None:
        if stands := self.stands():
            self.safe.setText(_(labels.LET_IT_RUN))
            self.show_shutdown(stands)
        else:
            self.show_gone(self.gone())

    def stands(self) -> ScheduledShutdown | None:
        runs = self.shown is None and self.moves.runs_without(self.environment.id)
        return ScheduledShutdown(at=self.now()) if runs else None

    def question(self) -> str:
        return _(labels.WHEN_IS_SERVER_TO_STOP)

    def act(self, to: datetime | None) -> str:
        if to is None:
            return _(labels.SET_THE_TIME)
        return _(labels.STOP_AT_TIME).format(time=words.at(to, self.now()))

    def meaning(self, to: datetime, _stands: ScheduledShutdown) -> str:
        return words.set_to(to, self.now())

    def gone(self) -> str:
        if self.shown is None:
            return _(labels.SERVER_IS_NO_LONGER_RUNNING)
        text = _(labels.SHUTDOWN_IS_ALREADY_SCHEDULED)
        return text.format(time=words.at(self.shown.at, self.now()))
