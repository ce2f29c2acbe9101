"""What a Linux guest answers is read strictly: what cannot be read is never taken for nobody."""

import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from autosky_desktop.server.providers.guest import Completed, GuestSession
from autosky_desktop.server.providers.guests.linux import LinuxGuest
from autosky_desktop.server.providers.guests.linux_script import SCRIPT
from autosky_desktop.server.providers.provider import ProviderBusy, ProviderRefused, RefusalKind
from tests.support.channels import ScriptedChannel

pytestmark = pytest.mark.anyio

ANA = """session 3
Name=ana
Timestamp=Mon 2026-11-30 09:15:02 UTC
TTY=pts/0
Class=user
State=active
"""
OURS = ANA.replace("session 3", "session 7").replace("=ana", "=root").replace("pts/0", "")


def logind(*sessions: str, own: str = "-", account: str = "root") -> str:
    return "".join((f"autosky 1\nlogind 0123abcd {own} {account}\n", *sessions, "end\n"))


async def found(answer: str | Completed | Exception) -> list[GuestSession]:
    return (await LinuxGuest().read(ScriptedChannel(answer))).sessions


async def test_a_session_of_logind_has_its_account_and_its_beginning() -> None:
    assert await found(logind(ANA)) == [
        GuestSession(
            id="0123abcd.3", account="ana", since=datetime(2026, 11, 30, 9, 15, 2, tzinfo=UTC)
        )
    ]


@pytest.mark.parametrize(
    "changed",
    [("pts/0", ""), ("Class=user", "Class=user-early"), ("active", "online"), ("ana", "root")],
)
async def test_every_session_of_a_person_counts(changed: tuple[str, str]) -> None:
    assert len(await found(logind(ANA.replace(*changed)))) == 1


@pytest.mark.parametrize(
    "changed",
    [("Class=user", "Class=greeter"), ("Class=user", "Class=manager"), ("active", "closing")],
)
async def test_what_is_no_persons_session_does_not_count(changed: tuple[str, str]) -> None:
    assert await found(logind(ANA.replace(*changed))) == []


async def test_our_own_session_does_not_count() -> None:
    assert await found(logind(OURS, ANA, own="7")) == await found(logind(ANA))
    assert await found(logind(OURS, ANA)) == await found(logind(ANA)), "a connection that is kept"
    assert await found(logind(ANA, own="3")) == []


async def test_a_session_that_ended_meanwhile_does_not_count() -> None:
    assert await found(logind("session 4\n", ANA)) == await found(logind(ANA))
    assert await found(logind()) == []


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "end\n",
        "autosky 1\nend\n",
        "autosky 2\nlogind 0123abcd - root\nend\n",
        logind(ANA).removesuffix("end\n"),
        logind(ANA)[:70],
        "Welcome to this machine!\n" + logind(ANA),
        logind(ANA.replace("Name=ana\n", "")),
        logind(ANA.replace("=ana", "=")),
        logind(ANA.replace("Mon 2026", "lun. 2026")),
        logind(ANA.replace("09:15:02 UTC", "09:15:02 CET")),
        logind(ANA.replace("State=active\n", "")),
        logind(ANA.replace("session 3", "session 3; reboot")),
        logind(ANA.replace("session 3\n", "")),
        logind("Name=ana\n"),
        "autosky 1\nlogind\nend\n",
        "autosky 1\nterminals 0123abcd\nend\n",
        "autosky 1\nterminals 0123abcd\nbooted then\nend\n",
        "autosky 1\nterminals 0123abcd\nbooted 1790000000\nleader 5 x ana /dev/pts/0\nend\n",
        "autosky 1\nterminals 0123abcd\nbooted 1790000000\nleader 5 50 ana\nend\n",
        "autosky 1\nterminals 0123abcd\nbooted 9" + "0" * 30 + "\nend\n",
    ],
)
async def test_an_answer_that_cannot_be_read_is_not_nobody(answer: str) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await found(answer)
    assert refused.value.kind == RefusalKind.NO_AGENT


async def test_a_script_that_failed_tells_why() -> None:
    with pytest.raises(ProviderRefused, match="loginctl: not found"):
        await found(Completed(code=1, out="autosky 1\n", err="sh: loginctl: not found\n"))


async def test_a_machine_that_does_not_answer_yet_is_busy() -> None:
    with pytest.raises(ProviderBusy):
        await found(ProviderBusy("Not yet."))


async def test_what_waits_for_somebody_at_a_console_does_not_count() -> None:
    lines = "autosky 1\nterminals 0123abcd\nbooted 1790000000\nleader {} /dev/tty1\nend\n"
    assert await found(lines.format("5 50 root")) == []
    assert [each.id for each in await found(lines.format("5 50 ana"))] == ["0123abcd.5-50"]


async def test_an_id_that_could_be_more_than_one_is_never_in_a_script() -> None:
    channel = ScriptedChannel("autosky 1\nend\n")
    for id_ in ("x", "0123abcd.3;reboot", "0123abcd.3\n", "0123abcd.$(reboot)", "-a", ""):
        assert await LinuxGuest().end_sessions(channel, [id_]) == []
        await LinuxGuest().message(channel, [id_], "Hello")
    assert channel.asked == []
    await LinuxGuest().end_sessions(channel, ["0123abcd.$(reboot)", "0123abcd.3"])
    assert channel.asked[0].removeprefix(SCRIPT) == "\nanswer end_sessions 0123abcd.3\n"


@pytest.mark.parametrize("shell", [["dash"], ["bash", "--posix"], ["busybox", "sh"]])
def test_every_shell_can_read_the_script(shell: list[str]) -> None:
    if shutil.which(shell[0]) is None:
        pytest.skip(f"no {shell[0]} here")
    read = subprocess.run([*shell, "-n"], input=SCRIPT, text=True, capture_output=True, check=False)
    assert (read.returncode, read.stderr) == (0, "")
    assert SCRIPT.isascii()
