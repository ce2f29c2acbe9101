"""Watchers hear of real differences, and of nothing else."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosky_desktop.store.store import Store
from autosky_desktop.store.table import Diff, Table


@dataclass(frozen=True)
class Thing:
    id: str
    state: int = 0


def watched(*things: Thing) -> tuple[Table[Thing], list[Diff[Thing]]]:
    table: Table[Thing] = Table()
    table.replace(things)
    heard: list[Diff[Thing]] = []
    table.watch(heard.append)
    heard.clear()
    return table, heard


def test_a_new_watcher_is_told_everything_that_is_known() -> None:
    table: Table[Thing] = Table()
    table.put(Thing("a"))
    heard: list[Diff[Thing]] = []
    table.watch(heard.append)
    assert heard == [Diff(added=(Thing("a"),))]


def test_the_same_truth_again_is_no_news() -> None:
    table, heard = watched(Thing("a"), Thing("b"))
    table.put(Thing("a"))
    table.replace([Thing("a"), Thing("b")])
    table.remove("c")
    assert heard == []


def test_a_watcher_that_fails_ends_neither_the_others_nor_the_writer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(_diff: Diff[Thing] | None = None) -> None:
        raise OverflowError("Python int too large to convert to C int")

    table, store = Table[Thing](), Store()
    heard: list[Diff[Thing]] = []
    told: list[bool] = []
    table.watch(lambda diff: fails(diff) if diff else None)
    table.watch(heard.append)
    store.watch(fails)
    store.watch(lambda: told.append(True))
    table.put(Thing("a"))
    store.tell()
    assert heard[-1] == Diff(added=(Thing("a"),))
    assert told == [True]
    assert caplog.text.count("failed unexpectedly") == 2


def test_nobody_is_told_after_leaving() -> None:
    table, heard = watched()
    table.unwatch(heard.append)
    table.put(Thing("a"))
    assert heard == []


things = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 2)).map(
    lambda states: [Thing(key, state) for key, state in states.items()]
)


@given(st.lists(things, min_size=1, max_size=5))
def test_whoever_adds_up_the_differences_knows_the_truth(truths: list[list[Thing]]) -> None:
    table: Table[Thing] = Table()
    mirror: dict[str, Thing] = {}

    def add_up(diff: Diff[Thing]) -> None:
        for key in diff.removed:
            del mirror[key]
        for thing in diff.changed:
            assert mirror[thing.id] != thing
            mirror[thing.id] = thing
        for thing in diff.added:
            assert thing.id not in mirror
            mirror[thing.id] = thing

    table.watch(add_up)
    for truth in truths:
        table.replace(truth)
        assert mirror == {thing.id: thing for thing in truth}
        assert len(table) == len(truth)
