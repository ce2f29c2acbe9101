"""Whatever a control plane says, the window lives, says what is wrong or shows it well, and is
right again as soon as the control plane is.

Each case is told what is seen of it. Nothing in them may be unforeseen: an error that only a
boundary caught would be in the log.
"""

import gzip
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from autosky_desktop.domain.bounds import MOST_ON_A_PAGE
from autosky_desktop.domain.publication import STEPS
from tests.support.desktop import At, desktop_at
from tests.support.odd_plane import (
    DB,
    ERP,
    Documents,
    OddPlane,
    answer,
    moment,
    odd_plane,
    usual,
)
from tests.support.person import Person

LONG = "x" * 1_000_000
TURNED = "\u202eana\u0007"
LAST, FIRST = "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"
NAIVE = "2026-11-24T12:00:00"
A_LIST = json.dumps(usual()["list"]).encode()
UNREAD = "answer could not be read"
NOT_SHOWN = "The environments could not be shown"
SHOWN = "ERP Production"
PROBLEM = {"type": "about:blank", "title": "No", "status": 403, "code": "none", "detail": "No."}

Case = tuple[str, Callable[[OddPlane], object], str]


def environment(**fields: Any) -> Callable[[OddPlane], None]:
    def change(documents: Documents) -> None:
        documents["list"]["environments"][0] |= fields
        documents["snapshot"]["environment"] |= fields

    return lambda plane: plane.speak(change)


def shutdown(**fields: Any) -> Callable[[OddPlane], None]:
    def change(documents: Documents) -> None:
        documents["snapshot"]["environment"]["preparation"]["shutdown"] |= fields
        documents["snapshot"]["servers"][0]["shutdown"] |= fields

    return lambda plane: plane.speak(change)


def within(document: str, records: str, /, **fields: Any) -> Callable[[OddPlane], None]:
    """The last record of that kind in a document has these fields."""
    return lambda plane: plane.speak(lambda them: them[document][records][-1].update(fields))


def whole(document: str, **fields: Any) -> Callable[[OddPlane], None]:
    return lambda plane: plane.speak(lambda them: them[document].update(fields))


def says(**answers: bytes) -> Callable[[OddPlane], None]:
    return lambda plane: plane.speak(**answers)


def feeds(*events: bytes, ends: bool = False) -> Callable[[OddPlane], None]:
    def speak(plane: OddPlane) -> None:
        plane.speak()
        plane.waits.clear()
        plane.feed, plane.feed_ends = b"".join(events), ends

    return speak


def change(kind: str, body: object, revision: int = 2, number: int = 2) -> bytes:
    told = {"kind": kind, "environment": ERP, "revision": revision, "body": body}
    return f"id: {number}\nevent: change\ndata: {json.dumps(told)}\n\n".encode()


def without(name: str) -> Callable[[OddPlane], None]:
    return lambda plane: plane.speak(lambda them: them["list"]["environments"][0].pop(name))


def many(number: int) -> Callable[[OddPlane], None]:
    def multiply(documents: Documents) -> None:
        entry = documents["activity"]["entries"][0]
        documents["activity"]["entries"] = [{**entry, "id": str(it)} for it in range(number)]

    return lambda plane: plane.speak(multiply)


