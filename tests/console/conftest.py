import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import pytest

from autosky_desktop import cli
from tests.support.control_plane import TOKEN, Running, running_control_plane


@dataclass(frozen=True)
class Written:
    """What a command wrote, and how it ended."""

    code: int
    out: str
    beside: str

    @property
    def json(self):
        return [msgspec.json.decode(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Console:
    """The commands, spoken to a control plane that runs."""

    running: Running
    reach: Sequence[str]
    _run: Callable[[Sequence[str]], Written]

    def __call__(self, *arguments: str) -> Written:
        return self._run([*arguments, *self.reach])


@pytest.fixture
def console(tmp_path, capsys):
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)

    def run(arguments: Sequence[str]) -> Written:
        code = cli.main(arguments)
        out, beside = capsys.readouterr()
        return Written(code, out, beside)

    with running_control_plane(tmp_path / "data") as running:
        yield Console(running, ("--url", running.url, "--token-file", str(token)), run)


@pytest.fixture
def at_a_terminal(monkeypatch):
    """Has the next answers typed: what asks believes that a person sits there."""

    def answer(*typed: str) -> None:
        lines = iter(typed)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        monkeypatch.setattr("click.termui.visible_prompt_func", lambda _prompt: next(lines))

    return answer
