"""Throws the dice of the simulated cloud: how long things take, their names and addresses.

Every throw follows from the state's seed and turn, so the same calls at the same moments give
the same cloud. Whoever throws hands on the state of `turned`.
"""

from datetime import timedelta
from functools import lru_cache
from random import Random

from msgspec.structs import replace

from autosky_desktop.server.providers.simulated.state import SimulatedEnvironment

Span = tuple[float, float]

BOOT: Span = (60, 110)
STOP: Span = (20, 45)
RESTART: Span = (50, 120)
IMAGE: Span = (300, 420)
MODEL: Span = (20, 40)
# Together 60 to 110 seconds from the first sign of the new instance to the last of the old one.
INSTANCE_BOOT: Span = (48, 92)
INSTANCE_STOP: Span = (12, 18)
UNHEALTHY: Span = (600, 600)
SIGN_OUT: Span = (120, 900)
SESSION: Span = (300, 2700)

NETWORKS = ("203.0.113", "198.51.100")  # RFC 5737: addresses for documentation


def dice(state: SimulatedEnvironment) -> Random:
    return Random(f"{state.seed}/{state.turn}")  # noqa: S311 - to be repeatable, not secret


def turned(state: SimulatedEnvironment) -> SimulatedEnvironment:
    return replace(state, turn=state.turn + 1)


def lasting(throw: Random, span: Span, speed: float) -> timedelta:
    return timedelta(seconds=throw.uniform(*span) / speed)


def identity(throw: Random, prefix: str) -> str:
    return f"{prefix}-{throw.getrandbits(48):012x}"


def public_address(throw: Random, state: SimulatedEnvironment) -> str:
    """Return an address that nothing in the environment has, and no server had last."""
    taken = {m.server.public_ip for m in state.machines.values()}
    taken |= {m.last_address for m in state.machines.values()}
    taken |= {it.facts.public_ip for it in state.instances.values()}
    return _free(throw, NETWORKS, taken)


def private_address(throw: Random, state: SimulatedEnvironment) -> str:
    taken = {m.server.private_ip for m in state.machines.values()}
    taken |= {it.facts.private_ip for it in state.instances.values()}
    return _free(throw, tuple(f"{state.network}.{net}" for net in (8, 9, 10)), taken)


def _free(throw: Random, networks: tuple[str, ...], taken: set[str | None]) -> str:
    return throw.choice([it for it in _addresses(networks) if it not in taken])


@lru_cache(maxsize=16)
def _addresses(networks: tuple[str, ...]) -> tuple[str, ...]:
    """List the addresses once for all servers of an environment: the first start waits for it."""
    return tuple(f"{net}.{host}" for net in networks for host in range(10, 250))
