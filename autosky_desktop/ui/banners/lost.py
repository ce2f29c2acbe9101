"""The banner under the header: the line is lost, the open environment cannot be read, its provider
does not answer or is not asked, or this computer's clock is wrong.

One at a time, the gravest first.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import Offline
from autosky_desktop.store.store import Line, LineStatus, Store
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.widgets.banner import Banner, BannerKind
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.ui.widgets.open_log import named_data_folder
from autosky_desktop.ui.widgets.refreshing import SECOND, Ticking
from autosky_desktop.ui.widgets.wording import Wording
from autosky_desktop.words import states
from autosky_desktop.words.errors import begins_afresh, sentence
from autosky_desktop.words.labels import environments
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.times import about, clock_or_moment

WORTH_SAYING = timedelta(minutes=1)
"""A clock that differs by less is reckoned with and not talked about."""


class LostBanner(QWidget):
    """The banner, which watches the line by itself and is hidden while that is live or nothing is
    known yet.

    `below` are other banners, which stand under it. `afresh_asked` wants to begin without what
    cannot be read. Of the open environment, `edit_asked` wants its
    settings shown and `resume_asked` no pause any more.
    """

    try_now = Signal()
    afresh_asked = Signal()
    edit_asked = Signal(str)
    resume_asked = Signal(str)

    def __init__(self, store: Store, now: Callable[[], datetime], *below: QWidget) -> None:
        super().__init__()
        self._store = store
        self._now = now
        self._banner = Banner()
        self._banner.pressed.connect(self._pressed)
        self._banner.other_pressed.connect(self.afresh_asked)
        self._shown_state: tuple[object, ...] = ()
        self._environment = ""
        self._halted: Environment | None = None
        self._dismissed = timedelta()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._banner)
        for banner in below:
            column.addWidget(banner)
        self._ticking = Ticking(self._banner, self._count_down)
        store.watch(self._refresh)
        store.environments.watch(self._environments_changed)
        Wording(self, self._word)

    def _word(self) -> None:
        self._shown_state = ()
        self._refresh()

    def _refresh(self) -> None:
        line = self._store.connection
        lost = line.line not in (Line.LIVE, Line.STARTING) and bool(self._store.environments)
        cause = line.cause if lost else self._unread()
        halted = self._halted = None if lost or cause else self._find_halted()
        before, told = self._shown_state, self._state_of(line, lost, cause, halted)
        self._shown_state = told
        if line.live and cause is None and before and before[0] is not Line.LIVE:
            announce(self, _(labels.CONNECTED_AGAIN))
        if not told:
            self._tell_clock(line)
        elif told != before:
            if lost:
                self._tell(line)
            elif halted:
                self._tell_halted(halted)
            else:
                self._tell_unread(cause)
        self._ticking.now()

    def _environments_changed(self, diff: Diff[Environment]) -> None:
        if any(it.id == self._environment for it in (*diff.added, *diff.changed)):
            self._refresh()

    @staticmethod
    def _state_of(
        line: LineStatus, lost: bool, cause: Exception | None, halted: Environment | None
    ) -> tuple[object, ...]:
        """Return all that the banner tells of; nothing where only the clock may be wrong."""
        if halted:
            return line.line, halted.id, *states.halted(halted)
        return (line.line, line.since, str(cause)) if lost or cause else ()

    def _unread(self) -> Exception | None:
        """Return why what is shown of the open environment is not there, or not up to date; None
        when it is.
        """
        open_one = self._environment in self._store.opened
        return self._store.details(self._environment).failure if open_one else None

    def _find_halted(self) -> Environment | None:
        """Return the open environment if its provider does not answer, or is not asked."""
        record = self._store.environments.get(self._environment)
        halted = record and (record.paused or record.unreachable is not None)
        return record if halted else None

    def show_environment(self, environment: str) -> None:
        self._environment = environment
        self._refresh()

    def _pressed(self) -> None:
        if halted := self._halted:
            asked = self.resume_asked if halted.paused else self.edit_asked
            asked.emit(halted.id)
        elif self._shown_state:
            self.try_now.emit()
        else:
            self._dismissed = self._store.clock_ahead
            self._banner.hide()

    def _count_down(self) -> int | None:
        retry = self._store.connection.retry_at
        seconds = (retry - self._now()).total_seconds() if retry else 0
        side = _(labels.TRYING_AGAIN_IN_N_S).format(n=round(seconds)) if seconds >= 1 else ""
        self._banner.show_side(side)
        return SECOND if seconds > 0 else None

    def _tell(self, line: LineStatus) -> None:
        since = clock_or_moment(line.since, now=self._now(), seconds=True) if line.since else ""
        old = _(labels.VALUES_ARE_FROM_THEN)
        if line.line is Line.OFFLINE:
            lead = _(labels.NOT_CONNECTED_SINCE_TIME).format(time=since)
            old = old if isinstance(line.cause, Offline | None) else sentence(line.cause)
        elif line.line is Line.RESTARTING:
            lead = _(labels.PLANE_STOPPED_AT).format(time=since)
            old = _(labels.PLANE_IS_RESTARTING)
        else:
            lead = _(labels.NOT_CONNECTED_SINCE_TIME).format(time=since)
            told = sentence(line.cause) if line.cause else old
            old = f"{told} {named_data_folder(line.cause)}".rstrip()
        mild = line.line in (Line.OFFLINE, Line.RESTARTING)
        afresh = _(labels.START_AFRESH) if begins_afresh(line.cause) else ""
        kind: BannerKind = "warn" if mild else "bad"
        self._banner.tell(lead, old, kind=kind, button=_(labels.TRY_NOW), other=afresh)

    def _tell_unread(self, cause: Exception | None) -> None:
        environment = self._store.environments.get(self._environment)
        lead = _(labels.NAME_COULD_NOT_BE_READ).format(
            name=environment.name if environment else self._environment
        )
        why = sentence(cause) if cause else ""
        self._banner.tell(lead, why, kind="bad", icon="alert-triangle", button=_(labels.TRY_NOW))

    def _tell_halted(self, environment: Environment) -> None:
        """Say what keeps the environment from being read, and what can be done about it."""
        lead, text = states.halted(environment)
        paused = environment.paused
        button = _(environments.RESUME if paused else environments.EDIT)
        self._banner.tell(lead, text, icon="clock" if paused else "cloud-off", button=button)

    def _tell_clock(self, line: LineStatus) -> None:
        """Tell once that the clock is wrong: dismissed, it comes again when the clock is off by
        something else.
        """
        ahead = self._store.clock_ahead
        told = abs(ahead - self._dismissed) < WORTH_SAYING
        if not line.live or told or abs(ahead) < WORTH_SAYING:
            self._banner.hide()
            return
        lead = (
            _(labels.CLOCK_IS_BEHIND) if ahead > timedelta() else _(labels.CLOCK_IS_AHEAD)
        ).format(time=about(abs(ahead).total_seconds()))
        follows = _(labels.TIMES_HERE_FOLLOW_CONTROL_PLANE)
        self._banner.tell(lead, follows, icon="clock", button=_(labels.DISMISS))
