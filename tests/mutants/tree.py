"""A copy of the sources in which one line may be changed, and pytest run over it."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutations import Mutant

PARTS = ("autosky_desktop", "tests", "resources", "packaging")
FILES = ("pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Makefile")
BOUNDED = ("/bin/sh", "-c", 'ulimit -v 8000000; exec "$@"', "sh")
"""KiB that a run may map: a loop that fills memory ends there and not with the computer's."""
FAILED = 1
"""What pytest ends with when a test has failed."""


@dataclass(frozen=True)
class Ended:
    """The end of pytest; `code` is None when it was stopped because it took too long."""

    code: int | None
    said: str


@dataclass(frozen=True)
class Tree:
    root: Path

    def digest(self) -> str:
        found = hashlib.sha256()
        for file in sorted(_sources(self.root)):
            found.update(f"{file.relative_to(self.root)}\0".encode() + file.read_bytes())
        return found.hexdigest()

    def copy(self, to: Path) -> "Tree":
        shutil.rmtree(to, ignore_errors=True)
        for file in _sources(self.root):
            new = to / file.relative_to(self.root)
            new.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, new)
        return Tree(to)

    def text(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    @contextmanager
    def changed(self, mutant: Mutant) -> Iterator[None]:
        """Yield the tree with one line changed, until the block is left."""
        file, before = self.root / mutant.path, self.text(mutant.path)
        _put(file, mutant.apply(before))
        try:
            yield
        finally:
            _put(file, before)

    def pytest(
        self, arguments: Sequence[str], *, within: float, environment: Mapping[str, str]
    ) -> Ended:
        """Run pytest here, with everything it started gone at the end."""
        said = self.root.with_suffix(".said")
        with said.open("wb") as output:
            process = subprocess.Popen(
                [*BOUNDED, sys.executable, "-m", "pytest", "--quiet", "--no-header", *arguments],
                cwd=self.root,
                env={**os.environ, "PYTHONPATH": str(self.root), **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            code: int | None = process.wait(within)
        except subprocess.TimeoutExpired:
            code = None
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return Ended(code, said.read_text("utf-8", "replace"))


def _put(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    for old in file.parent.glob(f"__pycache__/{file.stem}.*"):
        old.unlink()  # what was compiled from as many bytes in the same second would pass for it


def _sources(root: Path) -> Iterator[Path]:
    yield from (root / name for name in FILES if (root / name).exists())
    for part in PARTS:
        for file in (root / part).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file