THE_LIST: list[Case] = [
    ("operator-of-a-megabyte", whole("me", operator=LONG), SHOWN),
    ("control-plane-turned", whole("me", controlPlane=TURNED), SHOWN),
    ("no-id", lambda plane: plane.speak(lambda them: them["me"].pop("controlPlaneId")), UNREAD),
    ("id-is-empty", whole("me", controlPlaneId=""), UNREAD),
    ("id-is-a-path", whole("me", controlPlaneId="../../../../tmp/there"), UNREAD),
    ("id-with-a-line", whole("me", controlPlaneId="0" * 32 + "\n"), UNREAD),
    ("id-of-a-megabyte", whole("me", controlPlaneId=LONG), UNREAD),
    ("operator-is-a-number", whole("me", operator=7), UNREAD),
    ("nobody", says(me=answer(json.dumps(PROBLEM).encode(), 403)), "No."),
    ("problem-of-a-megabyte", says(
        me=answer(json.dumps(PROBLEM | {"detail": LONG, "title": LONG}).encode(), 403)), "xxx"),
    ("no-json", says(list=answer(b"<html>")), UNREAD),
    ("half", says(list=answer(b'{"environments": [')), UNREAD),
    ("bad-utf-8", says(list=answer(b'{"environments": "\xff"}')), UNREAD),
    ("brackets", says(list=answer(b"[" * 100_000)), UNREAD),
    ("packed", says(list=answer(
        gzip.compress(b" " * 9_000_000), more="Content-Encoding: gzip\r\n")), UNREAD),
    ("huge", says(list=answer(b" " * 17_000_000)), UNREAD),
    ("busy-for-ever", says(
        list=answer(b"", 429, more="Retry-After: " + "9" * 400 + "\r\n")), "too busy"),
    ("away-for-ever", says(
        me=answer(b"", 503, more="Retry-After: 99999999999\r\n")), "too busy"),
    ("a-field-is-missing", without("provider"), UNREAD),
    ("more-fields", environment(mood={"sunny": True}), SHOWN),
    ("name-is-null", environment(name=None), UNREAD),
    ("name-is-empty", environment(name=""), "Server name"),
    ("name-of-a-megabyte", environment(name=LONG), "xxx"),
    ("unknown-words", environment(label=TURNED, kind="x", provider=LONG), SHOWN),
    ("no-such-zone", environment(timeZone="Mars/Olympus"), SHOWN),
    ("zone-is-a-path", environment(timeZone="../../../etc/passwd"), SHOWN),
    ("zone-of-a-megabyte", environment(timeZone=LONG), SHOWN),
    ("stops-at-no-time", environment(dailyStop="99:99"), SHOWN),
    ("stops-at-a-word", environment(dailyStop="soon"), SHOWN),
    ("confirmed-in-year-1", environment(confirmedAt=FIRST), SHOWN),
    ("confirmed-in-year-9999", environment(confirmedAt=LAST), SHOWN),
    ("confirmed-nowhere", environment(confirmedAt=NAIVE), UNREAD),
    ("confirmed-in-40-days", environment(confirmedAt=moment(days=-40)), SHOWN),
    ("read-in-year-1", whole("list", readAt=FIRST), SHOWN),
    ("read-in-year-9999", whole("list", readAt=LAST), SHOWN),
    ("read-10-years-ago", whole("list", readAt=moment(days=3650)), SHOWN),
    ("too-many-sessions", environment(sessions=2**63, troubled=10**300), UNREAD),
    ("fewer-than-none", environment(sessions=-1, runHours=-4, currentVersion=-2), UNREAD),
    ("hours-without-end", environment(longestExtensionHours=10**9), UNREAD),
    ("hours-of-a-year", environment(longestExtensionHours=8784, runHours=8784), SHOWN),
    ("as-many-as-there-can-be", environment(sessions=2**31 - 1, troubled=2**31 - 1), SHOWN),
    ("step-99-of-3", environment(publishing={
        "version": 42, "step": 99, "steps": 3, "publisher": TURNED, "since": FIRST}), SHOWN),
    ("place-beyond-all", whole("list", lastEvent=10**30), UNREAD),
    ("twice", lambda plane: plane.speak(
        lambda them: them["list"].update(environments=2 * them["list"]["environments"])), SHOWN),
    ("none", whole("list", environments=[]), "has no environment"),
    ("name-like-a-form", environment(name="{0} %1 &amp; <b>B</b>"), "{0} %1 &amp; <b>B</b>"),
    ("half-a-letter", environment(name="\ud800"), UNREAD),
    ("hints-before", says(
        list=b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer(A_LIST)), SHOWN),
    ("of-http-1.0", says(list=b"HTTP/1.0 200 OK\r\n\r\n" + A_LIST), SHOWN),
    ("elsewhere", says(list=answer(b"", 302, more="Location: http://evil.example/\r\n")), UNREAD),
    ("unchanged", says(list=answer(b"", 304)), UNREAD),
    ("half-of-it", says(list=answer(A_LIST)[:-50]), "The control plane does not answer"),
    ("with-a-mark", says(list=answer(b"\xef\xbb\xbf" + A_LIST)), UNREAD),
    ("of-utf-16", says(list=answer(A_LIST.decode().encode("utf-16"))), UNREAD),
    ("no-number", says(list=answer(A_LIST.replace(b'"sessions": 37', b'"sessions": NaN'))), UNREAD),
]  # fmt: skip

