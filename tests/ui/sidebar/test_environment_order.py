"""Favourites first, then those last used where there are many, then all others by name."""

import pytest
from msgspec.structs import replace
from PySide6.QtTest import QAbstractItemModelTester

from autosky_desktop.domain.environment import Publishing
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.sidebar.environment_list import (
    ACCESSIBLE,
    BADGE,
    DESCRIPTION,
    HEADING,
    EnvironmentModel,
)
from tests.support.evening import NOW, an_environment

RUNNING = Publishing(version=42, step=3, steps=6, publisher="ana", since=NOW)


def a_list(number: int, favourites: list[str], recent: list[str]) -> EnvironmentModel:
    model = EnvironmentModel(lambda: NOW)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    model.arrange(favourites, recent)
    model.apply(Diff(added=tuple(an_environment(f"e{it}", f"Env {it}") for it in range(number))))
    return model


def shown(model: EnvironmentModel) -> list[str]:
    rows = [model.index(row) for row in range(model.rowCount())]
    return [" ".join(filter(None, (it.data(HEADING), it.data()))) for it in rows]


def test_among_many_those_last_used_come_first_newest_first(qapp: object) -> None:
    model = a_list(9, ["e8", "e4"], ["e7", "e4", "e2"])
    assert shown(model) == [
        "Favourites Env 4", "Env 8", "Last used Env 7", "Env 2",
        "All others Env 0", "Env 1", "Env 3", "Env 5", "Env 6",
    ]  # fmt: skip
    assert model.index(1).data(DESCRIPTION) == "Favourites"


def test_a_few_stand_by_name_without_headings(qapp: object) -> None:
    assert shown(a_list(3, [], ["e2"])) == ["Env 0", "Env 1", "Env 2"]
    assert shown(a_list(3, ["gone"], [])) == ["Env 0", "Env 1", "Env 2"]


def test_a_name_stands_where_it_would_without_its_accents(qapp: object) -> None:
    model = a_list(0, [], [])
    names = ("Zoo", "Łódź", "Mill", "Ärzte", "Bank")
    model.apply(Diff(added=tuple(an_environment(name, name) for name in names)))
    assert shown(model) == ["Ärzte", "Bank", "Łódź", "Mill", "Zoo"]


def test_a_favourite_changes_its_place_and_keeps_it_when_renamed(qapp: object) -> None:
    model = a_list(3, [], [])
    model.arrange(["e2"], [])
    assert shown(model) == ["Favourites Env 2", "All others Env 0", "Env 1"]
    model.apply(Diff(changed=(an_environment("e0", "Zoo"),)))
    assert shown(model) == ["Favourites Env 2", "All others Env 1", "Zoo"]
    model.search("zoo")
    assert shown(model) == ["Zoo"]
    model.apply(Diff(removed=("e0",)))
    model.search("")
    assert shown(model) == ["Favourites Env 2", "All others Env 1"]


def test_what_stops_matching_a_search_leaves_and_comes_back(qapp: object) -> None:
    model = a_list(2, [], [])
    model.search("failed")
    assert shown(model) == []
    model.apply(Diff(changed=(an_environment("e1", "Env 1", failed_version=42),)))
    assert shown(model) == ["Env 1"]
    assert model.index(0).data(ACCESSIBLE).endswith("1 needs you")
    model.apply(Diff(changed=(an_environment("e1", "Env 1"),)))
    assert shown(model) == []


@pytest.mark.parametrize(
    ("more", "badge"),
    [
        ({}, ""),
        ({"failed_version": 42}, ""),
        ({"unreachable": "No route"}, ""),
        ({"publishing": replace(RUNNING, waits_for_you=True)}, ""),
        ({"troubled": 1}, "1"),
        ({"troubled": 2, "publishing": RUNNING}, "2"),
        ({"failed_version": 42, "publishing": RUNNING}, "1"),
        ({"unreachable": "No route", "troubled": 2}, "+2"),
        ({"failed_version": 42, "troubled": 1}, "+1"),
    ],
)
def test_a_row_counts_what_its_word_does_not_tell(
    qapp: object, more: dict[str, object], badge: str
) -> None:
    model = EnvironmentModel(lambda: NOW)
    model.apply(Diff(added=(an_environment(**more),)))
    assert model.index(0).data(BADGE) == badge
