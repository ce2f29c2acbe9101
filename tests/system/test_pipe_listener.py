"""The listener of Windows, over a socket here: the same code hears, in a pipe there."""

import asyncio
from collections.abc import Callable, Iterator
from multiprocessing.connection import Client, Listener
from pathlib import Path

import pytest

from autosky_desktop.system import pipe_listener
from autosky_desktop.system.instance_listener import InstanceListener, SecondStart, Unanswered

LINK = SecondStart(link="autosky://environment/erp", token="t")


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "pipe")


@pytest.fixture
def listener(address: str) -> Iterator[InstanceListener]:
    first = pipe_listener.claim(address, SecondStart())
    assert first
    yield first
    first.close()


async def heard(
    listener: InstanceListener, say: Callable[[], object], many: int = 1
) -> list[SecondStart]:
    """What it hears while somebody speaks."""
    starts: asyncio.Queue[SecondStart] = asyncio.Queue()
    await listener.open(starts.put_nowait)
    await asyncio.to_thread(say)
    return [await asyncio.wait_for(starts.get(), 5) for _ in range(many)]


def test_a_second_start_is_heard_by_the_first(listener: InstanceListener, address: str) -> None:
    assert asyncio.run(heard(listener, lambda: pipe_listener.claim(address, LINK))) == [LINK]


def test_who_starts_before_the_window_is_up_is_heard_when_it_is(
    listener: InstanceListener, address: str
) -> None:
    assert pipe_listener.claim(address, LINK) is None
    assert asyncio.run(heard(listener, lambda: None)) == [LINK]


def test_after_the_first_has_closed_the_next_is_the_first(
    listener: InstanceListener, address: str
) -> None:
    listener.close()
    again = pipe_listener.claim(address, LINK)
    assert again
    again.close()


def test_nonsense_is_let_through_to_nobody(
    listener: InstanceListener, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    def speak() -> None:
        for message in (b"hello", b'{"link": 1}', b'{"run": "rm"}', b"x" * 5000):
            with Client(address) as calling:
                calling.send_bytes(message)
                with pytest.raises((EOFError, ConnectionError)):
                    calling.recv_bytes()
        pipe_listener.claim(address, LINK)

    with caplog.at_level("INFO"):
        assert asyncio.run(heard(listener, speak)) == [LINK]
    assert caplog.text.count("nothing sensible") == 4


def test_a_first_one_that_hangs_is_said_not_to_answer(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe_listener, "PATIENCE", 0.05)
    with Listener(address), pytest.raises(Unanswered):
        pipe_listener.claim(address, LINK)
