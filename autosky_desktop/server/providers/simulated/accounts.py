"""Names the people on the instances of the simulated cloud, as companies name accounts; pure."""

from datetime import datetime

from msgspec.structs import replace

from autosky_desktop.domain.session import Session
from autosky_desktop.server.providers.simulated.state import (
    Seat,
    SimulatedEnvironment,
    SimulatedInstance,
    with_box,
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


def on(box: SimulatedInstance) -> int:
    return box.instance.sessions or 0


def occupied(
    state: SimulatedEnvironment, box: SimulatedInstance, sessions: int, *, now: datetime
) -> SimulatedEnvironment:
    """Give the instance so many sessions: the longest ones end, new ones begin now."""
    more = max(0, sessions - len(box.seats))
    first = state.seated + 1
    new = tuple(Seat(number, now) for number in range(first, first + more))
    kept = box.seats[max(0, len(box.seats) - sessions) :]
    state = replace(state, seated=state.seated + more)
    return with_box(state, _with_seats(box, kept + new))


def told(state: SimulatedEnvironment) -> list[Session]:
    """Return every session, instance by instance."""
    return [
        Session(
            id=session_id(seat),
            account=_account(state, seat.number),
            instance=box.instance.id,
            since=seat.since,
        )
        for box in sorted(state.boxes.values(), key=lambda box: box.instance.name)
        for seat in box.seats
    ]


def without(
    state: SimulatedEnvironment, box: SimulatedInstance, sessions: set[str]
) -> SimulatedEnvironment:
    """End these sessions on the instance."""
    left = tuple(seat for seat in box.seats if session_id(seat) not in sessions)
    return with_box(state, _with_seats(box, left))


def seated(state: SimulatedEnvironment, *, now: datetime) -> SimulatedEnvironment:
    """Give everybody a name: a cloud saved by an earlier version only knew how many they were."""
    for box in list(state.boxes.values()):
        if on(box) != len(box.seats):
            state = occupied(state, box, on(box), now=now)
    return state


def session_id(seat: Seat) -> str:
    return f"s-{seat.number:05}"


def _with_seats(box: SimulatedInstance, seats: tuple[Seat, ...]) -> SimulatedInstance:
    instance = replace(box.instance, sessions=len(seats))
    return replace(box, instance=instance, seats=seats, sign_outs=box.sign_outs[: len(seats)])


def _account(state: SimulatedEnvironment, number: int) -> str:
    place = (state.seed + number * STRIDE) % (len(INITIALS) * len(SURNAMES))
    initial, surname = divmod(place, len(SURNAMES))
    return f"{domain(state)}\\{INITIALS[initial]}.{SURNAMES[surname]}"