THE_PAGE: list[Case] = [
    ("bad-utf-8", says(snapshot=answer(b'{"environment": "\xff"}')), UNREAD),
    ("oops", says(snapshot=answer(b"<h1>Oops</h1>", 500, "text/html")), UNREAD),
    ("gone", says(snapshot=answer(json.dumps(PROBLEM).encode(), 404)), "No."),
    ("busy", says(snapshot=answer(b"", 429, more="Retry-After: 9\r\n")), "too busy"),
    ("status-of-a-megabyte", within("snapshot", "servers", status=LONG), DB),
    ("address-of-a-megabyte", within("snapshot", "servers", publicIp=LONG), DB),
    ("type-of-many-lines", within("snapshot", "servers", type="a\nb" * 9_999), DB),
    ("role-unknown", within("snapshot", "servers", role="queen"), SHOWN),
    ("since-nowhere", within("snapshot", "servers", since=NAIVE), UNREAD),
    ("since-ever", within("snapshot", "servers", since=FIRST, status="starting"), DB),
    ("id-of-a-megabyte", within("snapshot", "servers", id=LONG), UNREAD),
    ("no-servers", whole("snapshot", servers=[]), SHOWN),
    ("stops-in-9999", shutdown(at=LAST, skipsTo=LAST, movedFrom=FIRST, movedBy=TURNED), DB),
    ("stopped-in-year-1", shutdown(at=FIRST, reason=LONG), DB),
    ("instances", within("snapshot", "instances", sessions=2**70, version=-1, status="?"), UNREAD),
    ("no-steps", within("snapshot", "publications", steps=[], state="running"), DB),
    ("nine-steps", within("snapshot", "publications", steps=9 * [{"name": "x"}]), DB),
    ("run-unknown", within("snapshot", "publications", model="x", state=TURNED, version=0), DB),
    ("run-in-9999", within("snapshot", "publications",
        requestedAt=LAST, startedAt=LAST, endedAt=FIRST), DB),
    ("scheduled-in-9999", within("snapshot", "publications", state="scheduled",
        scheduledFor=LAST, timeZone="Pacific/Kiritimati", startedAt=None, endedAt=None), DB),
    ("scheduled-nowhere", within("snapshot", "publications", state="scheduled",
        scheduledFor=FIRST, timeZone="Nowhere/At-All", startedAt=None, endedAt=None), DB),
    ("note-of-a-megabyte", within("snapshot", "publications",
        note=LONG, publisher=LONG, platformVersion=LONG, requestedBy=TURNED), DB),
    ("activity-in-year-1", within("snapshot", "activity", at=FIRST, endedAt=LAST), DB),
    ("activity-in-9999", within("snapshot", "activity",
        at=LAST, kind="move-shutdown", movedFrom=FIRST, movedTo=LAST), DB),
    ("activity-unknown", within("snapshot", "activity",
        kind=LONG, outcome=TURNED, detail=LONG, by=LONG, reason="?"), DB),
    ("operation-unknown", whole("snapshot", operations=[{
        "id": "o", "environment": ERP, "kind": "x", "state": "y", "by": TURNED,
        "startedAt": LAST}]), DB),
    ("more-done-than-there-is", within("snapshot", "publications",
        state="running", endedAt=None, instancesTotal=1, instancesReplaced=50,
        steps=[{"name": it.value, "state": "running", "done": 500, "total": 100,
                "startedAt": moment(hours=1)} for it in STEPS]), DB),
    ("asked-and-never-ended", within("snapshot", "publications",
        state="waiting", endedAt=None, waitingFor="users", askedAt=moment(), sessionsLeft=3), DB),
    ("held-without-a-hold", within("snapshot", "publications",
        state="waiting", endedAt=None, waitingFor="go-on", replaces=None), DB),
    ("too-many-rows", whole("snapshot", instances=30_000 * [
        {"id": "i", "name": "I", "status": "x", "version": 1}]), UNREAD),
]  # fmt: skip

OTHER_TABS: list[Case] = [
    ("history-of-a-megabyte", within(
        "history", "publications", note=LONG, model=LONG), "All models"),
    ("history-unread", says(history=answer(b"[]")), UNREAD),
    ("history-in-9999", within("history", "publications", requestedAt=LAST), "All models"),
    ("preview-unread", says(preview=answer(b"\xff")), UNREAD),
    ("preview-of-nonsense", whole("preview",
        checks=[{"code": LONG, "level": "?", "count": 2**31 - 1}],
        expectedSeconds=2e9, expectedLowSeconds=-5.0, capacityLeft=0, checkedAt=LAST,
        allowance={"limit": 0, "used": 2**31 - 1, "resetsAt": LAST}), "555555 h"),
    ("preview-beyond-all", whole("preview", expectedSeconds=1e300), UNREAD),
    ("preview-refused", says(
        preview=answer(json.dumps(PROBLEM | {"code": LONG, "at": LAST}).encode(), 409)), "No."),
    ("activity-unread", says(activity=answer(b"[]")), UNREAD),
    ("activity-of-any-length", many(MOST_ON_A_PAGE + 1), UNREAD),
    ("activity-without-end", whole("activity", next="again"), DB),
    ("people-without-end", whole("activity", people=1_000 * [TURNED, LONG[:999]]), DB),
]  # fmt: skip

