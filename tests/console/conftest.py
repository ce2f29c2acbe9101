import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import pytest

from autosky_desktop import cli
from tests.support.control_plane import TOKEN, Running, running_control_plane
from tests.support.keyring_in_memory import InMemory


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


class Computer:
    """A computer with settings and a keychain of its own, on which commands are run."""

    def __init__(self, tmp_path, capsys):
        self._tmp_path, self._capsys = tmp_path, capsys

    def __call__(self, *arguments: str) -> Written:
        try:
            code = cli.main(arguments)
        except SystemExit as ended:
            code = int(str(ended.code))
        out, beside = self._capsys.readouterr()
        return Written(code, out, beside)

    def token(self, text: str) -> Sequence[str]:
        file = self._tmp_path / text
        file.write_text(text)
        file.chmod(0o600)
        return "--token-file", str(file)

    def add(self, name: str, url: str, token: str = TOKEN) -> Written:
        return self("plane", "add", name, url, *self.token(token))

    def listed(self) -> dict[str, bool]:
        return {it["name"]: it["used"] for it in self("plane", "list", "--json").json[0]}

    def environments(self, *arguments: str) -> set[str]:
        written = self("environments", "--json", *arguments)
        assert written.code == 0, written.beside
        return {it["id"] for it in written.json[0]}


@pytest.fixture
def computer(tmp_path, capsys, monkeypatch) -> Iterator[Computer]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"{InMemory.__module__}.InMemory")
    yield Computer(tmp_path, capsys)
    InMemory.kept.clear()


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
        for prompt in ("visible_prompt_func", "hidden_prompt_func"):
            monkeypatch.setattr(f"click.termui.{prompt}", lambda _prompt: next(lines))

    return answer
