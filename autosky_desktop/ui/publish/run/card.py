"""The publication that is running, and what came of the last one."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.estimate import span_left
from autosky_desktop.domain.publication import (
    Publication,
    PublicationState,
    asks_before,
    planned_for,
    under_way,
    waits_for_switch,
)
from autosky_desktop.store.store import LineStatus
from autosky_desktop.ui.publish.run.status_lines import FailureLine, WaitingLine
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.ui.widgets.field import CopyButton
from autosky_desktop.ui.widgets.focus import focus_kept
from autosky_desktop.ui.widgets.hints import announce, tip
from autosky_desktop.ui.widgets.notices import Remark
from autosky_desktop.ui.widgets.refreshing import SECOND
from autosky_desktop.ui.widgets.status import StatusPill
from autosky_desktop.ui.widgets.timeline import StepLook, StepTimeline
from autosky_desktop.words import publishing, states
from autosky_desktop.words import running as words
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.states import StatusKind
from autosky_desktop.words.times import clock_or_moment


class RunningCard(Card):
    """Says in one line that nothing runs, or else shows the run's six steps. A result or a failure
    stays until dismissed. `link` gives what leads to a publication.
    """

    dismissed = Signal()
    details_asked = Signal(object)
    stop_asked = Signal(object)
    retry_asked = Signal(object)
    go_on_asked = Signal(object)
    go_back_asked = Signal(object)
    move_asked = Signal(object)
    look_asked = Signal(object)

    def __init__(
        self,
        link: Callable[[Publication], str],
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("", "", parent=parent)
        self._link_to, self._now = link, now
        self._run: Publication | None = None
        self._dismissed: set[str] = set()
        self._seen: str | None = None
        self._pill = StatusPill()
        self._pill.let_shrink()
        self._left, self._failure = QLabel(), FailureLine()
        self._story = ElidedLabel()
        set_style(self._story, TextStyle.SMALL, "text3")
        self.timeline = StepTimeline()
        self._details = Button(_(labels.SHOW_DETAILS), small=True)
        self._dismiss = Button(_(labels.DISMISS), small=True)
        self._stop = Button(_(labels.STOP_PUBLICATION_ELLIPSIS), small=True)
        self._late = Remark("alert-triangle", "warn")
        self._late.tell(_(labels.LONGER_THAN_USUAL))
        self._waiting = WaitingLine()
        self._steps = Button(_(labels.SHOW_STEPS), "link")
        self._link = CopyButton(_(labels.COPY_LINK))
        self._link.setAccessibleName(_(labels.COPY_LINK_TO_THIS_PUBLICATION))
        buttons = (self._steps, self._link, self._details, self._dismiss, self._stop)
        for widget in (self._late, self._left, *buttons):
            self.add_action(widget)
        self.add_beside_title(self._pill)
        for part in (self._story, self.timeline, self._waiting, self._failure):
            self.body.addWidget(part)
        self._stop.clicked.connect(lambda: self.stop_asked.emit(self._run))
        self._failure.retry.connect(lambda: self.retry_asked.emit(self._run))
        self._waiting.go_on.connect(lambda: self.go_on_asked.emit(self._run))
        self._waiting.go_back.connect(lambda: self.go_back_asked.emit(self._run))
        self._waiting.move_asked.connect(lambda: self.move_asked.emit(self._run))
        self._waiting.look_asked.connect(self.look_asked)
        self._details.clicked.connect(lambda: self.details_asked.emit(self._run))
        self._dismiss.clicked.connect(self._put_away)
        self._steps.clicked.connect(lambda: self._open_steps(opened=not self._opened))

    _narrow = False
    _opened = False
    _live = False
    _newest: Publication | None = None
    _refused: tuple[Publication | None, str] | None = None

    def set_narrow(self, narrow: bool) -> None:
        """Show the timeline as a six-part bar below 1120 pixels, until the steps are wanted."""
        self._narrow = narrow
        self._open_steps(opened=self._opened)

    @property
    def speaks(self) -> bool:
        """True while there is a run or a refusal to show, not only that nothing runs."""
        return self._run is not None or bool(self._refusal)

    def tell_failure(self, text: str) -> None:
        """Say that what was asked did not happen, until the newest run says something new."""
        self._refused = self._newest, text
        self._failure.tell(text)
        announce(self, text, assertive=True)

    def forget_failure(self) -> None:
        """Forget the failure: what was asked then happens now."""
        self._refused = None

    @property
    def _refusal(self) -> str:
        asked, text = self._refused or (None, "")
        return text if asked == self._newest else ""

    def show_instances(self, instances: Sequence[Instance], line: LineStatus) -> None:
        """Offer a look at the instances that were replaced before the hold, while it lasts."""
        run = self._run
        held = run is not None and words.is_held(run)
        first = [it for it in instances if held and run and it.version == run.version]
        self._waiting.offer_look(first, live=line.live)

    def show_runs(self, runs: Sequence[Publication], line: LineStatus) -> int | None:
        """Show `runs`, newest first; returns milliseconds until time alone may change the words."""
        with focus_kept(self, self._details, self._steps):
            return self._show_runs(runs, line)

    def _show_runs(self, runs: Sequence[Publication], line: LineStatus) -> int | None:
        run = under_way(runs) or (runs[0] if runs else None)
        self._newest = run
        before = [it for it in runs if it is not run]
        if run and not run.ended:
            self._seen = run.id
        shown = run if run and self._is_shown(run) else None
        self._run, self._live = shown, line.live
        self.timeline.setVisible(shown is not None)
        self._is_late = (
            shown is not None and not shown.ended and words.is_late(shown, before, self._now())
        )
        self.set_body_visible(self.speaks)
        if shown is None:
            self._show_buttons()
            self._waiting.hide()
            self._story.hide()
            self._failure.tell(self._refusal)
            self._say_idle(run)
            return None
        self._say_run(shown, line)
        self._show_steps(shown, before)
        self._show_buttons()
        self._waiting.tell(
            words.waiting(shown, self._now()),
            meanwhile=words.replaced(shown),
            held=words.is_held(shown),
            live=line.live,
            before=shown.replaces,
            asks=asks_before(shown) or waits_for_switch(shown),
            movable=planned_for(shown) is not None,
            prepared=waits_for_switch(shown) and shown.cancel_asked_by is None,
        )
        self._allow(line)
        return None if shown.ended else SECOND

    def _is_shown(self, run: Publication) -> bool:
        """Return whether to tell of that run. What failed is told unseen, too: nowhere else can one
        try again.
        """
        return run.id not in self._dismissed and (run.id == self._seen or _has_failed(run))

    def _say_idle(self, last: Publication | None) -> None:
        self.set_title("")
        self._pill.show_status(StatusKind.IDLE, _(labels.IDLE))
        text = _(labels.NO_PUBLICATION_IS_RUNNING)
        if last:
            look = states.publication_look(last)[1]
            known = _(labels.LAST_ONE_VERSION_RESULT)
            text += " " + known.format(version=publishing.version(last), result=look)
        self.set_purpose(text)
        self.setAccessibleName(text)

    def _say_run(self, run: Publication, line: LineStatus) -> None:
        title = {
            PublicationState.SUCCEEDED: _(labels.VERSION_IS_PUBLISHED),
            PublicationState.FAILED: _(labels.VERSION_WAS_NOT_PUBLISHED),
            PublicationState.CANCELLED: _(labels.PUBLICATION_OF_VERSION_CANCELLED),
        }.get(PublicationState(run.state), _(labels.PUBLISHING_VERSION))
        self.set_title(title.format(version=run.version))
        self.set_purpose("")
        story = words.story(run, self._now())
        if not line.live and line.since and not run.ended:
            since = clock_or_moment(line.since, now=self._now())
            story = _(labels.NOT_CONFIRMED_SINCE_TIME).format(time=since)
        self._story.setText(story)
        self._show_state()

    _is_late = False

    def _show_buttons(self) -> None:
        """Show the buttons that the present state has a use for.

        A narrow window has no room for the details of what runs: the history has them too. Nor for
        how long it takes yet, once that has proved wrong.
        """
        run = self._run
        self._late.setVisible(self._is_late)
        late = self._narrow and self._is_late
        self._left.setVisible(run is not None and bool(self._left.text()) and not late)
        self._steps.setVisible(run is not None and self._narrow)
        for button in (self._details, self._link):
            button.setVisible(run is not None and (run.ended or not self._narrow))
        self._link.text_to_copy = self._link_to(run) if run else ""
        self._dismiss.setVisible(self.speaks and (run is None or run.ended))
        self._stop.setVisible(run is not None and not run.ended)

    def _allow(self, line: LineStatus) -> None:
        """Switch off what changes something while the line is down."""
        reason = words.cannot_stop(self._run) if self._run else ""
        if not line.live:
            reason = _(labels.NO_CONNECTION_TO_CONTROL_PLANE)
        self._stop.setEnabled(not reason)
        self._stop.setToolTip(tip(reason))
        self._stop.setAccessibleDescription(reason)

    def _show_state(self) -> None:
        """Show the state; without the timeline's words it names its step in the story's room."""
        if run := self._run:
            kind, text = states.publication_look(run)
            brief = self._narrow and not self._opened and run.current_step > 0
            self._story.setHidden(brief)
            if brief:
                name = states.step_name(run.steps[run.current_step - 1].name)
                text = _(labels.STATE_AND_STEP).format(state=text, step=name)
            self._pill.show_status(kind, text)

    def _show_steps(self, run: Publication, before: Sequence[Publication]) -> None:
        now = self._now()
        self.timeline.show_steps([
            StepLook(
                name=states.step_name(step.name),
                state=step.state,
                time_text=publishing.step_time(step, before, now=now, ended=run.ended),
                fraction=publishing.fraction(step, before, now=now),
                accessible=_spoken(number, run, before, now),
            )
            for number, step in enumerate(run.steps)
        ])  # fmt: skip
        rest = None if run.ended else span_left(run, before, now=now)
        text = publishing.time_left(rest) if rest else ""
        end = now + timedelta(seconds=rest.usual) if rest else now
        self._left.setText(words.until(text, end) if rest else "")
        self.setAccessibleName(self._name(run, text))
        why_not = words.cannot_retry(run, now)
        if not self._live:
            why_not = _(labels.NO_CONNECTION_TO_CONTROL_PLANE)
        again = _has_failed(run) and run.current_step > 0
        text = self._refusal or words.what_failed(run)
        wanted = not self._refusal and bool(words.left_apart(run))
        self._failure.tell(text, again=again, why_not=why_not, wanted=wanted)

    def _name(self, run: Publication, rest: str) -> str:
        known = labels.PUBLISHING_VERSION_STATE_REST if rest else labels.PUBLISHING_VERSION_STATE
        return _(known).format(
            version=run.version, state=states.publication_look(run)[1], rest=rest
        )

    def _put_away(self) -> None:
        if self._run:
            self._dismissed.add(self._run.id)
        self.forget_failure()
        self.dismissed.emit()

    def _open_steps(self, *, opened: bool) -> None:
        self._opened = opened
        self.timeline.set_compact(self._narrow and not opened)
        text = _(labels.HIDE_STEPS) if opened else _(labels.SHOW_STEPS)
        self._steps.setText(text)
        self._show_buttons()
        self._show_state()


def _has_failed(run: Publication) -> bool:
    return PublicationState(run.state) is PublicationState.FAILED


def _spoken(number: int, run: Publication, before: Sequence[Publication], now: datetime) -> str:
    step = run.steps[number]
    return _(labels.STEP_N_OF_ALL_NAME_STATE).format(
        n=number + 1,
        all=len(run.steps),
        name=states.step_name(step.name),
        state=publishing.step_state(step, ended=run.ended),
        time=publishing.step_time(step, before, now=now, ended=run.ended),
    )
