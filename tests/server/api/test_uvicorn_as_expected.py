"""What is overridden of uvicorn is there as it was: a new version of it is looked at first."""

import inspect

import pytest
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from autosky_desktop.server.api.connection_limits import LimitedConnection
from autosky_desktop.server.api.uvicorn_server import EmbeddedUvicorn

OVERRIDDEN = [
    (EmbeddedUvicorn, uvicorn.Server, "startup", ["self", "sockets"]),
    (EmbeddedUvicorn, uvicorn.Server, "main_loop", ["self"]),
    (EmbeddedUvicorn, uvicorn.Server, "shutdown", ["self", "sockets"]),
    (EmbeddedUvicorn, uvicorn.Server, "capture_signals", ["self"]),
    (LimitedConnection, H11Protocol, "connection_made", ["self", "transport"]),
    (LimitedConnection, H11Protocol, "connection_lost", ["self", "exc"]),
    (LimitedConnection, H11Protocol, "data_received", ["self", "data"]),
    (LimitedConnection, H11Protocol, "on_response_complete", ["self"]),
]


@pytest.mark.parametrize(("ours", "theirs", "name", "arguments"), OVERRIDDEN)
def test_what_is_overridden_is_there(
    ours: type, theirs: type, name: str, arguments: list[str]
) -> None:
    assert name in vars(ours)
    assert list(inspect.signature(vars(theirs)[name]).parameters) == arguments


def test_nothing_else_of_it_is_overridden() -> None:
    named = {(ours, name) for ours, _, name, _ in OVERRIDDEN} | {
        (EmbeddedUvicorn, "__init__"),
        (LimitedConnection, "__init__"),
    }
    for ours, theirs in ((EmbeddedUvicorn, uvicorn.Server), (LimitedConnection, H11Protocol)):
        inherited = {name for name in vars(ours) if hasattr(theirs, name)}
        found = {it for it in inherited if callable(getattr(theirs, it))}
        assert {(ours, it) for it in found} == {it for it in named if it[0] is ours}
