"""A change is written once, in its turn, and a gap is noticed."""

from datetime import UTC, datetime

import msgspec
import pytest

from autosky_desktop.domain.change import Change
from autosky_desktop.domain.server import Server
from autosky_desktop.flows.apply import apply
from autosky_desktop.store.store import Store

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def a_change(revision: int, status: str = "running", kind: str = "server") -> Change:
    body = Server(id="db", name="DB", role="support", status=status, since=NOON)
    return Change(
        kind=kind,
        environment="erp",
        revision=revision,
        body=msgspec.Raw(msgspec.json.encode(body)),
    )


def a_store(revision: int | None) -> Store:
    store = Store()
    store.details("erp").revision = revision
    return store


def test_the_next_change_is_written() -> None:
    store = a_store(5)
    assert apply(store, a_change(6))
    server = store.details("erp").servers.get("db")
    assert server is not None
    assert server.status == "running"
    assert store.details("erp").revision == 6


def test_a_change_that_the_snapshot_held_already_is_passed_over() -> None:
    store = a_store(7)
    assert apply(store, a_change(6, "stopped"))
    assert store.details("erp").servers.get("db") is None


def test_a_gap_asks_for_a_snapshot_and_writes_nothing() -> None:
    store = a_store(5)
    assert not apply(store, a_change(8))
    assert store.details("erp").revision == 5
    assert len(store.details("erp").servers) == 0


def test_a_change_that_cannot_be_read_is_missed() -> None:
    store = a_store(5)
    with pytest.raises(msgspec.MsgspecError):
        apply(store, msgspec.structs.replace(a_change(6), body=msgspec.Raw(b"{}")))
    assert store.details("erp").revision == 5


def test_a_kind_from_the_future_is_counted_and_otherwise_passed_over() -> None:
    store = a_store(5)
    assert apply(store, a_change(6, kind="weather"))
    assert apply(store, a_change(7))
    assert store.details("erp").revision == 7


def test_an_environment_nobody_looked_at_costs_nothing() -> None:
    store = Store()
    assert apply(store, a_change(8))
    assert store.opened == []
