"""A change is written once, in its turn, and a gap is noticed."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from autosky_desktop.domain.activity import Activity
from autosky_desktop.domain.change import Change
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.server import Server
from autosky_desktop.flows.apply import ACTIVITY_KEPT, apply
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


def an_environment_change(revision: int, name: str) -> Change:
    body = Environment(
        id="erp", name=name, label="production", kind="scaling", provider="Test", time_zone="UTC",
        run_hours=4, revision=revision, confirmed_at=NOON,
    )  # fmt: skip
    raw = msgspec.Raw(msgspec.json.encode(body))
    return Change(kind="environment", environment="erp", revision=revision, body=raw)


def name_of(store: Store) -> str:
    environment = store.environments.get("erp")
    return environment.name if environment else ""


def test_an_environment_is_never_put_back_to_what_it_was() -> None:
    store = Store()
    apply(store, an_environment_change(7, "As it is"))
    apply(store, an_environment_change(6, "As it was"))
    assert name_of(store) == "As it is"
    apply(store, an_environment_change(8, "As it will be"), listed=True)
    assert name_of(store) == "As it is"
    apply(store, an_environment_change(8, "As it will be"))
    assert name_of(store) == "As it will be"


def test_only_the_newest_of_the_record_are_kept() -> None:
    store = a_store(0)
    for number in range(1, ACTIVITY_KEPT + 6):
        at = NOON + timedelta(seconds=number)
        entry = Activity(id=f"{number:04}", at=at, kind="start-server", outcome="done")
        raw = msgspec.Raw(msgspec.json.encode(entry))
        apply(store, Change(kind="activity", environment="erp", revision=number, body=raw))
    kept = store.details("erp").activity
    assert len(kept) == ACTIVITY_KEPT
    assert kept.get("0005") is None
    assert kept.get("0006") is not None


def an_environment(**more: object) -> Environment:
    return Environment(
        id="erp", name="ERP", label="staging", kind="scaling", provider="Demo", time_zone="UTC",
        run_hours=4, revision=5, confirmed_at=NOON, **more,
    )  # fmt: skip


@pytest.mark.parametrize(("listed", "left"), [(False, 0), (True, 1)])
def test_one_that_is_gone_is_taken_from_the_list_unless_that_is_newer(listed, left) -> None:
    store = a_store(5)
    store.environments.put(an_environment())
    assert apply(store, a_change(7, kind="environment-gone"), listed=listed)
    assert len(store.environments) == left