THE_FEED: list[Case] = [
    ("html", says(feed=answer(b"<html>", kind="text/html")), UNREAD),
    ("refused", says(feed=answer(json.dumps(PROBLEM).encode(), 403)), "No."),
    ("busy", says(feed=answer(b"", 429, more="Retry-After: 9\r\n")), "too busy"),
    ("packed", says(feed=answer(
        gzip.compress(b"data: x\n\n"), kind="text/event-stream",
        more="Content-Encoding: gzip\r\n")), UNREAD),
    ("bad-utf-8", feeds(b"id: 2\nevent: change\ndata: \xff\n\n"), UNREAD),
    ("reset-each-time", feeds(b"id: 0\nevent: reset\ndata: {}\n\n"), UNREAD),
    ("endless-line", feeds(b"data: " + b"x" * 2_000_000), UNREAD),
    ("ends-at-once", feeds(ends=True), "Not connected since"),
    ("server-unread", feeds(change("server", {"id": 7})), UNREAD),
    ("server-of-a-megabyte", feeds(change("server", {
        "id": "new", "name": "y" * 900_000, "role": "support", "status": "?",
        "since": LAST})), "yyy"),
    ("a-gap", feeds(change("server", {}, revision=9)), UNREAD),
    ("parted-as-text-is", feeds(change("server", {
        "id": "new", "name": "N\u2028W", "role": "support", "status": "?", "since": LAST,
        }).replace(b"\\u2028", "\u2028".encode())), "Name: N W"),
    ("unknown-event", feeds(b"retry: 1\nevent: weather\ndata: x\n\n"), DB),
    ("unknown-kind", feeds(change("weather", {"sun": [1]})), DB),
    ("environment-unread", feeds(change("environment", {"id": ERP})), UNREAD),
    ("publication-without-steps", feeds(change("publication", {
        "id": "r", "version": 1, "plan": {"model": "x"}, "state": "running",
        "publisher": "a", "requestedBy": "a", "requestedAt": LAST, "steps": []})), DB),
]  # fmt: skip

PUBLISH = [case for case in OTHER_TABS if case[0].startswith(("history", "preview"))]
ACTIVITY = [case for case in OTHER_TABS if case not in PUBLISH]

CASES = [
    pytest.param(tab, *case[1:], id=f"{where}-{case[0]}")
    for where, tab, cases in [
        ("list", "servers", THE_LIST), ("page", "servers", THE_PAGE), ("feed", "servers", THE_FEED),
        ("publish", "publish", PUBLISH), ("activity", "activity", ACTIVITY),
    ]
    for case in cases
]  # fmt: skip


@pytest.mark.parametrize(("tab", "speak", "seen"), CASES)
async def test_the_window_lives_says_so_and_is_right_again(
    qloop: object,
    me: Person,
    caplog: pytest.LogCaptureFixture,
    tab: str,
    speak: Callable[[OddPlane], object],
    seen: str,
) -> None:
    async with odd_plane() as plane:
        speak(plane)
        async with desktop_at(At(plane.url, "token")) as desktop:
            desktop.window.show_tab(tab)
            if not plane.waits.is_set():
                await me.sees(f"Name: {DB}")
                plane.waits.set()
            await me.sees(seen)
            for tab in ("servers", "publish", "activity", "servers"):
                desktop.window.show_tab(tab)
                desktop.window.grab()
            assert not [it for it in caplog.records if it.levelno >= logging.ERROR]
            plane.speak()
            plane.hang_up()

            def right() -> bool:
                desktop.follow.try_now()
                if "list" not in plane.asked:
                    if "feed" in plane.asked:  # it follows the list of before
                        plane.asked.clear()
                        plane.hang_up()
                    return False
                of_this_line = plane.asked[plane.asked.index("list") :]
                if "feed" not in of_this_line:
                    return False
                details = desktop.follow._store.details(ERP)
                return desktop.follow._store.connection.live and not details.failure

            await me.until(right, "a live line")
            await me.sees(f"Server name: {DB}", DB)
            await me.sees("Live")
