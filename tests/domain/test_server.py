"""The state machine of a server is a table, and the table has no dead ends."""

import pytest

from autosky_desktop.domain.server import MOVES, SETTLES, Power, ServerState, possible

KNOWN = [state for state in ServerState if state is not ServerState.UNKNOWN]


@pytest.mark.parametrize("state", KNOWN)
def test_every_state_has_a_way_in_and_a_way_out(state: ServerState) -> None:
    ways_out = {*MOVES, *((origin, None) for origin in SETTLES)}
    ways_in = {*MOVES.values(), *SETTLES.values()}
    assert any(origin is state for origin, _ in ways_out)
    assert state in ways_in


@pytest.mark.parametrize("state", SETTLES)
def test_nothing_is_asked_of_a_server_in_between(state: ServerState) -> None:
    assert possible(state) == frozenset()


def test_a_word_from_the_future_offers_no_moves() -> None:
    assert possible("hibernating") == frozenset()
    assert ServerState("hibernating") is ServerState.UNKNOWN


def test_a_running_server_can_be_stopped_and_restarted_but_not_started() -> None:
    assert possible("running") == {Power.STOP, Power.RESTART}
