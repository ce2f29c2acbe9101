"""The requests about publications: publish, cancel, try again, go on or back, press twice."""

from collections.abc import Awaitable, Callable

from hypothesis import strategies as st
from hypothesis.stateful import rule

from autosky_desktop.domain.plan import (
    Deadline,
    Hold,
    HoldDecision,
    Model,
    Options,
    Plan,
    PublishRequest,
    Reconnection,
    Schedule,
)
from autosky_desktop.domain.publication import Publication, StepName
from autosky_desktop.server.publications.workflow.journal import step_of
from autosky_desktop.server.refusal import Refusal
from tests.support.people import ANA
from tests.support.publishing_tally import TALLY
from tests.support.publishing_world import STAGING, Driver

RECONNECTION = Reconnection(minutes=5, message="{version} in {minutes} minutes", again_minutes=1)
MODELS = st.sampled_from([model for model in Model if model is not Model.UNKNOWN])
HOLDS = st.sampled_from(
    [None, None, None, Hold(first=1), Hold(share=50), Hold(share=50, bake_seconds=300)]
)
WISHES = st.fixed_dictionaries(
    {
        "model": MODELS,
        "hold": HOLDS,
        "options": st.builds(Options),
        "stop": st.booleans(),
        "back": st.sampled_from([None, None, None, None, 0, 1, 2, 9]),
        "deadline": st.sampled_from([None, 20, 90]),
    }
)
"""`back`: so many versions before the current one is published again; `deadline` in minutes."""

Press = Callable[[], Awaitable[Publication]]


def refused(refusal: Refusal, *codes: str) -> None:
    assert refusal.code in codes, refusal


