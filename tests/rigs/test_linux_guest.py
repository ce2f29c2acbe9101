"""A Linux guest without systemd is asked over SSH: who is there, a message, the end, who may in."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autosky_desktop.server.providers.channels.ssh import SshChannel, SshConnections
from autosky_desktop.server.providers.guests.linux import LinuxGuest
from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind
from tests.support import ssh_server
from tests.support.linux_machine import Machine, linux_machine
from tests.support.ssh_account import Account, throw_away_account

pytestmark = [
    pytest.mark.skipif(bool(ssh_server.missing()), reason=ssh_server.missing()),
    pytest.mark.anyio,
]

GUEST = LinuxGuest()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def ana() -> Iterator[Account]:
    with throw_away_account("unused-here") as made:
        yield made


@pytest.fixture
def machine(folder: Path, ana: Account) -> Iterator[Machine]:
    folder.chmod(0o755)
    with linux_machine(folder / "machine", ana) as made:
        yield made


@pytest.fixture
async def channel(folder: Path, machine: Machine) -> AsyncIterator[SshChannel]:
    connections = SshConnections(folder / "known_hosts")
    yield connections.channel("i-1", machine.access())
    await connections.close()


async def test_nobody_is_on_a_machine_that_only_we_ask(channel: SshChannel) -> None:
    assert (await GUEST.read(channel)).sessions == []


async def test_everybody_with_a_terminal_is_there(channel: SshChannel, machine: Machine) -> None:
    with machine.person(), machine.person(), machine.person("root"):
        found = (await GUEST.read(channel)).sessions
        assert sorted(each.account for each in found) == sorted(
            ["root", *[machine.account.name] * 2]
        )
        assert len({each.id for each in found}) == 3
        assert all(
            timedelta(seconds=-3) < datetime.now(UTC) - each.since < timedelta(minutes=1)
            for each in found
        )
        assert (await GUEST.read(channel)).sessions == found


async def test_a_terminal_within_a_terminal_is_no_session_more(
    channel: SshChannel, machine: Machine
) -> None:
    with machine.person() as ana:
        before = (await GUEST.read(channel)).sessions
        ana.types("script -q -c 'sh -c \"echo within; cat\"' /dev/null\n")
        ana.sees("within")
        assert (await GUEST.read(channel)).sessions == before


async def test_a_message_is_shown_to_those_it_is_for(channel: SshChannel, machine: Machine) -> None:
    with machine.person() as ana, machine.person("root") as root:
        found = {each.account: each.id for each in (await GUEST.read(channel)).sessions}
        text = "Save é $(touch /tmp/x) `id` '\"\\\n\x1b[2J%s;\nSecond line"
        await GUEST.message(channel, [found[machine.account.name]], text)
        ana.sees("Save é $(touch /tmp/x) `id` '\"\\")
        ana.sees("%s;\nSecond line\n")
        assert b"\x1b[2J" not in ana.seen
        await GUEST.message(channel, [found["root"]], "For root")
        root.sees("For root")
        assert b"Save" not in root.seen
        assert b"For root" not in ana.seen


async def test_a_terminal_that_takes_nothing_holds_up_nobody(
    channel: SshChannel, machine: Machine
) -> None:
    with machine.person() as ana, machine.person("root") as root:
        ana.types("\x13")
        found = sorted(
            (await GUEST.read(channel)).sessions, key=lambda each: each.account == "root"
        )
        await GUEST.message(channel, [each.id for each in found], "x" * 1900)
        await GUEST.message(channel, [each.id for each in found], "All hear this")
        root.sees("All hear this")


async def test_those_that_are_ended_are_gone_and_the_others_stay(
    channel: SshChannel, machine: Machine
) -> None:
    with machine.person() as ana, machine.person("root") as root:
        found = {each.account: each.id for each in (await GUEST.read(channel)).sessions}
        ids = [found[machine.account.name], "00000000.1-1", "no id; reboot", found["root"] + "0"]
        assert await GUEST.end_sessions(channel, ids) == ids[:1]
        assert ana.is_gone()
        root.types("echo still $((2 + 2))\n")
        root.sees("still 4")
        assert [each.id for each in (await GUEST.read(channel)).sessions] == [found["root"]]
        assert await GUEST.end_sessions(channel, ids) == []


async def test_who_does_not_want_to_go_goes(channel: SshChannel, machine: Machine) -> None:
    with machine.person() as ana:
        ana.types("trap '' HUP TERM; echo stays $((3 + 4))\n")
        ana.sees("stays 7")
        ids = [each.id for each in (await GUEST.read(channel)).sessions]
        assert await GUEST.end_sessions(channel, ids) == ids
        assert ana.is_gone()
        assert (await GUEST.read(channel)).sessions == []


async def test_nobody_new_gets_on_but_root(channel: SshChannel, machine: Machine) -> None:
    assert machine.lets_in()
    with machine.person() as ana:
        for _times in range(2):
            await GUEST.admit(channel, allowed=False)
            assert not machine.lets_in()
            assert machine.lets_in("root")
        ana.types("echo stays $((3 + 4))\n")
        ana.sees("stays 7")
    for _times in range(2):
        await GUEST.admit(channel, allowed=True)
        assert machine.lets_in()


async def test_what_somebody_else_closed_stays_closed(
    channel: SshChannel, machine: Machine
) -> None:
    await channel.run("echo Closed >/run/nologin", shell="sh")
    await GUEST.admit(channel, allowed=False)
    await GUEST.admit(channel, allowed=True)
    assert not machine.lets_in()
    assert (await channel.run("cat /run/nologin", shell="sh")).out == "Closed\n"


async def test_a_machine_without_a_way_to_keep_people_out_says_so(
    channel: SshChannel, machine: Machine
) -> None:
    hide = "mount -t tmpfs none /etc/pam.d; mount --bind /dev/null /usr/sbin/sshd"
    assert (await channel.run(hide, shell="sh")).code == 0
    with pytest.raises(ProviderRefused) as refused:
        await GUEST.admit(channel, allowed=False)
    assert refused.value.kind == RefusalKind.NO_AGENT
    assert "/usr/lib/autosky/admit" in refused.value.remedy


async def test_a_program_of_the_machine_decides_instead(
    channel: SshChannel, machine: Machine
) -> None:
    hook = "mount -t tmpfs none /usr/lib/tmpfiles.d"  # any folder of the system's own
    hook += "; mkdir -p /usr/lib/tmpfiles.d/up/autosky /usr/lib/tmpfiles.d/work"
    hook += "; mount -t overlay over -o lowerdir=/usr/lib,upperdir=/usr/lib/tmpfiles.d/up,"
    hook += "workdir=/usr/lib/tmpfiles.d/work /usr/lib"
    hook += "; echo 'echo \"$1\" >>/run/admitted' >/usr/lib/autosky/admit"
    hook += "; sed -i '1i #!/bin/sh' /usr/lib/autosky/admit; chmod +x /usr/lib/autosky/admit"
    completed = await channel.run(hook, shell="sh")
    assert completed.code == 0, completed.err
    await GUEST.admit(channel, allowed=False)
    await GUEST.admit(channel, allowed=True)
    assert (await channel.run("cat /run/admitted", shell="sh")).out == "no\nyes\n"
    assert machine.lets_in()
