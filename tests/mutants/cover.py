"""A plugin for pytest that writes down which tests run which lines, and how long each takes.

    python -m pytest -p tests.mutants.cover

A file for every process goes to the folder that COVER_FOLDER names. The Python programs that a test
starts are looked into where the folder `CHILD` is in PYTHONPATH.
"""

import json
import os
import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Lock

import coverage
import pytest
from coverage.exceptions import CoverageWarning, DataError

FOLDER = "COVER_FOLDER"
TEST = "COVER_TEST"
CHILD = Path(__file__).with_name("child")


def recorded(file: Path, *, test: str | None = None) -> coverage.Coverage:
    """Return a measurement; with a `test`, all that is run is this one's, and each process has a
    file of its own.
    """
    return coverage.Coverage(
        data_file=str(file),
        data_suffix=test is not None,
        auto_data=test is not None,
        config_file=False,
        context=test,
        source_pkgs=["autosky_desktop"],
        concurrency=["thread", "greenlet"],
    )


class Recorder:
    """A recorder that tells the tests of one process apart. Those that fail are left out."""

    def __init__(self, folder: Path, name: str) -> None:
        self._times = folder / f"{name}.json"
        self._seconds: dict[str, float] = {}
        self._failed: set[str] = set()
        self._coverage = recorded(folder / f"{name}.lines")
        self._coverage.start()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        os.environ[TEST] = item.nodeid
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        took = self._seconds.get(report.nodeid, 0.0)
        self._seconds[report.nodeid] = took + report.duration
        if report.outcome != "passed":
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        with warnings.catch_warnings(action="ignore", category=CoverageWarning):
            self._coverage.save()  # tests of programs may run no line here
        good = {name: took for name, took in self._seconds.items() if name not in self._failed}
        self._times.write_text(json.dumps(good), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker or not config.getoption("numprocesses", None):
        config.pluginmanager.register(Recorder(Path(os.environ[FOLDER]), worker or "alone"))


class Map:
    """The map that the plugin wrote in a folder, of the tree at `root`."""

    def __init__(self, folder: Path, root: Path) -> None:
        self._root = root
        self._lock = Lock()
        self._lines: dict[str, dict[int, set[str]]] = {}
        self._data = list(filter(None, map(_readable, folder.glob("*.lines*"))))
        self.seconds: dict[str, float] = {}
        for file in folder.glob("*.json"):
            self.seconds.update(json.loads(file.read_text("utf-8")))

    def tests_of(self, path: str, lines: Iterable[int] | None = None) -> list[str]:
        """Return the tests that run one of the lines, or any of the file; the quickest first."""
        with self._lock:
            by_line = self._read(path)
        found: set[str] = set()
        for line in by_line if lines is None else lines:
            found |= by_line.get(line, set())
        return sorted(found, key=self._quickest)

    def tests_that_name(self, names: Iterable[str]) -> list[str]:
        """Return the tests that run a line in which one of the names stands."""
        spelled = re.compile("|".join(rf"\b{name}\b" for name in names))
        found: set[str] = set()
        for file in (self._root / "autosky_desktop").rglob("*.py"):
            texts = enumerate(file.read_text("utf-8").splitlines(), 1)
            if lines := [number for number, text in texts if spelled.search(text)]:
                found.update(self.tests_of(file.relative_to(self._root).as_posix(), lines))
        return sorted(found, key=self._quickest)

    def _read(self, path: str) -> dict[int, set[str]]:
        if path not in self._lines:
            found = self._lines[path] = {}
            for data in self._data:
                for line, tests in data.contexts_by_lineno(str(self._root / path)).items():
                    found.setdefault(line, set()).update(self.seconds.keys() & tests)
        return self._lines[path]

    def _quickest(self, test: str) -> tuple[float, str]:
        return self.seconds[test], test


def _readable(file: Path) -> coverage.CoverageData | None:
    """Return the data; None if the program was killed as it wrote them."""
    data = coverage.CoverageData(str(file))
    try:
        data.read()
    except DataError:
        return None
    return data
