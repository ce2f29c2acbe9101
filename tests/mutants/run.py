"""Change one line at a time and see whether a test fails: `make mutants`.

    python -m tests.mutants.run [--number 200] [--first 0] [--seed 12] [--as-learned] [--tests …]

Everything happens in copies under build/mutants. The tests run once to learn which of them run
which lines, and again when a file has changed since (`--as-learned` takes the sources as they were
then). Each mutant meets the tests that run its line, those that mirror its module first, until one
fails; one that hangs is killed. Ends with 1 when too many survive.
"""

import argparse
import os
import shutil
import sys
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.cover import CHILD, FOLDER, Map
from tests.mutants.mutations import Mutant, draw, is_another_program, of_tree
from tests.mutants.tree import FAILED, Ended, Tree

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "mutants"
EQUIVALENT = Path(__file__).with_name("equivalent.toml")
BAR = 0.90

LONGEST = 60.0
"""Seconds of tests, by their own times, that one mutant meets at most besides those that mirror
its module, which it meets all."""

HUNG = 60.0
"""Seconds on top of three times what its tests take, after which a run hangs."""

NOT_HERE = ("tests/rigs", "tests/mutants", "tests/test_shape.py", "tests/test_locks.py")
"""What needs a desktop of its own, and what reads the code without running it."""

PLACE = {"PYTHONDONTWRITEBYTECODE": "1"}


@dataclass(frozen=True)
class Result:
    mutant: Mutant
    killed: bool
    how: str


def learn(tree: Tree, processes: int, *, again: bool) -> tuple[Tree, Map]:
    """Return the map of the tree and the copy that it is of."""
    folder, copy = BUILD / "map", Tree(BUILD / "learned")
    done = folder / "done"
    if not (done.exists() and (again or copy.digest() == tree.digest())):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        tree.copy(copy.root)
        print("Running the tests to learn which lines each runs…", flush=True)
        without = [word for name in NOT_HERE for word in ("--ignore", name)]
        parallel = ["--numprocesses", str(processes), "--dist", "loadfile"]
        ended = copy.pytest(
            ["-p", "tests.mutants.cover", *parallel, *without, "tests"],
            within=7200,
            environment={
                FOLDER: str(folder),
                "COVERAGE_CORE": "ctrace",
                "PYTHONPATH": os.pathsep.join(map(str, (copy.root, CHILD))),
            },
        )
        print(ended.said.rpartition("\n\n")[2].strip(), flush=True)
        done.touch()
    return copy, Map(folder, copy.root)


def tests_for(mutant: Mutant, known: Map) -> list[str]:
    """Return the tests that run the line. A line that runs at import is told by those that use its
    names, whichever of them imports it first.
    """
    tests = known.tests_of(mutant.path, [mutant.line])
    own: list[str] = []
    if mutant.names:
        tests = known.tests_that_name(mutant.names) or known.tests_of(mutant.path)
        # a default is told by tests that run no line of ours: the library makes what has it
        own = [test for test in known.seconds if is_of(test, mutant.path)]
    near = [test for test in tests if mirrors(test, mutant.path)]
    others = (test for test in tests if not mirrors(test, mutant.path))
    return list(dict.fromkeys(own + near)) + list(_within(LONGEST, others, known))


def is_of(test: str, path: str) -> bool:
    """Return whether the test stands in the file that is named for the module and no other."""
    folder, _, name = path.removeprefix("autosky_desktop/").rpartition("/")
    return test.startswith(f"tests/{folder}/test_{name[:-3]}.py::")


def mirrors(test: str, path: str) -> bool:
    """Return whether the test stands in the file, or the folder, that is named like the module."""
    folder, _, name = path.removeprefix("autosky_desktop/").rpartition("/")
    file = test.partition("::")[0]
    return file.startswith(f"tests/{folder}/") and (folder.count("/") > 0 or name[:-3] in file)


def _within(seconds: float, tests: Iterable[str], known: Map) -> Iterator[str]:
    for number, test in enumerate(tests):
        seconds -= known.seconds[test]
        if seconds < 0 and number:
            return
        yield test


def meet(mutant: Mutant, tests: list[str], seconds: float, tree: Tree) -> Result:
    if not tests:
        return Result(mutant, killed=False, how="no test runs it")
    listed = tree.root.with_suffix(".tests")
    listed.write_text("\n".join(tests), "utf-8")
    with tree.changed(mutant):
        ended = tree.pytest(["-x", f"@{listed}"], within=HUNG + 3 * seconds, environment=PLACE)
    return Result(mutant, ended.code != 0, _how(ended, len(tests)))


def _how(ended: Ended, tests: int) -> str:
    if ended.code is None:
        return "hung"
    if ended.code == 0:
        return f"{tests} tests pass"
    failed = [
        line for line in ended.said.splitlines() if line.startswith(("FAILED ", "ERROR tests"))
    ]
    return failed[0][:150] if failed and ended.code == FAILED else f"pytest ended with {ended.code}"


def equivalent() -> dict[tuple[str, str, str], str]:
    """Return the mutants that change nothing anybody could see, and why; by text, not by line."""
    with EQUIVALENT.open("rb") as file:
        rows = tomllib.load(file).get("mutant", [])
    return {(row["path"], row["before"], row["after"]): row["reason"] for row in rows}


def run(drawn: list[Mutant], known: Map | None, given: list[str], jobs: int) -> Iterator[Result]:
    sources = Tree(BUILD / "learned")
    free: SimpleQueue[Tree] = SimpleQueue()
    for number in range(jobs):
        free.put(sources.copy(BUILD / f"tree-{number}"))

    def one(mutant: Mutant) -> Result:
        tests = tests_for(mutant, known) if known else given
        seconds = sum(known.seconds[test] for test in tests) if known else LONGEST
        tree = free.get()
        try:
            return meet(mutant, tests, seconds, tree)
        finally:
            free.put(tree)

    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(one, drawn)


def show(result: Result, number: int, reason: str) -> None:
    mutant = result.mutant
    word = "killed" if result.killed else "equivalent" if reason else "SURVIVED"
    print(f"{number:4} {word:10} {mutant.path}:{mutant.line}  ({result.how})")
    if not result.killed:
        print(f"     - {mutant.before.strip()}\n     + {mutant.after.strip()}")
    if reason:
        print(f"     {reason}")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=200, help="how many are drawn")
    parser.add_argument("--first", type=int, default=0, help="how many of the draw are left out")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--as-learned", action="store_true", help="the sources of the kept map")
    parser.add_argument("--tests", nargs="+", help="meet these instead of those of the map")
    given = parser.parse_args()
    if given.tests:
        sources, known = Tree(ROOT).copy(BUILD / "learned"), None
    else:
        sources, known = learn(Tree(ROOT), given.jobs, again=given.as_learned)
    everything = draw(of_tree(sources.root), given.seed)
    real = (
        mutant for mutant in everything if is_another_program(mutant, sources.text(mutant.path))
    )
    drawn = list(islice(real, given.first, given.first + given.number))
    reasons, killed, counted = equivalent(), 0, 0
    for number, result in enumerate(run(drawn, known, given.tests, given.jobs), given.first):
        reason = "" if result.killed else reasons.get(result.mutant.key, "")
        show(result, number, reason)
        killed, counted = killed + result.killed, counted + (not reason)
    share = killed / max(1, counted)
    met = share >= BAR
    print(
        f"{len(everything)} mutants, {len(drawn)} drawn with seed {given.seed}: {killed} of the "
        f"{counted} that change behaviour are killed, {share:.1%} (bar {BAR:.0%}): "
        f"{'met' if met else 'MISSED'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
