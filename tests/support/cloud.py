"""The simulated cloud under a clock of the test's own."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from autosky_desktop.server.providers import demo_seed
from autosky_desktop.server.providers.plugin import ProviderPace
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.providers.registry import EnvironmentSource, OwnProvider, Placement
from autosky_desktop.server.providers.simulated import calls
from autosky_desktop.server.providers.simulated.advance import advance, next_due
from autosky_desktop.server.providers.simulated.seed import awakened, seeded
from autosky_desktop.server.providers.simulated.state import SimulatedEnvironment

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)


class KilledProcess(BaseException):
    """An end as by `kill -9` in the middle of a call: no handler of errors sees it."""


class Time:
    """A clock that stands until somebody sleeps."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **units: float) -> None:
        self.now += timedelta(**units)

    async def sleep(self, seconds: float) -> None:
        self.goes_on(seconds=seconds)


def environment(id_: str, *, churn: bool = False, speed: float = 1.0) -> SimulatedEnvironment:
    """Return a demo environment as it is in the morning."""
    found = next(each for each in demo_seed.environments() if each.id == id_)
    state = seeded(found, now=MORNING, speed=speed)
    return awakened(state, now=MORNING, speed=speed, churn=churn)


def until(
    state: SimulatedEnvironment, holds: Callable[[SimulatedEnvironment], bool]
) -> tuple[SimulatedEnvironment, datetime]:
    """Let time go on, from one due moment to the next, until it holds; returns when that was."""
    now = MORNING
    while not holds(state):
        due = next_due(state)
        assert due, "nothing will ever happen again"
        now = due
        state = advance(state, now=now)
    return state, now


def with_image(
    state: SimulatedEnvironment, *, key: str, fault: str = ""
) -> tuple[SimulatedEnvironment, str, datetime]:
    """Return the state with an image begun in the morning and ended, well or not."""
    state = calls.create_image(state, key=key, now=MORNING, fault=fault)
    image = state.keys[f"image {key}"]
    state, ended = until(state, lambda s: s.images[image].state != "creating")
    return state, image, ended


def with_model(
    state: SimulatedEnvironment, version: int
) -> tuple[SimulatedEnvironment, str, datetime]:
    key = f"v{version}"
    state, image, now = with_image(state, key=key)
    state = calls.create_model(state, image=image, version=version, key=key, now=now)
    return state, state.model, now


def source_of(provider: Provider, environments: Sequence[str]) -> EnvironmentSource:
    """Return these environments as they are followed: one provider has them all and is open."""

    async def opened() -> tuple[Provider, ProviderPace]:
        return provider, ProviderPace()

    own = OwnProvider(Placement(plugin="of the test"), ProviderPace(), opened)
    own.provider = provider
    return EnvironmentSource((own,), tuple(environments))
