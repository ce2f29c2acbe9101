"""A publication with a hold, driven through crashes: what is new, old and blocked meanwhile."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.plan import (
    Hold,
    HoldDecision,
    Model,
    Plan,
    PreviewRequest,
    PublishRequest,
    Reconnection,
    way_back,
)
from autosky_desktop.domain.publication import Preview, Publication
from autosky_desktop.server.providers.provider import Member
from autosky_desktop.server.providers.simulated.instances import members
from tests.support.people import ANA
from tests.support.publishing_world import STAGING, Driver

LONGEST = 300
SESSIONS = 9
"""So many that there is one instance without."""
RECONNECTION = Reconnection(minutes=2, message="{minutes} minutes", again_minutes=1)


class Holding(Driver):
    """Publishes with a hold after two of six instances."""

    def publish(
        self, model: Model, *, bake: int | None = None, stop: bool = True, **more: Any
    ) -> None:
        """Publish a version; `more` are fields of its plan."""
        plan: dict[str, Any] = {
            "model": model,
            "hold": Hold(first=2, bake_seconds=bake),
            "reconnection": RECONNECTION if model is Model.RECONNECT else None,
            "stop_at_first_failure": stop,
        }
        asked = PublishRequest(expected_version=self.next_version(), plan=Plan(**plan | more))
        publish = self.world.publisher.publish(STAGING, asked, principal=ANA, key=self.key())
        self.identity = self.do(publish).id

    @property
    def run(self) -> Publication:
        return next(run for run in self.runs() if run.id == self.identity)

    def until(self, holds: Callable[[Publication], object], seconds: float = 20) -> Publication:
        for _ in range(LONGEST):
            if holds(self.run):
                return self.run
            self.look(seconds)
        raise AssertionError(self.run)

    def held(self) -> Publication:
        return self.until(lambda run: run.waiting_for in ("go-on", "bake"))

    def go_on(self) -> None:
        self._answer(HoldDecision.ON)

    def go_back(self) -> None:
        self._answer(HoldDecision.BACK)

    def _answer(self, way: HoldDecision) -> None:
        commands, key = self.world.publication_commands, self.key()
        self.do(commands.go_on(self.identity, way, principal=ANA, key=key))

    def images(self) -> set[str]:
        """Return the images that the instances were made from."""
        return {it.image for it in self._members()}

    def one_of_another_image(self, version: int = 57) -> None:
        """Have one instance run on an image of its own, as this version."""
        provider = self.world.provider
        state = provider._now(STAGING)
        other = replace(state.models[state.model], id="lt-other", image="img-other")
        first = next(iter(state.instances.values()))
        odd = replace(first, model=other.id, facts=replace(first.facts, version=version))
        provider._keep(
            replace(
                state,
                models={**state.models, other.id: other},
                instances={**state.instances, first.facts.id: odd},
            )
        )

    def _members(self) -> list[Member]:
        return members(self.world.provider._now(STAGING))

    def cancel(self) -> None:
        cancel = self.world.publication_commands.cancel(
            self.identity, principal=ANA, key=self.key()
        )
        self.do(cancel)

    def retry(self) -> None:
        self.do(self.world.publication_commands.retry(self.identity, principal=ANA, key=self.key()))

    def of(self, run: Publication) -> Publication:
        """Return the publication as it is now."""
        return next(it for it in self.runs() if it.id == run.id)

    def would_touch(self, *, back: bool = False) -> Preview:
        """Return what is left to do, or what going back would touch, after a look at the cloud."""
        self.do(self.world.steps._poller.read(STAGING))
        plan, identity = self.run.plan, self.identity
        request = PreviewRequest(plan=plan, rest_of=identity)
        if back:
            request = PreviewRequest(plan=way_back(plan, self.run.replaces), editing=identity)
        return self.do(self.world.publisher.preview(STAGING, request))

    def sessions(self, names: Iterable[str]) -> int:
        """Count the sessions on the instances with the names."""
        return sum(it.sessions or 0 for it in self._instances() if it.name in names)

    def ended(self) -> Publication:
        return self.until(lambda run: run.ended)

    def first_gone(self) -> list[str]:
        """Return the names of those that were to go first and were not there."""
        return [name for step in self.run.steps for name in step.first_gone]

    def new(self) -> set[str]:
        """Return the names of the instances that are on the version that is published."""
        return {it.name for it in self._instances() if it.version == self.run.version}

    def old(self) -> set[str]:
        return {it.name for it in self._instances()} - self.new()

    def blocked(self) -> set[str]:
        """Return the names of those on which nobody can sign in."""
        return {it.name for it in self._instances() if it.status == "blocked"}

    def emptiest(self) -> list[str]:
        return [
            it.name for it in sorted(self._instances(), key=lambda it: (it.sessions or 0, it.name))
        ]

    def number(self, name: str) -> int:
        """Return the number of the instance, as faults count them."""
        return sorted(it.name for it in self._instances()).index(name) + 1

    def _instances(self) -> list[Instance]:
        """Return them as they are; a busy cloud would not tell."""
        return [instance.facts for instance in self.world.provider._now(STAGING).instances.values()]
