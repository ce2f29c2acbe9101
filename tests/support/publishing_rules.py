"""Whatever is asked of publications, in whatever order: the rules that hold.

The real use cases, workflow steps and storage, over the simulated cloud, under a clock that only
the machine moves: a workflow stops at its next look until the machine lets time go on.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from autosky_desktop.domain.plan import Hold, Model, PublishRequest, Reconnection, Way
from autosky_desktop.domain.publication import Publication, StepName
from autosky_desktop.server.providers.simulated import Faults, ledger
from autosky_desktop.server.providers.simulated.faults import NO_SPACE
from autosky_desktop.server.usecases import allowance
from autosky_desktop.server.usecases.refusal import Refusal
from autosky_desktop.server.workflows.journal import step_of
from tests.support.publishing_world import STAGING, Driver

ANA = "ana"
RECONNECTION = Reconnection(minutes=5, message="{version} in {minutes} minutes", again_minutes=1)
FAULTS = (
    Faults(),
    Faults(unhealthy_instance=2),
    Faults(image_fails=NO_SPACE),
    Faults(busy_next=2),
    Faults(busy_next=9),
)
MOVED_OR_USED = ("version-moved", "allowance-used")
LONGEST = 200
"""Looks within which a publication ends that nothing stands in the way of."""

MODELS = st.sampled_from([model for model in Model if model is not Model.UNKNOWN])
HOLDS = st.sampled_from([None, None, Hold(first=1), Hold(share=50, bake_seconds=300)])


def refused(refusal: Refusal, *codes: str) -> None:
    assert refusal.code in codes, refusal


def _end(run: Publication) -> str:
    failed = next((step.reason for step in run.steps if step.state == "failed"), None)
    tried = "tried again, " if run.retries else ""
    return f"{run.model}: {tried}{run.state} {failed or run.reason or ''}".strip()


class Rules(Driver, RuleBasedStateMachine):
    """`ends` are the ends that were seen, `promised` those that were told to stop.

    `taken` counts the steps of all machines, `came_of` the ends of their publications.
    """

    taken = 0
    came_of: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.ends: dict[str, tuple[int, str, datetime | None]] = {}
        self.promised: set[tuple[str, int]] = set()

    @initialize()
    def opens(self):
        self.begin()

    @rule(model=MODELS, hold=HOLDS, stop=st.booleans(), again=st.booleans(), later=st.booleans())
    def somebody_publishes(self, model, hold, stop, again, later):
        open_, key = self.running(), self.key()
        asked = PublishRequest(
            expected_version=self.version() + 1,
            model=model,
            hold=hold,
            reconnection=RECONNECTION if model is Model.RECONNECT else None,
            stop_at_first_failure=stop,
            image_of=self.version() if again else None,
            schedule=self.soon() if later else None,
        )
        ask = self.world.schedules.plan if later else self.world.publisher.publish
        try:
            run = self.do(ask(STAGING, asked, operator=ANA, key=key))
        except Refusal as refusal:
            refused(refusal, "publication-running", "reason-to-wait", "allowance-used")
            return
        assert later or open_ is None, f"two at once: {open_} and {run}"
        assert self.do(ask(STAGING, asked, operator=ANA, key=key)).id == run.id

    @rule()
    def somebody_cancels(self):
        if (run := self.running()) is None:
            return
        try:
            self.do(self.world.steering.cancel(run.id, operator=ANA, key=self.key()))
        except Refusal as refusal:
            refused(refusal, "too-late-to-cancel")
            self.is_finishing(run)
        else:
            self.promised.add((run.id, run.retries))

    @rule(which=st.integers(0, 9))
    def somebody_tries_again(self, which):
        runs = self.runs()
        if not runs:
            return
        run, open_ = runs[which % len(runs)], self.running()
        try:
            again = self.do(self.world.steering.retry(run.id, operator=ANA, key=self.key()))
        except Refusal as refusal:
            refused(refusal, "nothing-to-retry", "publication-running", *MOVED_OR_USED)
            return
        assert (run.state, open_) == ("failed", None)
        assert again.retries == run.retries + 1
        assert again.version == self.version() + 1

    @rule(way=st.sampled_from(Way))
    def somebody_says_where_to(self, way):
        if (run := self.running()) is None:
            return
        held = run.waiting_for in ("go-on", "bake") and run.cancel_asked_by is None
        with suppress(Refusal):
            self.do(self.world.steering.go_on(run.id, way, operator=ANA, key=self.key()))
            assert held
            if way is Way.BACK:
                self.promised.add((run.id, run.retries))

    @rule()
    def somebody_calls_off(self):
        waiting = [run for run in self.runs() if run.state == "scheduled"]
        for run in waiting[:1]:
            off = self.do(self.world.steering.cancel(run.id, operator=ANA, key=self.key()))
            assert off.state == "cancelled"

    @rule(faults=st.sampled_from(FAULTS))
    def the_cloud_breaks_or_is_mended(self, faults):
        self.world.provider.faults = faults

    @rule(seconds=st.integers(60, 600), looks=st.integers(1, 30))
    def time_goes_on(self, seconds, looks):
        for _ in range(looks):
            self.look(seconds)

    @rule()
    def the_process_dies(self):
        self.dies()

    def is_finishing(self, run: Publication) -> None:
        assert step_of(run, StepName.FINALIZATION).state != "pending", run

    @invariant()
    def the_rules_hold(self) -> None:
        type(self).taken += 1
        runs = self.runs()
        self.one_at_a_time(runs)
        self.ends_stay(runs)
        self.numbers_only_go_on(runs)
        self.nobody_is_disturbed_who_is_to_be_kept(runs)
        self.nothing_is_done_twice()
        self.the_month_keeps_its_limit()

    def one_at_a_time(self, runs: list[Publication]) -> None:
        open_ = [run for run in runs if not run.ended and run.state != "scheduled"]
        assert len(open_) <= 1, open_

    def ends_stay(self, runs: list[Publication]) -> None:
        """What has ended stays as it ended, until it is tried again; promises are kept."""
        for run in runs:
            if not run.ended:
                continue
            end = run.retries, run.state, run.ended_at
            before = self.ends.setdefault(run.id, end)
            assert before == end or before[0] < run.retries, (before, end)
            self.ends[run.id] = end
            if (run.id, run.retries) in self.promised:
                assert run.state in ("cancelled", "failed"), run

    def numbers_only_go_on(self, runs: list[Publication]) -> None:
        published = sorted(run.version for run in runs if run.state == "succeeded")
        expected = range(self.first + 1, self.first + 1 + len(published))
        assert published == list(expected)
        assert self.version() == self.first + len(published)

    def nobody_is_disturbed_who_is_to_be_kept(self, runs: list[Publication]) -> None:
        for run in runs:
            if run.model == Model.KEEP:
                assert run.sessions_ended == 0, run

    def nothing_is_done_twice(self) -> None:
        doubled = [it for it in ledger(Path(self.home.name) / "cloud") if it.count > 1]
        assert not doubled, doubled

    def the_month_keeps_its_limit(self) -> None:
        async def read():
            async with self.world.engine.connect() as connection:
                return await allowance.allowance(connection, STAGING, self.time())

        found = self.do(read())
        assert found is None or found.used <= found.limit

    def everything_ends(self) -> None:
        """With a mended cloud and somebody who says go on, and leaves nothing blocked."""
        self.world.provider.faults = Faults()
        for _ in range(LONGEST):
            if not any(not run.ended for run in self.runs()):
                break
            self.somebody_says_where_to_on()
            self.look(120)
        open_ = [run for run in self.runs() if not run.ended]
        assert not open_, open_
        self.the_rules_hold()
        self.came_of.update(_end(run) for run in self.runs())
        assert all(i.status != "blocked" for i in self.snapshot().instances)

    def somebody_says_where_to_on(self) -> None:
        run = self.running()
        if run is not None and run.waiting_for == "go-on" and run.cancel_asked_by is None:
            self.do(self.world.steering.go_on(run.id, Way.ON, operator=ANA, key=self.key()))

    def teardown(self) -> None:
        try:
            if hasattr(self, "world"):
                self.everything_ends()
        finally:
            self.close()
