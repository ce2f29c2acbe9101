"""The bar of a step lies in its row where the step lay in its publication."""

import pytest
from msgspec.structs import replace

from autosky_desktop.ui.publish.history.steps import _rows
from tests.support.evening import NOW, a_publication, ago


def test_a_step_that_is_over_has_a_bar_from_its_begin_to_its_end() -> None:
    rows = _rows(a_publication(), NOW)
    assert [row.begin for row in rows] == pytest.approx([number / 6 for number in range(6)])
    assert [row.end for row in rows] == pytest.approx([number / 6 for number in range(1, 7)])


def test_a_step_at_work_has_a_bar_until_now_and_one_to_come_has_none() -> None:
    run = a_publication("succeeded", "running", "pending", state="running", ended_at=None)
    run.steps[1] = replace(run.steps[1], ended_at=None)
    first, second, third, *_others = _rows(run, ago(3600 - 240))
    assert (first.begin, first.end) == (0.0, pytest.approx(1 / 4))
    assert (second.begin, second.end) == (pytest.approx(1 / 4), 1.0)
    assert third.begin is None