class AuthenticatedRequest(Driver):
    """The rules of asking. `promised` are those that were told to stop, `pressed` what was
    accepted, to be repeated.
    """

    def __init__(self) -> None:
        super().__init__()
        self.promised: set[tuple[str, int]] = set()
        self.pressed: list[tuple[Press, str]] = []

    def wish(self, wish, schedule: Schedule | None = None) -> dict[str, object]:
        """Return the fields of a request."""
        model, back = wish["model"], wish["back"]
        deadline = None
        if model is Model.KEEP and wish["deadline"] is not None:
            begins = schedule.at if schedule else self.time()
            deadline = Deadline(
                at=begins + self.minutes(wish["deadline"]), reconnection=RECONNECTION
            )
        plan = Plan(
            model=model,
            hold=wish["hold"],
            options=wish["options"] if model is Model.OPTIMIZED else Options(),
            reconnection=RECONNECTION if model is Model.RECONNECT else None,
            deadline=deadline,
            stop_at_first_failure=wish["stop"],
            image_of=None if back is None else self.earlier(back),
        )
        return {"plan": plan, "schedule": schedule}

    def earlier(self, back: int) -> int:
        """Return the version so many before the current one; one that nobody made, if it has to."""
        published = sorted(run.version for run in self.runs() if run.state == "succeeded")
        return published[-1 - back] if back < len(published) else self.version() - back

    def press(self, call: Press) -> Publication:
        """Press a button twice, as somebody who did not hear the answer: nothing happens twice."""
        run = self.do(call())
        before = self.snapshot().environment.revision
        assert self.do(call()).id == run.id
        assert self.snapshot().environment.revision == before, f"{run} was done twice"
        self.pressed.append((call, run.id))
        return run

    @rule(wish=WISHES, ahead=st.sampled_from([1, 1, 1, 1, 1, 2]))
    def somebody_publishes(self, wish, ahead):
        open_, used = self.running(), self.used_up()
        asked = PublishRequest(expected_version=self.next_version() + ahead - 1, **self.wish(wish))
        key = self.key()
        try:
            run = self.press(
                lambda: self.world.publisher.publish(STAGING, asked, principal=ANA, key=key)
            )
        except Refusal as refusal:
            self._said_no(refusal, asked, open_, used=used, stale=ahead != 1)
            return
        assert open_ is None, f"two at once: {open_} and {run}"
        assert ahead == 1, f"{run} is not what was confirmed"
        assert not (used and run.plan.model == Model.RECONNECT), f"{run} beats the limit"
        self._tell(asked)

    def _said_no(self, refusal, asked, open_, *, used: bool, stale: bool) -> None:
        if refusal.code == "publication-running":
            assert open_ is not None
            TALLY.count("a second one refused")
        elif refusal.code == "version-moved":
            assert stale
            TALLY.count("publishes with a stale version")
        else:
            refused(refusal, "reason-to-wait")
            assert refusal.detail in (
                "preparation-moving",
                "image-gone",
                "allowance-none",
                "deadline-too-soon",
            )
            if refusal.detail == "allowance-none":
                assert used, refusal
                assert asked.plan.model is Model.RECONNECT
                TALLY.count("no allowance left")
            if refusal.detail == "image-gone":
                TALLY.count("an image that is gone refused")

    def _tell(self, asked: PublishRequest) -> None:
        TALLY.count("publishes")
        for given, what in (
            (asked.plan.image_of, "publishes an earlier version again"),
            (asked.plan.deadline, "publishes with a deadline"),
            (asked.plan.hold, "publishes with a hold"),
        ):
            if given is not None:
                TALLY.count(what)

    @rule()
    def somebody_cancels(self):
        if (run := self.running()) is None:
            return
        key = self.key()
        try:
            self.press(
                lambda: self.world.publication_commands.cancel(run.id, principal=ANA, key=key)
            )
        except Refusal as refusal:
            refused(refusal, "too-late-to-cancel")
            assert step_of(run, StepName.FINALIZATION).state != "pending", run
            TALLY.count("cancels too late")
        else:
            assert step_of(run, StepName.FINALIZATION).state == "pending", run
            self.promised.add((run.id, run.retries))
            TALLY.count("cancels")

    @rule(which=st.integers(0, 3))
    def somebody_tries_again(self, which):
        failed = [run for run in self.runs() if run.state == "failed"]
        runs = failed or self.runs()
        if not runs:
            return
        run, open_, used, key = runs[which % len(runs)], self.running(), self.used_up(), self.key()
        try:
            again = self.press(
                lambda: self.world.publication_commands.retry(run.id, principal=ANA, key=key)
            )
        except Refusal as refusal:
            refused(
                refusal,
                "nothing-to-retry",
                "publication-running",
                "version-moved",
                "allowance-used",
                "reason-to-wait",
            )
            self._refused_for_a_reason(refusal, run, used=used)
            return
        assert (run.state, open_) == ("failed", None)
        assert not self.impossible(run), f"{run} is not to be tried again"
        self._from_the_failed_step(run, self.run(again.id))
        assert not (used and run.plan.model == Model.RECONNECT and not run.asked_at), again
        TALLY.count("tries again")

    def impossible(self, run: Publication) -> set[str]:
        """Return why it cannot begin any more, by time alone."""
        over = run.plan.deadline is not None and run.plan.deadline.at <= self.time()
        gone = run.plan.image_of is not None and self.image_is_gone(run.plan.image_of)
        return {code for code, so in (("deadline-passed", over), ("image-gone", gone)) if so}

    def image_is_gone(self, version: int) -> bool:
        """Return whether none of those that published the version has its image still, nor one
        that replaced it knows it.
        """
        made = [run for run in self.runs() if run.version == version and run.state == "succeeded"]
        if not made:
            replaced = [run for run in self.runs() if run.replaces == version]
            return not any(run.replaced_image for run in replaced)
        return not any(run.image and not run.image_gone for run in made)

    def _refused_for_a_reason(self, refusal: Refusal, run: Publication, *, used: bool) -> None:
        assert refusal.code != "reason-to-wait" or refusal.detail in self.impossible(run), refusal
        assert refusal.code != "allowance-used" or used, refusal

    def _from_the_failed_step(self, run: Publication, again: Publication) -> None:
        assert again.retries == run.retries + 1
        assert again.version == run.version
        assert again.replaces == self.version()
        for before, step in zip(run.steps, again.steps, strict=True):
            assert step == before or before.state == "failed"
            assert before.state != "failed" or step.state == "pending"
        if any(step.anew for step in again.steps):
            TALLY.count("a step made anew")

    @rule(way=st.sampled_from([HoldDecision.ON, HoldDecision.ON, HoldDecision.BACK]))
    def somebody_says_where_to(self, way):
        self._says(way)

    @rule(looks=st.integers(1, 20))
    def somebody_waits_for_a_hold_to_go_back(self, looks):
        for _ in range(looks):
            run = self.running()
            if run is None or run.waiting_for in ("go-on", "bake"):
                break
            self.look(300)
        self._says(HoldDecision.BACK)

    def _says(self, way: HoldDecision) -> None:
        if (run := self.running()) is None:
            return
        held = run.waiting_for in ("go-on", "bake") and run.cancel_asked_by is None
        key = self.key()
        try:
            self.press(
                lambda: self.world.publication_commands.go_on(run.id, way, principal=ANA, key=key)
            )
        except Refusal as refusal:
            refused(refusal, "not-held", *(["image-gone"] if way is HoldDecision.BACK else []))
            assert not held or way is HoldDecision.BACK
            return
        assert held
        if way is HoldDecision.BACK:
            self.promised.add((run.id, run.retries))
        TALLY.count("goes back from a hold" if way is HoldDecision.BACK else "goes on from a hold")

    @rule(which=st.integers(0, 20))
    def somebody_presses_again(self, which):
        """Press again, much later: what was accepted then is the answer, and nothing happens."""
        if not self.pressed:
            return
        press, identity = self.pressed[-1 - which % len(self.pressed)]
        before = self.snapshot().environment.revision
        assert self.do(press()).id == identity
        assert self.snapshot().environment.revision == before
        TALLY.count("presses again what was accepted")
