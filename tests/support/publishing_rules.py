"""The rules that hold whatever is asked of publications, in whatever order.

The real commands, workflow steps and storage, over the simulated cloud, under a clock that only
the machine moves: a workflow stops at its next look until the machine lets time go on.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from sqlalchemy import update

from autosky_desktop.domain.plan import Model, Options
from autosky_desktop.domain.publication import Publication, StepName
from autosky_desktop.server.db import schema
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.publications import allowance
from autosky_desktop.server.publications.workflow.journal import step_of
from tests.support import publishing_judge as judge
from tests.support.publishing_asks import WISHES
from tests.support.publishing_tally import TALLY
from tests.support.publishing_weather import FAULTS, Weather
from tests.support.publishing_world import STAGING, ZONE

LIMITS = st.sampled_from([0, 1, 2, 2])
"""Requests to reconnect in a month: so few that they are used up."""
WEATHER = st.sampled_from([*[Faults()] * len(FAULTS), *FAULTS])
PAGE = 40
PLAIN = {
    "model": Model.STANDARD, "options": Options(), "hold": None, "stop": True, "back": None,
    "deadline": None,
}  # fmt: skip


def _end(run: Publication) -> str:
    failed = next((step.reason for step in run.steps if step.state == "failed"), None)
    tried = "tried again, " if run.retries else ""
    return f"{run.plan.model}: {tried}{run.state} {failed or run.reason or ''}".strip()


class Rules(Weather, RuleBasedStateMachine):
    """The machine with all rules. `ends` are the ends that were seen, `counted` the months of those
    that count in one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ends: dict[str, tuple[int, str, datetime | None]] = {}
        self.counted: dict[str, str] = {}
        self.last_count: datetime | None = None
        self.bakes: dict[str, datetime] = {}
        self.lawful: set[str] = set()
        self.reader = judge.Reader()

    def minutes(self, number: int) -> timedelta:
        return timedelta(minutes=number)

    def run(self, identity: str) -> Publication:
        return next(run for run in self.runs() if run.id == identity)

    @initialize(limit=LIMITS, faults=WEATHER, before=st.booleans(), wish=st.none() | WISHES)
    def opens(self, limit, faults, before, wish):
        """Open on some day; often one is published already, and somebody publishes at once."""
        self.begin()
        self.latest = self.back_at = self.time()
        self.limit = limit
        self.do(self._limit())
        if before:
            self.somebody_publishes(PLAIN, ahead=1)
            self.all_end()
        self.world.provider.faults = faults
        if wish is not None:
            self.somebody_publishes(wish, ahead=1)

    async def _limit(self) -> None:
        values = {"monthly_reconnections": self.limit}
        async with self.world.engine.begin() as connection:
            await connection.execute(update(schema.environment).values(values))

    def look(self, seconds: float) -> None:
        super().look(seconds)
        self.latest = max(self.latest, self.time())
        self.counts()
        self.sessions_end_lawfully()

    def sessions_end_lawfully(self) -> None:
        """Check at every look: the next one may ask others, and what was lawful no longer shows."""
        by_id = {run.id: run for run in self.runs()}
        judge.only_these_end_sessions(by_id, self.cloud(), self.lawful, latest=self.latest)

    def used_up(self) -> bool:
        """Return whether the month is used up by our own count, whatever the product says."""
        return self.used(self._month(self.time())) >= self.limit

    def used(self, month: str) -> int:
        return sum(it == month for it in self._in_months(self.runs()).values())

    def _in_months(self, runs: list[Publication]) -> dict[str, str]:
        """Return the months without what ended before anybody was asked: that cost nothing."""
        free = {run.id for run in runs if run.ended and run.asked_at is None}
        return {id_: month for id_, month in self.counted.items() if id_ not in free}

    def _month(self, now: datetime) -> str:
        """Return the month; a clock that was put back does not bring an old one back."""
        after = max(now, self.last_count or now)
        return f"{after.astimezone(ZoneInfo(ZONE)):%Y-%m}"

    def counts(self) -> None:
        """Count each that asks, in the month in which it was accepted or began to ask."""
        for run in self.runs():
            free = run.ended and run.asked_at is None
            begun = run.state != "scheduled" and run.plan.model == Model.RECONNECT
            if free or (run.asked_at is None and not begun):
                self.counted.pop(run.id, None)
            elif run.id not in self.counted:
                self.counted[run.id] = self._month(self.time())
                self.last_count = max(self.time(), self.last_count or self.time())

    @invariant()
    def the_rules_hold(self) -> None:
        TALLY.steps += 1
        self.counts()
        runs, snapshot, cloud = self.runs(), self.snapshot(), self.cloud()
        for run in runs:
            judge.is_possible(run)
        self.one_at_a_time(runs)
        self.ends_stay(runs)
        self.numbers_only_go_on(runs, snapshot.environment.current_version)
        self.bakes_last(runs)
        self.the_feed_tells_all(runs, snapshot)
        self.the_month_keeps_its_limit(runs)
        due = [run.scheduled_for for run in runs if run.state == "scheduled" and run.scheduled_for]
        assert snapshot.environment.next_publication == min(due, default=None)
        judge.versions_are_the_published(runs, cloud, snapshot)
        judge.images_are_its_own_or_the_earlier(runs, cloud)
        self.sessions_end_lawfully()
        self.nothing_is_done_twice(cloud)
        self.says_what_it_saw(runs, cloud)

    def one_at_a_time(self, runs: list[Publication]) -> None:
        open_ = [run for run in runs if not run.ended and run.state != "scheduled"]
        assert len(open_) <= 1, open_

    def ends_stay(self, runs: list[Publication]) -> None:
        """Check that what has ended stays so until it is tried again; promises are kept."""
        for run in runs:
            if not run.ended:
                before = self.ends.get(run.id)
                assert before is None or before[0] < run.retries, f"{run} had ended: {before}"
                continue
            end = run.retries, run.state, run.ended_at
            before = self.ends.setdefault(run.id, end)
            assert before == end or before[0] < run.retries, (before, end)
            self.ends[run.id] = end
            if (run.id, run.retries) in self.promised:
                assert run.state in ("cancelled", "failed"), run

    def numbers_only_go_on(self, runs: list[Publication], current: int | None) -> None:
        """Demand that no number with an image is given twice, and none left out for nothing."""
        taken = sorted(run.version for run in runs if run.image)
        assert taken == list(range(self.first + 1, self.first + 1 + len(taken))), taken
        published = [run.version for run in runs if run.state == "succeeded"]
        assert current == max(published, default=self.first)
        for run in runs:
            if run.state == "scheduled":
                assert (run.version, run.replaces) == (self.first + len(taken) + 1, current), run

    def bakes_last(self, runs: list[Publication]) -> None:
        """Check that a hold's time is never cut short, whoever dies and whatever the clock does."""
        for run in runs:
            if run.waiting_for == "bake":
                assert run.waits_until, run
                assert self.bakes.setdefault(f"{run.id}:{run.retries}", run.waits_until)
            elif run.hold_passed_by == "":
                until = self.bakes.get(f"{run.id}:{run.retries}")
                assert until is None or until <= max(self.latest, self.time()), run
                TALLY.count("a bake passed")

    def the_feed_tells_all(self, runs: list[Publication], snapshot) -> None:
        while rows := self.do(self._after(self.reader.position)):
            self.reader.reads(rows)
        self.reader.knows(runs, snapshot)

    async def _after(self, position: int):
        async with self.world.engine.connect() as connection:
            return await events.after(connection, position, PAGE)

    def the_month_keeps_its_limit(self, runs: list[Publication]) -> None:
        """Check that the month keeps its limit, by its own count and by ours."""
        months = list(self._in_months(runs).values())
        assert all(months.count(month) <= self.limit for month in months), self.counted
        found = self.do(self._allowance())
        assert found is not None
        assert found.used == self.used(self._month(self.time())) <= found.limit

    async def _allowance(self):
        async with self.world.engine.connect() as connection:
            return await allowance.allowance(connection, STAGING, self.time())

    def nothing_is_done_twice(self, cloud) -> None:
        doubled = [it for it in cloud.effects.values() if it.count > 1]
        assert not doubled, doubled

    def says_what_it_saw(self, runs: list[Publication], cloud) -> None:
        for run in runs:
            if not run.ended and judge.blocks(run) and judge.new_sessions_are_blocked(run, cloud):
                TALLY.count("new sessions blocked")
            seen = {
                "a hold waits for a person": run.waiting_for == "go-on",
                "a hold bakes": run.waiting_for == "bake",
                "users asked": run.asked_at is not None,
                "users asked at a deadline": run.asked_at is not None
                and run.plan.model == Model.KEEP,
                "nobody asked at a deadline": run.deadline_refused is not None,
                "sessions ended": run.sessions_ended > 0,
                "an instance failed and the others went on": run.instances_failed
                and step_of(run, StepName.REPLACEMENT).reason == "instances-failed",
            }
            for what in (it for it, held in seen.items() if held):
                TALLY.count(what)

    def everything_ends(self) -> None:
        """Check that everything ends with a mended cloud and clock and somebody who says go on; and
        that nothing is blocked.
        """
        self.world.provider.faults = Faults()
        self.time.now = max(self.latest, self.time.now)
        self.all_end()
        self.the_rules_hold()
        TALLY.ends.update(_end(run) for run in self.runs())
        assert all(
            instance.facts.status != "blocked" for instance in self.cloud().instances.values()
        )

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                self.everything_ends()
        finally:
            self.close()
