"""What the console writes of texts from elsewhere."""

import os
import subprocess
import sys

import pytest

from autosky_desktop.console.main import main
from autosky_desktop.console.output import Output, marked
from autosky_desktop.words.states import StatusKind


def test_the_window_s_texts_lose_their_marks_and_keep_their_letters():
    text = marked("<b>37 sessions</b> end: R&amp;D &lt;ana&gt;.<br>Then")
    assert text.plain == "37 sessions end: R&D <ana>.\n    Then"
    assert [text.plain[it.start : it.end] for it in text.spans if it.style == "bold"] == [
        "37 sessions"
    ]


@pytest.mark.parametrize("name", ["\x1b]0;owned\x07", "a\x1b[2Jb", "\u202egnp.exe", "x\ny\r"])
def test_no_name_gives_the_terminal_an_order(capsys, name):
    output = Output(json=False)
    output.listing([name, (StatusKind.OK, name)], ("Name",), lambda it: (it,))
    output.line(name)
    output.say(name)
    out, beside = capsys.readouterr()
    for text in (out, beside):
        assert not set(text) & set("\x1b\x07\r\u202e")
    assert len(out.splitlines()) == 4


def test_a_name_like_markup_is_a_name(capsys):
    Output(json=False).listing(["[red]PREP[/red] :smile:"], ("Name",), lambda it: (it,))
    assert "[red]PREP[/red] :smile:" in capsys.readouterr().out


def test_lines_of_what_is_no_terminal_are_never_cut(capsys):
    Output(json=False).listing(["long " * 100], ("Id", "Name"), lambda it: ("1", it))
    assert len(capsys.readouterr().out.splitlines()) == 2


PORTUGUESE = {"LC_ALL": "pt_BR.UTF-8", "LANGUAGE": "pt_BR"}


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a shell does, with `autosky` in it."""
    program = f"{sys.executable} -m autosky_desktop.cli"
    return subprocess.run(
        ["bash", "-c", command.replace("autosky", program)],
        capture_output=True, text=True, errors="replace", timeout=60, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /dev/full")
def test_a_full_disk_behind_it_is_a_sentence():
    """As of pypa/pip#4170 and its like: what cannot be written ended in a traceback."""
    done = shell("autosky completion bash > /dev/full")
    assert done.returncode == 1
    assert done.stderr == "autosky: This computer could not do that: No space left on device.\n"


def test_letters_that_a_terminal_has_not_are_replaced():
    """As of Textualize/rich#68, where what a table holds ended the command."""
    done = shell("autosky --help", PYTHONIOENCODING="cp437", **PORTUGUESE)
    assert done.returncode == 0
    assert "?es de ambientes Scaling" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_what_completes_the_commands(capsys, shell):
    assert main(["completion", shell]) == 0
    assert "_AUTOSKY_COMPLETE" in capsys.readouterr().out


def test_the_completion_of_a_shell_knows_the_commands(capsys, monkeypatch):
    monkeypatch.setenv("_AUTOSKY_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "autosky pub")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        main([])
    assert set(capsys.readouterr().out.split()) == {"plain,publish", "plain,publication"}


def test_what_only_other_programs_read_is_refused_when_it_is_wrong(capsys):
    assert main(["provider", "policy", "azure"]) == 2
    assert "provider policy aws" in capsys.readouterr().err
