"""What a cloud's library raises or answers, whatever it is, ends as something that is expected."""

import asyncio
import socket
import ssl
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import force_setattr

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.server import Server
from autosky_desktop.server.db.errors import StorageFull
from autosky_desktop.server.providers.checked_provider import checked
from autosky_desktop.server.providers.provider import (
    ImageProgress,
    Member,
    Observed,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
)
from autosky_desktop.words.provider import NO_ANSWER, UNFORESEEN

AT = datetime(2026, 12, 1, tzinfo=UTC)


class Cloud:
    """Whatever it is asked, it raises or answers the same."""

    def __init__(self, comes: Any) -> None:
        self.comes = comes

    async def _answer(self, *_: object, **__: object) -> Any:
        if isinstance(self.comes, BaseException):
            raise self.comes
        return self.comes

    read = power = image = members = retire_instance = create_image = end_sessions = _answer


def asked(comes: Any, call: str = "read") -> Any:
    provider = checked(Cloud(comes))  # type: ignore[arg-type]
    return asyncio.run(getattr(provider, call)("erp"))


def refused(comes: Any, call: str = "read") -> ProviderError:
    with pytest.raises(ProviderError) as raised:
        asked(comes, call)
    return raised.value


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (TimeoutError(), NO_ANSWER),
        (TimeoutError("read"), NO_ANSWER),
        (socket.gaierror(-2, "Name or service not known"), "Name or service not known"),
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
        (ConnectionResetError(), "ConnectionResetError"),
        (OSError(101, "Network is unreachable"), "Network is unreachable"),
        (ssl.SSLError(1, "wrong version number"), "wrong version number"),
        (asyncio.IncompleteReadError(b"HTTP", 12), "4 bytes read on a total of 12"),
    ],
    ids=repr,
)
def test_an_error_of_the_line_is_one_after_which_it_is_asked_again(error, sentence):
    for call in ("read", "power"):
        told = refused(error, call)
        assert isinstance(told, ProviderBusy)
        assert sentence in told.detail


@pytest.mark.parametrize(
    "error", [KeyError("State"), RecursionError(), UnicodeError("x"), SystemExit(3)], ids=repr
)
def test_an_error_that_nobody_foresaw_is_no_line_that_was_cut(error):
    told = refused(error)
    assert isinstance(told, ProviderRefused)
    assert told.detail == UNFORESEEN


def test_what_the_storage_has_against_it_stays_the_storages():
    with pytest.raises(StorageFull):
        asked(StorageFull("no space"), "power")


def an_instance(**fields: Any) -> Instance:
    return Instance(
        **{"id": "i", "name": "INST-01", "status": "available", "version": 57, **fields}
    )


def a_server(**fields: Any) -> Server:
    usual = {"id": "s", "name": "PREP", "role": "preparation", "status": "running", "since": AT}
    return Server(**{**usual, **fields})


def has(*servers: Server, instances: tuple[Instance, ...] = ()) -> Observed:
    return Observed(servers=list(servers), instances=list(instances))


def undated() -> Server:
    server = a_server()
    force_setattr(server, "since", datetime(2026, 12, 1))
    return server


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        (has(instances=(an_instance(sessions=-1),)), "sessions"),
        (has(instances=(an_instance(sessions=2**31),)), "sessions"),
        (has(instances=(an_instance(version=20261201121212),)), "version"),
        (has(instances=(an_instance(version=2**70),)), ""),
        (has(instances=(an_instance(status=None),)), "status"),
        (has(instances=(an_instance(), an_instance(name="INST-02"))), "two with the id i"),
        (has(a_server(), a_server(name="WEB")), "two with the id s"),
        (has(a_server(public_ip=7)), "publicIp"),
        (has(a_server(id="\ud800")), "surrogates"),
        (has(undated()), "since"),
        (None, "null"),
        ([], "array"),
    ],
)
def test_a_reading_that_could_not_be_read_again_is_refused_and_says_where(answer, names):
    told = refused(answer)
    assert isinstance(told, ProviderRefused)
    assert told.detail.startswith("The answer tells what cannot be: ")
    assert names in told.detail


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        ("members", [Member(instance=an_instance(sessions=-4))]),
        ("retire_instance", "4"),
        ("create_image", None),
        ("create_image", 7),
        ("end_sessions", "s-1"),
    ],
)
def test_other_answers_are_looked_at_as_well(call, answer):
    assert "cannot be" in refused(answer, call).detail


def test_an_odd_progress_is_the_nearest_that_can_be_and_ends_nothing():
    assert asked(ImageProgress(state="creating", percent=-1), "image").percent == 0
    assert asked(ImageProgress(state="creating", percent=250), "image").percent == 100


def test_an_answer_that_can_be_comes_as_it_is():
    answer = has(a_server(), instances=(an_instance(sessions=None), an_instance(id="j")))
    assert asked(answer) is answer
    assert asked(None, "power") is None
