"""What came from elsewhere is within what can be shown and reckoned with, or is refused."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from autosky_desktop.domain.activity import ActivityPage
from autosky_desktop.domain.bounds import EARLIEST_SHOWN, LATEST_SHOWN, MOST_ON_A_PAGE
from autosky_desktop.domain.environment import Environment, EnvironmentList
from autosky_desktop.domain.operation import Operation
from autosky_desktop.domain.publication import Publication, PublicationPage
from autosky_desktop.domain.server import Server

USUAL: dict[str, Any] = {
    "id": "erp", "name": "ERP", "label": "production", "kind": "scaling", "provider": "Test",
    "timeZone": "UTC", "runHours": 4, "revision": 1, "confirmedAt": "2026-11-24T12:00:00Z",
}  # fmt: skip
RUN: dict[str, Any] = {
    "id": "run", "version": 41, "plan": {"model": "optimized"}, "state": "running",
    "publisher": "ana", "requestedBy": "ana", "requestedAt": "2026-11-24T12:00:00Z", "steps": [],
}  # fmt: skip


def an_environment(**fields: Any) -> Environment:
    return msgspec.json.decode(json.dumps({**USUAL, **fields}), type=Environment)


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("0001-01-01T00:00:00Z", EARLIEST_SHOWN),
        ("9999-12-31T23:59:59Z", LATEST_SHOWN),
        ("9999-12-31T23:59:59-14:00", LATEST_SHOWN),
        ("0001-01-01T00:00:00+14:00", EARLIEST_SHOWN),
        ("2026-11-24T12:00:00+02:00", datetime(2026, 11, 24, 10, tzinfo=UTC)),
    ],
)
def test_a_moment_can_be_shown_everywhere_and_reckoned_with(came: str, shown: datetime) -> None:
    at = an_environment(confirmedAt=came).confirmed_at
    assert at == shown
    assert at - timedelta(days=366) < at.astimezone() < at + timedelta(days=366)


@pytest.mark.parametrize(
    ("shape", "fields"),
    [
        (Environment, {**USUAL, "confirmedAt": "2026-11-24T12:00:00"}),
        (Environment, {**USUAL, "revision": 2**63}),
        (Environment, {**USUAL, "revision": -1}),
        (Environment, {**USUAL, "id": "e" * 1_001}),
        (Publication, {**RUN, "plan": {"deadline": {
            "at": "2026-11-24T12:00:00", "reconnection": {"message": "Soon."}}}}),
        (EnvironmentList, {"environments": [], "lastEvent": -1}),
        (ActivityPage, {"entries": [], "people": ["ana"] * (MOST_ON_A_PAGE + 1)}),
        (PublicationPage, {"publications": [RUN] * (MOST_ON_A_PAGE + 1)}),
    ],
)  # fmt: skip
def test_what_cannot_be_mended_cannot_be_read(shape: type[Any], fields: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(json.dumps(fields), type=shape)


def test_nobody_writes_a_name_backwards_wherever_it_stands() -> None:
    run = msgspec.json.decode(
        json.dumps({**RUN, "publisher": "ana\u202enimda", "requestedBy": "a\x00b"}),
        type=Publication,
    )
    work = Operation(
        id="w", environment="erp", kind="provider-update", state="failed", by="\u2067eva",
        started_at=EARLIEST_SHOWN, detail="one\ntwo\u202e three",
    )  # fmt: skip
    server = Server(
        id="s", name="S", role="preparation", status="run\nning", since=EARLIEST_SHOWN,
        platform_version="1\u202e2",
    )  # fmt: skip
    assert (run.publisher, run.requested_by, work.by) == ("ana nimda", "a b", "eva")
    assert work.detail == "one\ntwo  three"
    assert (server.status, server.platform_version) == ("run ning", "1 2")
    page = ActivityPage(entries=[], people=["a\u202eb"])
    assert page.people == ["a b"]


def test_a_text_of_any_length_is_short() -> None:
    found = an_environment(name="n" * 10**6, unreachable="u" * 10**6, provider="p" * 10**6)
    assert [len(it or "") for it in (found.name, found.unreachable, found.provider)] == [
        200, 2_000, 200,
    ]  # fmt: skip


def test_a_message_of_which_nothing_can_be_shown_is_told_and_read_as_none() -> None:
    asked = {**RUN, "plan": {"reconnection": {"message": "\u202e\n"}}}
    told = msgspec.convert(asked, Publication)
    read = msgspec.json.decode(msgspec.json.encode(told), type=Publication)
    assert read.plan.reconnection is not None
    assert read.plan.reconnection.message == ""
