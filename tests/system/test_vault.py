"""A command that says passwords: started as it was written, and never trusted."""

import asyncio
import logging
import os
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autosky_desktop.domain.secrets import VaultFailed, VaultFailure
from autosky_desktop.system.connect import vault
from tests.support.person import Person

MARKER = "M4rker-of-the-vault"
HOSTILE = [
    "", " ", "-oProxyCommand=evil", "@file", "../other", "a/../b", "a..b", ".hidden", "/etc/passwd",
    "a/b", "a\nb", "a\0b", "a\x1b[2J", "a\u202eb", "a\u200bb", "%COMSPEC%", 'a"b', "a&calc", "a|b",
    "a^b", "a<b", "a'b", "a;b", "a`b", "{account}", "a" * 257,
    "a" + "\u0301" * 256,
]  # fmt: skip


def program(code: str, *words: str) -> tuple[str, ...]:
    return (sys.executable, "-S", "-c", code, *words)


async def ask(*command: str, seconds: float = 20, **names: str) -> str:
    said = {"server": "WEB-01", "environment": "ERP Production", "account": "ERP\\ana", **names}
    with await vault.ask(command, **said, seconds=seconds) as secret:  # type: ignore[arg-type]
        return secret.reveal().decode()


async def why(*command: str, seconds: float = 20, **names: str) -> VaultFailed:
    with pytest.raises(VaultFailed) as failed:
        await ask(*command, seconds=seconds, **names)
    told = "".join(traceback.format_exception(failed.value)) + repr(failed.value)
    assert MARKER not in told
    return failed.value


async def test_the_first_line_is_the_password(qloop: object) -> None:
    code = "import sys; sys.stdout.buffer.write('p%w ñ\\r\\nuser: ana\\n'.encode())"
    assert await ask(*program(code)) == "p%w ñ"
    assert await ask(*program("print(' kept ', end='')")) == " kept "


@pytest.mark.parametrize("name", ["ju\u0308rgen", "प्रिया", "สมศักดิ์", "Ana (DBA)"])
async def test_a_name_in_any_script_is_handed_over(qloop: object, name: str) -> None:
    code = "import sys; sys.stdout.buffer.write(sys.argv[1].encode())"
    assert await ask(*program(code, "{account}"), account=name) == name


async def test_each_name_is_one_word_wherever_it_stands(qloop: object) -> None:
    words = ("{server}", "kv/{environment}/{account}", "{server}{server}", "{other}", "$HOME *")
    said = await ask(*program("import sys; print(sys.argv[1:])", *words))
    expected = ["WEB-01", "kv/ERP Production/ERP\\ana", "WEB-01WEB-01", "{other}", "$HOME *"]
    assert said == repr(expected)


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_name_starts_nothing(qloop: object, tmp_path: Path, name: str) -> None:
    started = tmp_path / "started"
    code = f"open({str(started)!r}, 'w')"
    for which in ("server", "environment", "account"):
        failed = await why(*program(code, f"{{{which}}}"), **{which: name})
        assert failed.why is VaultFailure.HOSTILE
    assert not there(started)


@given(st.text(max_size=300))
def test_whatever_is_let_through_is_one_harmless_word(name: str) -> None:
    word = ""
    with suppress(VaultFailed):
        word = vault._filled("--of={server}", {"server": name})
    if word:
        assert word == f"--of={name}"
        assert not set(name) & set("/\0\r\n\t\"'%&|<>^;`!*?~#{}[]=:")
        assert name[0] not in "-.@ "
        assert name.isprintable()


async def test_each_failure_has_its_word(qloop: object, tmp_path: Path) -> None:
    assert (await why("/nowhere/op")).why is VaultFailure.MISSING
    assert (await why(str(tmp_path))).why is VaultFailure.MISSING
    assert (await why()).why is VaultFailure.MISSING
    assert (await why("op\0")).why is VaultFailure.MISSING
    failed = await why(*program(f"import sys; print('{MARKER}'); sys.exit(3)"))
    assert (failed.why, failed.code) == (VaultFailure.FAILED, 3)
    assert (await why(*program(""))).why is VaultFailure.EMPTY
    assert (await why(*program(f"print(); print('{MARKER}')"))).why is VaultFailure.EMPTY
    strange = f"import sys; sys.stdout.buffer.write(b'\\xff{MARKER}')"
    assert (await why(*program(strange))).why is VaultFailure.UNREADABLE


async def test_it_reads_nothing_and_its_complaints_are_not_logged(
    qloop: object, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    code = f"import sys; sys.stderr.write('{MARKER}' * 100_000); print(repr(sys.stdin.read()))"
    assert await ask(*program(code)) == "''"
    assert MARKER not in caplog.text
    assert MARKER not in "".join(capfd.readouterr())


async def test_one_that_says_too_much_is_ended(qloop: object) -> None:
    flood = f"import sys\nwhile True: sys.stdout.write('{MARKER}' * 1000)"
    assert (await why(*program(flood))).why is VaultFailure.UNREADABLE


async def test_one_that_takes_too_long_is_ended_with_all_it_started(
    qloop: object, tmp_path: Path
) -> None:
    file = tmp_path / "pids"
    code = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen(['sleep', '300'])\n"
        f"open({str(file)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "time.sleep(300)"
    )
    asked = asyncio.create_task(why(*program(code), seconds=2))
    pids = [int(pid) for pid in await Person().until(lambda: written(file), "the programs")]
    assert (await asked).why is VaultFailure.TIMED_OUT
    await Person().until(lambda: not any(map(running, pids)), "their end")


async def test_a_wait_that_is_given_up_ends_it(qloop: object, tmp_path: Path) -> None:
    file = tmp_path / "pids"
    code = f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep(300)"
    asked = asyncio.create_task(ask(*program(code)))
    pids = [int(pid) for pid in await Person().until(lambda: written(file), "the program")]
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await Person().until(lambda: not any(map(running, pids)), "its end")


async def test_what_it_leaves_running_elsewhere_does_not_hold_us(qloop: object) -> None:
    code = (
        "import subprocess\n"
        "subprocess.Popen(['sleep', '5'], start_new_session=True)\n"
        "print('secret')"
    )
    begun = time.monotonic()
    assert (await why(*program(code), seconds=1)).why is VaultFailure.TIMED_OUT
    assert time.monotonic() - begun < 4


@given(st.lists(st.text(st.characters(exclude_characters="\0")), max_size=6))
def test_what_is_typed_is_what_is_shown(words: list[str]) -> None:
    assert vault.words(vault.text(words)) == tuple(words)


def test_a_command_is_split_as_in_a_shell_that_changes_nothing() -> None:
    typed = """op read "op://ERP Prod/{server}/password" --no-newline '$HOME' # ;"""
    words = ("op", "read", "op://ERP Prod/{server}/password", "--no-newline", "$HOME", "#", ";")
    assert vault.words(typed) == words
    assert vault.words("  ") == ()
    with pytest.raises(ValueError, match="quotation"):
        vault.words('op "read')


def there(file: Path) -> bool:
    return file.exists()


def written(file: Path) -> list[str]:
    return file.read_text().split() if there(file) else []


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()


@pytest.mark.parametrize(
    ("typed", "unknown"),
    [
        ("pass show {server}/{account}", ""),
        ("pass show kv/{server}/{user}", "{user}"),
        ("op read {Server} {environment-name}", "{Server}"),
        ("awk '{print $1}' {}", ""),
    ],
)
def test_what_only_looks_like_a_placeholder_is_found(typed: str, unknown: str) -> None:
    assert vault.unknown(vault.words(typed)) == unknown
