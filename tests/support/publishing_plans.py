"""The plans for later: planned, moved, edited, called off, and what the stated rule starts."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from autosky_desktop.domain.plan import EditRequest, Model, MoveRequest, PublishRequest, Schedule
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.refusal import Refusal
from tests.support.people import ANA
from tests.support.publishing_asks import WISHES, AuthenticatedRequest, refused
from tests.support.publishing_tally import TALLY
from tests.support.publishing_world import STAGING, ZONE

GRACE = timedelta(minutes=15)
MINUTES = st.integers(1, 60)


class Planning(AuthenticatedRequest):
    """The rules of planning ahead. `back_at` is when this process began, by a clock that may have
    been put back since.
    """

    def at(self, minutes: int) -> Schedule:
        return Schedule(at=self.time() + self.minutes(minutes), time_zone=ZONE)

    def waiting(self) -> list[Publication]:
        """Return the scheduled ones in the order in which they fall due."""
        runs = [run for run in reversed(self.runs()) if run.state == "scheduled"]
        return sorted(runs, key=lambda run: run.scheduled_for)

    @rule(wish=WISHES, minutes=MINUTES)
    def somebody_plans(self, wish, minutes):
        asked = PublishRequest(
            expected_version=self.next_version(), **self.wish(wish, self.at(minutes))
        )
        key = self.key()
        try:
            run = self.press(
                lambda: self.world.schedule_commands.plan(STAGING, asked, principal=ANA, key=key)
            )
        except Refusal as refusal:
            self._not_planned(refusal)
            return
        assert (run.state, run.scheduled_for) == ("scheduled", asked.schedule.at)
        TALLY.count("plans for later")

    @rule(which=st.integers(0, 3), minutes=MINUTES, stale=st.sampled_from([False, False, True]))
    def somebody_moves(self, which, minutes, stale):
        if not (waiting := self.waiting()):
            return
        run, key = waiting[which % len(waiting)], self.key()
        assert run.scheduled_for
        shown = run.scheduled_for - timedelta(hours=1) if stale else run.scheduled_for
        asked = MoveRequest(expected=shown, schedule=self.at(minutes))
        try:
            self.press(
                lambda: self.world.schedule_commands.move(run.id, asked, principal=ANA, key=key)
            )
        except Refusal as refusal:
            refused(refusal, "changed-meanwhile", "reason-to-wait")
            if refusal.code == "reason-to-wait":
                self._not_planned(refusal)
            else:
                assert stale
                TALLY.count("moves a plan that moved")
            return
        moved = self.run(run.id)
        assert not stale
        assert moved.plan.deadline is None or moved.plan.deadline.at > moved.scheduled_for
        assert (moved.scheduled_for, moved.state) == (asked.schedule.at, "scheduled")
        assert moved.plan == run.plan
        TALLY.count("moves a plan")

    @rule(
        which=st.integers(0, 3),
        wish=WISHES,
        minutes=MINUTES,
        stale=st.sampled_from([False, False, True]),
    )
    def somebody_edits(self, which, wish, minutes, stale):
        if not (waiting := self.waiting()):
            return
        run, key = waiting[which % len(waiting)], self.key()
        since = run.changed_at or run.requested_at
        asked = EditRequest(
            expected_version=run.version,
            unchanged_since=since - timedelta(seconds=1) if stale else since,
            **self.wish(wish, self.at(minutes)),
        )
        try:
            self.press(
                lambda: self.world.schedule_commands.edit(run.id, asked, principal=ANA, key=key)
            )
        except Refusal as refusal:
            self._not_edited(refusal, stale=stale)
            return
        edited = self.run(run.id)
        assert not stale
        assert (edited.plan, edited.scheduled_for) == (asked.plan, asked.schedule.at)
        TALLY.count("edits a plan")

    @rule(which=st.integers(0, 3))
    def somebody_calls_off(self, which):
        if not (waiting := self.waiting()):
            return
        run, key = waiting[which % len(waiting)], self.key()
        off = self.press(
            lambda: self.world.publication_commands.cancel(run.id, principal=ANA, key=key)
        )
        assert (off.state, off.reason) == ("cancelled", "called-off")
        TALLY.count("calls a plan off")

    def _not_planned(self, refusal: Refusal) -> None:
        refused(refusal, "reason-to-wait")
        soon = ("deadline-passed", "deadline-too-soon")
        assert refusal.detail in ("image-gone", "allowance-none", *soon)

    def _not_edited(self, refusal: Refusal, *, stale: bool) -> None:
        if refusal.code == "changed-meanwhile":
            assert stale
            TALLY.count("edits a plan that changed")
        else:
            self._not_planned(refusal)

    def act(self) -> None:
        """Act at each moment that has come, by the rule that is stated in advance."""
        now, waiting = self.time(), self.waiting()
        self.back_at = min(self.back_at, now)
        busy = self.running() is not None
        super().act()
        for run in waiting:
            busy = self._fell_due(run, self.run(run.id), busy=busy)

    def _fell_due(self, run: Publication, came: Publication, *, busy: bool) -> bool:
        """Check one that fell due; returns whether one runs now."""
        now = self.time()
        assert run.scheduled_for
        if run.scheduled_for > now:
            assert came == run
            return busy
        seen = self.back_at if run.waiting_for == "turn" else now
        if seen - run.scheduled_for > GRACE:
            assert (came.state, came.reason) == ("failed", "missed"), came
            TALLY.count("a plan missed")
            return busy
        if busy:
            assert (came.state, came.waiting_for) == ("scheduled", "turn"), came
            TALLY.count("a plan waited its turn")
            return True
        return self._started(came)

    def _started(self, came: Publication) -> bool:
        if came.state == "failed":
            if came.reason != "allowance-used":
                assert came.reason in self.impossible(came), came
                TALLY.count("a plan that had become impossible")
                return False
            assert came.plan.model == Model.RECONNECT, came
            assert self.used_up()
            TALLY.count("a plan without allowance")
            return False
        assert (came.state, came.version) == ("queued", self.next_version()), came
        assert not self.impossible(came), came
        TALLY.count("a plan started")
        return True
