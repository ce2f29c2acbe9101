"""The tool that finds out whether tests can fail is shown some that can and some that cannot."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.mutants import cover, run
from tests.mutants.mutations import Mutant, draw, is_another_program, of_source, of_tree
from tests.mutants.tree import Tree

ROOT = Path(__file__).parents[2]
RULE = "autosky_desktop/domain/rule.py"
LIMIT = """LIMIT = 3


def fits(number):
    return number < LIMIT


def rounds(number):
    while number > 0:
        number -= 1
    return number


def nobody_asks(number):
    return number > 5


def another_program_asks(number):
    return number > 6
"""
TESTS = """import subprocess
import sys

from autosky_desktop.domain.rule import fits, rounds


def test_two_fits():
    assert fits(2)


def test_five_does_not_fit():
    assert not fits(5)


def test_rounds_end():
    rounds(2)


def test_another_program():
    told = "from autosky_desktop.domain import rule; print(rule.another_program_asks(7))"
    assert subprocess.check_output([sys.executable, "-c", told]) == b"True\\n"
"""


def mutations(text: str) -> list[str]:
    """Return each changed line beside what it was, in the source's order."""
    found = of_source("x.py", text)
    return [m.after.strip() for m in found if is_another_program(m, text)]


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("a < b", ["a <= b"]),
        ("a >= (b)", ["a > (b)"]),
        ("(a) == b", ["(a) != b"]),
        ("a is not b", ["a is b"]),
        ("a not in b", ["a in b"]),
        ("a < b <= c", ["a <= b <= c", "a < b < c"]),
        ("a and b and c", ["a or b and c", "a and b or c"]),
        ("(a) or (b)", ["(a) and (b)"]),
        ("not a", ["a"]),
        ("a + b", ["a - b"]),
        ("a * b", ["a // b"]),
        ("'é' + a + b", ["'é' + a - b"]),
        ("f'{a < b}' + a", []),
        ("x = 15", ["x = 16"]),
        ("x = True", ["x = False"]),
        ("x = None", []),
        ("x = min(a)", ["x = max(a)"]),
        ("any(a)", ["pass", "all(a)"]),
        ("a if b else c", ["a if not (b) else c"]),
        ("[a for a in b if c]", ["[a for a in b if not (c)]"]),
        ("a.b = c", ["pass"]),
        ("a += b", ["pass"]),
        ("raise a", ["pass"]),
        ("tell(a)", ["pass"]),
        ("for a in b:\n    break", ["continue"]),
        ("def f():\n    return a", ["return None"]),
        ("def f():\n    return None", []),
        ("def f():\n    return False", ["return True"]),
        ("if a:\n    b", ["if not (a):"]),
    ],
)
def test_a_line_is_changed(text: str, changed: list[str]) -> None:
    assert Counter(mutations(text)) == Counter(changed)


@pytest.mark.parametrize(
    "text",
    [
        "import a",
        '"""Words < more words."""',
        "def f(a: list[1]) -> list[2]: ...",
        "class A(B, frozen=True): ...",
        "log.info('%s', 1)",
        "x = _('b < c and 3')",
        "def f():\n    'Words < more words, 3.'",
        "self.setFixedWidth(20)",
        "set_style(label, BODY, 1)",
        "x = Column(_time, weight=13, small=True)",
        "line.setSpacing(GAP + 4)",
        "if TYPE_CHECKING:\n    x = 1",
        "def paint(self):\n    x = 1",
        "def _paint_bar(painter):\n    x = 1",
        "x = [\n    a\n    <\n    b\n]",
    ],
)
def test_words_annotations_and_looks_are_left_alone(text: str) -> None:
    assert mutations(text) == []


def test_only_whether_something_is_added_is_changed_and_not_how_wide_it_is() -> None:
    assert mutations("line.addWidget(a, 1)") == ["pass"]


def test_the_draw_of_one_line_is_not_changed_by_others() -> None:
    one, more = "a < 3\nb > 4\nc == 5", "z = 9\na < 3\n\n\nb > 4\nc == 5"
    first = [m.key for m in draw(of_source("x.py", one), 12)]
    second = [m.key for m in draw(of_source("x.py", more), 12)]
    assert [key for key in second if key in first] == first
    assert first != [m.key for m in draw(of_source("x.py", one), 13)]


def test_every_folder_named_has_lines_to_change() -> None:
    drawn = draw(of_tree(ROOT), 12)[:400]
    assert {part for m in drawn for part in ("domain", "actions", "flows", "ui") if part in m.path}
    assert all(is_another_program(m, (ROOT / m.path).read_text("utf-8")) for m in drawn[:40])


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """Return a small program in its own folder, with a test that can fail and one that cannot."""
    files = {"autosky_desktop/__init__.py": "", RULE: LIMIT, "tests/test_rule.py": TESTS}
    # pytest loads the product's plug-in by its name, where the product is installed
    files |= {f"autosky_desktop/testing/{name}.py": "" for name in ("__init__", "plugin")}
    root = tmp_path_factory.mktemp("small") / "tree"
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return Tree(root)


