"""The mishaps of publications: a cloud that breaks, a clock that is put, a process that dies."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule
from msgspec.structs import replace

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.domain.plan import HoldDecision
from autosky_desktop.domain.publication import StepName
from autosky_desktop.domain.server import ImageState, Power
from autosky_desktop.server.providers.provider import ProviderError
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.providers.simulated.accounts import occupied, on
from autosky_desktop.server.providers.simulated.calls import preparation
from autosky_desktop.server.providers.simulated.faults import NO_SPACE
from autosky_desktop.server.providers.simulated.state import SimulatedEnvironment, with_image
from autosky_desktop.server.publications.workflow.journal import step_of
from tests.support.people import ANA
from tests.support.publishing_plans import Planning
from tests.support.publishing_tally import TALLY
from tests.support.publishing_world import STAGING

FAULTS = (
    Faults(),
    Faults(unhealthy_instance=2),
    Faults(unhealthy_instance=5),
    Faults(image_fails=NO_SPACE),
    Faults(busy_next=2),
    Faults(busy_next=9),
    Faults(busy_every=3),
    Faults(slow=15),
    Faults(sessions_unreported=True),
)
LONGEST = 200
"""Looks within which a publication ends that nothing stands in the way of."""
TURNS = st.sampled_from(
    [timedelta(minutes=7), timedelta(hours=3), timedelta(days=9), timedelta(days=33)]
)


class Weather(Planning):
    """The rules of mishaps. `latest` is the latest time that the clock has shown."""

    def cloud(self) -> SimulatedEnvironment:
        return self.world.provider._now(STAGING)

    @rule(faults=st.sampled_from(FAULTS))
    def the_cloud_breaks_or_is_mended(self, faults):
        self.world.provider.faults = faults
        TALLY.count("mends the cloud" if faults == Faults() else "breaks the cloud")

    @rule()
    def an_image_is_slow(self):
        """Slow an image once: it becomes whole all the same."""
        state = self.cloud()
        for image in state.images.values():
            later = image.ready_at + timedelta(hours=2)
            slowed = later - image.begun_at >= timedelta(hours=4)
            if image.state == ImageState.CREATING and not slowed:
                self.world.provider._keep(with_image(state, replace(image, ready_at=later)))
                TALLY.count("slows an image")
                return

    @rule(which=st.integers(0, 3))
    def an_image_is_lost(self, which):
        """Lose an image, of a past publication or one under way, as if somebody tidied up."""
        state = self.cloud()
        if state.images:
            lost = list(state.images)[-1 - which % len(state.images)]
            images = {id_: image for id_, image in state.images.items() if id_ != lost}
            self.world.provider._keep(replace(state, images=images))
            TALLY.count("loses an image")

    @rule(power=st.sampled_from(Power))
    def somebody_switches_the_preparation_server(self, power):
        server = preparation(self.cloud()).server.id
        try:
            self.do(self.world.provider.power(STAGING, server, power, key=self.key()))
            self.do(self.world.steps._poller.read(STAGING))
        except ProviderError:
            return
        TALLY.count("switches the preparation server")

    @rule(people=st.integers(1, 4))
    def people_sign_in(self, people):
        state = self.cloud()
        for _ in range(people):
            instances = list(state.instances.values())
            open_ = [
                instance
                for instance in instances
                if instance.facts.status == InstanceState.AVAILABLE
            ]
            if not open_:
                return
            emptiest = min(open_, key=on)
            state = occupied(state, emptiest, on(emptiest) + 1, now=self.time())
        self.world.provider._keep(state)
        TALLY.count("signs in")

    @rule(seconds=st.integers(30, 600), looks=st.integers(1, 30))
    def time_goes_on(self, seconds, looks):
        """Let time go on as far as the last step, where it rests only when the process died."""
        for _ in range(looks):
            self.look(seconds)
            if self.finishes():
                self.somebody_cancels()
                break
        TALLY.count("time goes on")

    @rule(by=TURNS)
    def the_clock_is_put_forward(self, by):
        self.time.now += by
        TALLY.count("puts the clock forward")
        self.look(1)

    @rule(by=TURNS)
    def the_clock_is_put_back(self, by):
        self.latest = max(self.latest, self.time.now)
        self.time.now -= by
        TALLY.count("puts the clock back")
        self.look(1)

    @rule()
    def the_process_dies(self):
        self.dies()
        self.comes_back()
        TALLY.count("dies between two looks")

    @rule(questions=st.integers(1, 12))
    def the_process_dies_in_a_call(self, questions):
        self.gate.fatal = questions
        TALLY.count("dies in a call")
        self.look(30)

    @rule(questions=st.integers(1, 4))
    def the_process_dies_at_the_last_step(self, questions):
        self.gate.fatal_at_last = questions
        TALLY.count("dies at the last step")

    @rule()
    def the_process_dies_before_a_step_is_noted(self):
        """Die when a step's end is written down, but the workflow engine does not know."""
        if (run := self.running()) is None:
            return
        self.dies()
        workflow = self.do(self.world.steps.workflow(run.id))
        if noted := self.noted.get(workflow):
            noted.pop()
            self.over.discard(workflow)
            TALLY.count("dies before it is noted")
        self.comes_back()

    @rule(minutes=st.sampled_from([5, 14, 16, 50, 300]))
    def the_process_is_away(self, minutes):
        self.dies()
        self.time.goes_on(minutes=minutes)
        self.comes_back()
        TALLY.count("is away")
        self.look(1)

    def all_end(self) -> None:
        """Let all end, one after the other."""
        open_ = [run for run in self.runs() if not run.ended]
        for _ in range(LONGEST * len(open_)):
            if not any(not run.ended for run in self.runs()):
                break
            self.somebody_says_on()
            self.look(120)
        open_ = [run for run in self.runs() if not run.ended]
        assert not open_, open_

    def somebody_says_on(self) -> None:
        run = self.running()
        if run is not None and run.waiting_for == "go-on" and run.cancel_asked_by is None:
            self.do(
                self.world.publication_commands.go_on(
                    run.id, HoldDecision.ON, principal=ANA, key=self.key()
                )
            )

    def finishes(self) -> bool:
        run = self.running()
        return run is not None and step_of(run, StepName.FINALIZATION).state != "pending"

    def comes_back(self) -> None:
        super().comes_back()
        self.back_at = self.time()
