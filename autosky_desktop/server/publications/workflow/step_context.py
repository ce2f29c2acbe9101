"""Gives every step the publication it is of, its pace, and the ways it may end."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from msgspec import Struct

from autosky_desktop.domain.publication import Publication, StepState
from autosky_desktop.domain.reasons import Reason
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.providers.plugin import ProviderPace
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.providers.retry import retry
from autosky_desktop.server.publications.workflow.journal import (
    Journal,
    StepCancelled,
    StepEnding,
    step_of,
)

T = TypeVar("T")


class Pace(Struct, frozen=True):
    """The seconds between looks at something that runs, and how long a busy provider is asked.

    `speed` divides the minutes users are given and a hold's time where people are simulated.
    """

    poll: float
    pause: float
    tries: int = 10
    speed: float = 1.0

    @classmethod
    def of(cls, provider: ProviderPace) -> "Pace":
        """Return the pace for what that provider has."""
        poll, pause = provider.moving_seconds / provider.speed, 1.0 / provider.speed
        return cls(poll=max(0.02, poll), pause=max(0.02, pause), speed=provider.speed)

    def lasting(self, **units: float) -> timedelta:
        return timedelta(**units) / self.speed


class StepFailed(Exception):
    """Raised by a step that failed; `ending` is what is recorded of it."""

    def __init__(self, reason: Reason, detail: str | None = None, **fields: object) -> None:
        super().__init__(reason)
        self.ending = StepEnding(
            state=StepState.FAILED.value, reason=reason.value, detail=detail, fields=fields
        )


class StepRun(Struct, frozen=True):
    """One step of one publication; `found` is what the steps before it left for it, `tools` those
    at the pace of its environment.
    """

    environment: str
    publication: Publication
    step: str
    found: Mapping[str, str]
    tools: "StepTools"

    @property
    def key(self) -> str:
        """Return the key of the step's calls, a new one if what it made was no good."""
        anew = step_of(self.publication, self.step).anew
        return f"{self.publication.id}:{self.step}" + (f":{anew}" if anew else "")


class ProviderTools(Struct, frozen=True):
    """The tools for asking a provider, which may be busy."""

    provider: Provider
    pace: Pace
    now: Now

    async def ask(self, call: Callable[[], Awaitable[T]]) -> T:
        return await retry(call, tries=self.pace.tries, pause=self.pace.pause)


class StepTools(ProviderTools, frozen=True):
    """The tools that steps work with."""

    journal: Journal

    async def rest(self) -> None:
        await asyncio.sleep(self.pace.poll)

    async def look_again(self, publication: str) -> Publication:
        """Pause, then return the publication as it is. Raises StepCancelled."""
        await self.rest()
        _, run = await self.journal.read(publication)
        if run.cancel_asked_by is not None:
            raise StepCancelled
        return run


def skipped(reason: Reason, made: str | None = None) -> StepEnding:
    return StepEnding(state=StepState.SKIPPED.value, reason=reason.value, made=made)
