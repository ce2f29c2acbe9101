"""The second start: the first hears it, also after a crash, and nonsense opens nothing."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autosky_desktop.system.instance import claim
from autosky_desktop.system.instance_listener import InstanceListener, SecondStart, Unanswered

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sockets of files")
LINK = SecondStart(link="autosky://environment/erp", token="t")


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    return tmp_path / "runtime"


def first(tmp_path: Path, runtime: Path) -> InstanceListener:
    listener = claim(tmp_path, runtime, SecondStart())
    assert listener
    return listener


async def heard(listener: InstanceListener, *messages: bytes) -> list[SecondStart]:
    """What is heard of these."""
    starts: list[SecondStart] = []
    await listener.open(starts.append)
    for message in messages:
        reader, writer = await asyncio.open_unix_connection(str(listener._place))
        writer.write(message)
        if not message.endswith(b"\n"):
            writer.write_eof()
        await reader.read()
        writer.close()
    return starts


def test_a_second_start_is_heard_by_the_first(tmp_path: Path, runtime: Path) -> None:
    listener = first(tmp_path, runtime)

    async def scene() -> list[SecondStart]:
        starts = await heard(listener)
        assert await asyncio.to_thread(claim, tmp_path, runtime, LINK) is None
        return starts

    assert asyncio.run(scene()) == [LINK]
    listener.close()


def test_who_starts_before_the_window_is_up_waits(tmp_path: Path, runtime: Path) -> None:
    listener = first(tmp_path, runtime)

    async def scene() -> list[SecondStart]:
        second = asyncio.create_task(asyncio.to_thread(claim, tmp_path, runtime, LINK))
        starts = await heard(listener)
        assert await second is None
        return starts

    assert asyncio.run(scene()) == [LINK]
    listener.close()


def test_each_data_folder_has_its_own_window(tmp_path: Path, runtime: Path) -> None:
    one, other = first(tmp_path, runtime), first(tmp_path / "other", runtime)
    one.close()
    other.close()


def test_after_the_first_has_closed_the_next_is_the_first(tmp_path: Path, runtime: Path) -> None:
    first(tmp_path, runtime).close()
    first(tmp_path, runtime).close()


def test_what_a_crash_left_behind_is_taken_over(tmp_path: Path, runtime: Path) -> None:
    script = (
        "import asyncio, os, signal, sys; from pathlib import Path;"
        "from autosky_desktop.system.instance_listener import SecondStart;"
        "from autosky_desktop.system.instance import claim;"
        "listener = claim(Path(sys.argv[1]), Path(sys.argv[2]), SecondStart());"
        "asyncio.Runner().run(listener.open(print));"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", script, tmp_path, runtime], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert list(runtime.glob("*.sock"))
    listener = first(tmp_path, runtime)

    async def scene() -> list[SecondStart]:
        starts = await heard(listener)
        assert await asyncio.to_thread(claim, tmp_path, runtime, LINK) is None
        return starts

    assert asyncio.run(scene()) == [LINK]
    listener.close()


NONSENSE = [b"", b"\n", b"hello\n", b'{"link": 1}\n', b'{"run": "rm"}\n', b"x" * 5000 + b"\n"]


def test_nonsense_is_let_through_to_nobody(tmp_path: Path, runtime: Path) -> None:
    listener = first(tmp_path, runtime)
    assert asyncio.run(heard(listener, *NONSENSE, b'{"link": "x"}\n')) == [SecondStart(link="x")]
    listener.close()


def test_a_first_one_that_hangs_is_said_not_to_answer(
    tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autosky_desktop.system.instance.TRIES", 2)
    listener = first(tmp_path, runtime)
    with pytest.raises(Unanswered):
        claim(tmp_path, runtime, LINK)
    listener.close()


def test_a_folder_that_others_may_write_is_not_used(tmp_path: Path, runtime: Path) -> None:
    runtime.mkdir()
    runtime.chmod(0o777)
    first(tmp_path, runtime).close()
    assert list(runtime.iterdir()) == []


def test_nobody_else_can_reach_the_listener(tmp_path: Path, runtime: Path) -> None:
    listener = first(tmp_path, runtime)
    assert runtime.stat().st_mode & 0o777 == 0o700
    assert listener._lock is not None
    assert os.get_inheritable(listener._lock) is False
    listener.close()


@pytest.mark.parametrize("what", ["folder", "link to elsewhere"])
def test_where_no_lock_can_be_had_everybody_is_the_first(
    tmp_path: Path, runtime: Path, what: str
) -> None:
    first(tmp_path, runtime).close()
    [lock] = runtime.glob("*.lock")
    lock.unlink()
    elsewhere = tmp_path / "elsewhere"
    if what == "folder":
        lock.mkdir()
    else:
        lock.symlink_to(elsewhere)
    assert first(tmp_path, runtime)
    assert first(tmp_path, runtime)
    assert not elsewhere.exists()