@pytest.fixture(scope="module")
def known(tree: Tree) -> cover.Map:
    folder = tree.root.with_name("map")
    folder.mkdir()
    paths = os.pathsep.join(map(str, (tree.root, ROOT, cover.CHILD)))
    ended = tree.pytest(
        ["-p", "tests.mutants.cover", "tests"],
        within=60,
        environment={cover.FOLDER: str(folder), "PYTHONPATH": paths},
    )
    assert ended.code == 0, ended.said
    return cover.Map(folder, tree.root)


def mutant(tree: Tree, after: str, before: str = "") -> Mutant:
    found = of_source(RULE, tree.text(RULE))
    return next(m for m in found if m.after.strip() == after and before in m.before)


def met(tree: Tree, known: cover.Map, after: str) -> run.Result:
    changed = mutant(tree, after)
    return run.meet(changed, run.tests_for(changed, known), 0.1, tree)


def test_a_line_is_met_by_the_tests_that_run_it(tree: Tree, known: cover.Map) -> None:
    tests = run.tests_for(mutant(tree, "return number <= LIMIT"), known)
    assert {name.rpartition("::")[2] for name in tests} == {
        "test_two_fits",
        "test_five_does_not_fit",
    }


def test_what_runs_at_import_is_met_by_the_tests_of_its_name(tree: Tree, known: cover.Map) -> None:
    changed = mutant(tree, "LIMIT = 4")
    found = {name.rpartition("::")[2] for name in run.tests_for(changed, known)}
    assert found >= {"test_two_fits", "test_five_does_not_fit"}


def test_a_test_that_can_fail_kills_and_one_that_cannot_does_not(
    tree: Tree, known: cover.Map
) -> None:
    killed = met(tree, known, "return None")
    assert killed.killed
    assert "test_two_fits" in killed.how
    survivor = met(tree, known, "return number <= LIMIT")
    assert (survivor.killed, survivor.how) == (False, "2 tests pass")


def test_what_only_another_program_runs_is_met_by_the_test_that_starts_it(
    tree: Tree, known: cover.Map
) -> None:
    changed = mutant(tree, "return None", "return number > 6")
    [test] = run.tests_for(changed, known)
    assert test.endswith("::test_another_program")
    assert run.meet(changed, [test], 0.1, tree).killed


@pytest.mark.parametrize(
    ("test", "whole"),
    [
        ("tests/domain/test_plan.py::test_a[1]", True),
        ("tests/domain/test_planning.py::test_a", False),
        ("tests/server/test_plan.py::test_a", False),
    ],
)
def test_a_module_s_own_tests_are_those_of_the_file_of_its_name(test: str, whole: bool) -> None:
    assert run.is_of(test, "autosky_desktop/domain/plan.py") is whole


@pytest.mark.parametrize(
    ("test", "path", "near"),
    [
        ("tests/domain/test_mail.py::test_a", "domain/mail.py", True),
        ("tests/domain/test_plan.py::test_a", "domain/mail.py", False),
        ("tests/ui/publish/form/test_forms.py::test_a", "ui/publish/form/keeping.py", True),
        ("tests/ui/servers/test_forms.py::test_a", "ui/publish/form/keeping.py", False),
        ("tests/server/servers/test_timer.py::test_a", "server/servers/timer.py", True),
    ],
)
def test_those_that_mirror_the_module_come_first(test: str, path: str, near: bool) -> None:
    assert run.mirrors(test, f"autosky_desktop/{path}") is near


def test_a_line_that_no_test_runs_survives(tree: Tree, known: cover.Map) -> None:
    assert met(tree, known, "return number >= 5").how == "no test runs it"


def test_a_loop_without_end_is_stopped_and_counts_as_killed(
    tree: Tree, known: cover.Map, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "HUNG", 4.0)
    changed = next(m for m in of_source(RULE, LIMIT) if m.before.strip() == "number -= 1")
    endless = run.meet(changed, run.tests_for(changed, known), 0.1, tree)
    assert (endless.killed, endless.how) == (True, "hung")


def test_the_file_is_as_it_was_afterwards(tree: Tree, known: cover.Map) -> None:
    met(tree, known, "return None")
    assert tree.text(RULE) == LIMIT


def test_what_it_changed_is_not_kept_as_bytecode(tree: Tree, known: cover.Map) -> None:
    """A line as long, in the same second, would pass for the compiled one."""
    command = [sys.executable, "-c", "from autosky_desktop.domain.rule import LIMIT; print(LIMIT)"]
    with tree.changed(mutant(tree, "LIMIT = 4")):
        assert subprocess.check_output(command, cwd=tree.root, text=True).strip() == "4"
    assert subprocess.check_output(command, cwd=tree.root, text=True).strip() == "3"


def test_a_mutant_named_equivalent_is_still_in_the_code() -> None:
    lines = {
        path: {line.strip() for line in (ROOT / path).read_text("utf-8").splitlines()}
        for path, _, _ in run.equivalent()
    }
    assert [key for key in run.equivalent() if key[1] not in lines[key[0]]] == []
