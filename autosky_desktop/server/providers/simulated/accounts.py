"""Names the people on the instances of the simulated cloud, as companies name accounts; pure."""

from datetime import datetime

from msgspec.structs import replace

from autosky_desktop.domain.session import Session
from autosky_desktop.server.providers.simulated.state import (
    Seat,
    SimulatedEnvironment,
    SimulatedInstance,
    with_instance,
)

INITIALS = "abcdefghjlmnprstv"
SURNAMES = (
    "almeida", "alves", "barbosa", "batista", "borges", "campos", "cardoso", "carvalho", "castro",
    "costa", "dias", "duarte", "fernandes", "ferreira", "freitas", "garcia", "gomes", "lima",
    "lopes", "machado", "martins", "melo", "mendes", "moraes", "moreira", "nunes", "oliveira",
    "pereira", "pinto", "ramos", "ribeiro", "rocha", "santos", "silva", "souza", "teixeira",
    "vieira",
)  # fmt: skip
STRIDE = 97
"""Prime to the number of names, so that neighbours differ and none comes twice before all did."""


def domain(state: SimulatedEnvironment) -> str:
    """Return the Windows domain of the environment's accounts."""
    return "".join(word[:4] for word in state.environment.split("-")).upper()


def on(instance: SimulatedInstance) -> int:
    return instance.facts.sessions or 0


def occupied(
    state: SimulatedEnvironment, instance: SimulatedInstance, sessions: int, *, now: datetime
) -> SimulatedEnvironment:
    """Give the instance so many sessions: the longest ones end, new ones begin now."""
    more = max(0, sessions - len(instance.seats))
    first = state.seated + 1
    new = tuple(Seat(number, now) for number in range(first, first + more))
    kept = instance.seats[max(0, len(instance.seats) - sessions) :]
    state = replace(state, seated=state.seated + more)
    return with_instance(state, _with_seats(instance, kept + new))


def told(state: SimulatedEnvironment) -> list[Session]:
    """Return every session, instance by instance."""
    return [
        Session(
            id=session_id(seat),
            account=_account(state, seat.number),
            instance=instance.facts.id,
            since=seat.since,
        )
        for instance in sorted(state.instances.values(), key=lambda instance: instance.facts.name)
        for seat in instance.seats
    ]


def without(
    state: SimulatedEnvironment, instance: SimulatedInstance, sessions: set[str]
) -> SimulatedEnvironment:
    """End these sessions on the instance."""
    left = tuple(seat for seat in instance.seats if session_id(seat) not in sessions)
    return with_instance(state, _with_seats(instance, left))


def seated(state: SimulatedEnvironment, *, now: datetime) -> SimulatedEnvironment:
    """Give everybody a name: a cloud saved by an earlier version only knew how many they were."""
    for instance in list(state.instances.values()):
        if on(instance) != len(instance.seats):
            state = occupied(state, instance, on(instance), now=now)
    return state


def session_id(seat: Seat) -> str:
    return f"s-{seat.number:05}"


def _with_seats(instance: SimulatedInstance, seats: tuple[Seat, ...]) -> SimulatedInstance:
    facts = replace(instance.facts, sessions=len(seats))
    return replace(instance, facts=facts, seats=seats, sign_outs=instance.sign_outs[: len(seats)])


def _account(state: SimulatedEnvironment, number: int) -> str:
    place = (state.seed + number * STRIDE) % (len(INITIALS) * len(SURNAMES))
    initial, surname = divmod(place, len(SURNAMES))
    return f"{domain(state)}\\{INITIALS[initial]}.{SURNAMES[surname]}"
