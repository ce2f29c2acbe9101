"""What a Windows guest answers is read strictly, and what it is told is data."""

import base64
import json
import re
from datetime import UTC, datetime

import pytest

from autosky_desktop.server.providers.guest import Completed, GuestSession
from autosky_desktop.server.providers.guests.windows import WindowsGuest
from autosky_desktop.server.providers.guests.windows_script import SCRIPT
from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind
from tests.support.channels import ScriptedChannel

pytestmark = pytest.mark.anyio

ANA = {
    "id": "3-134090000000000000",
    "account": "HOUSE\\ana",
    "since": "2026-11-30T09:15:02Z",
    "state": 4,
}


def told(*sessions: object, **more: object) -> str:
    return json.dumps({"autosky": 1, "sessions": sessions} | more) + "\r\n"


async def found(answer: str | Completed) -> list[GuestSession]:
    return (await WindowsGuest().read(ScriptedChannel(answer))).sessions


async def test_everybody_is_there_disconnected_or_not() -> None:
    since = datetime(2026, 11, 30, 9, 15, 2, tzinfo=UTC)
    session = GuestSession(id=ANA["id"], account="HOUSE\\ana", since=since)
    assert await found(told(ANA)) == [session]
    assert await found(told()) == []


@pytest.mark.parametrize("account", ["HÄUSER\\José", "名前", "a'b; Restart-Computer"])
async def test_an_account_may_have_any_letters(account: str) -> None:
    (session,) = await found(told(ANA | {"account": account}))
    assert session.account == account


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "[]",
        "null",
        "No User exists for *",
        told(ANA)[:60],
        told(ANA) + "more",
        "WARNING: a profile was loaded\r\n" + told(ANA),
        json.dumps({"sessions": []}),
        json.dumps({"autosky": 2, "sessions": []}),
        json.dumps({"autosky": 1}),
        json.dumps({"autosky": 1, "sessions": ANA}),
        json.dumps({"autosky": 1, "sessions": {"value": [ANA], "Count": 1}}),
        json.dumps({"autosky": 1, "sessions": None}),
        told(ANA | {"account": ""}),
        told(ANA | {"account": None}),
        told(ANA | {"since": "30.11.2026 09:15"}),
        told(ANA | {"since": "2026-11-30T09:15:02"}),
        told(ANA | {"id": "3"}),
        told(ANA | {"id": "3-1'; Restart-Computer"}),
        told({"account": "ana"}),
    ],
)
async def test_an_answer_that_cannot_be_read_is_not_nobody(answer: str) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await found(answer)
    assert refused.value.kind == RefusalKind.NO_AGENT


async def test_a_script_that_failed_tells_why() -> None:
    with pytest.raises(ProviderRefused, match="Zugriff verweigert"):
        await found(Completed(code=1, err="Zugriff verweigert\r\n"))


async def test_the_text_of_a_message_is_data() -> None:
    channel = ScriptedChannel(json.dumps({"autosky": 1}))
    text = 'It\'s "late"; $(Restart-Computer) `n é\x1b[2J\nGood night'
    await WindowsGuest().message(channel, [ANA["id"], "1; x", "4-5"], text)
    call = channel.asked[0].removeprefix(SCRIPT).strip()
    data = "'([A-Za-z0-9+/=]*)'"
    asked = re.fullmatch(rf"Answer {{ Message {data} {data} @\(([^)]*)\) }}", call)
    assert asked
    assert base64.b64decode(asked[2]).decode() == text.replace("\x1b", " ")
    assert asked[3] == f"'{ANA['id']}', '4-5'"


async def test_sessions_that_are_ended_are_named_by_their_whole_ids() -> None:
    channel = ScriptedChannel(json.dumps({"autosky": 1, "ended": ["4-5"]}))
    assert await WindowsGuest().end_sessions(channel, ["4-5", "6-7", "4", "4-5\n"]) == ["4-5"]
    assert channel.asked[0].endswith("Answer { EndSessions @('4-5', '6-7') }\n")


async def test_nothing_is_asked_about_ids_of_other_guests() -> None:
    channel = ScriptedChannel("")
    assert await WindowsGuest().end_sessions(channel, ["0123abcd.3", "'; x"]) == []
    await WindowsGuest().message(channel, ["0123abcd.3"], "Hello")
    assert channel.asked == []


async def test_new_sessions_are_kept_out_and_let_on_again() -> None:
    channel = ScriptedChannel(json.dumps({"autosky": 1, "unable": False}))
    await WindowsGuest().admit(channel, allowed=False)
    await WindowsGuest().admit(channel, allowed=True)
    calls = [it.splitlines()[-1] for it in channel.asked]
    assert calls == ["Answer { Admit $false }", "Answer { Admit $true }"]


async def test_a_windows_that_cannot_keep_people_out_says_so() -> None:
    channel = ScriptedChannel(json.dumps({"autosky": 1, "unable": True}))
    with pytest.raises(ProviderRefused) as refused:
        await WindowsGuest().admit(channel, allowed=False)
    assert refused.value.remedy


def test_the_script_is_ascii_whatever_the_code_page() -> None:
    assert SCRIPT.isascii()
