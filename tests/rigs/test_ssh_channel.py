"""The SSH channel: few connections, a key for each machine, and sentences for what goes wrong."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from autosky_desktop.server.providers.channels.ssh import SshAccess, SshConnections
from autosky_desktop.server.providers.provider import ProviderBusy, ProviderRefused, RefusalKind
from tests.support import ssh_server
from tests.support.linux_machine import Machine, linux_machine
from tests.support.ssh_account import Account, throw_away_account
from tests.support.ssh_server import free_port, new_key
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.skipif(bool(ssh_server.missing()), reason=ssh_server.missing()),
    pytest.mark.anyio,
]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def ana() -> Iterator[Account]:
    with throw_away_account("unused-here") as made:
        yield made


@pytest.fixture
def machine(folder: Path, ana: Account) -> Iterator[Machine]:
    folder.chmod(0o755)
    with linux_machine(folder / "machine", ana) as made:
        yield made


@pytest.fixture
async def connections(folder: Path) -> AsyncIterator[SshConnections]:
    made = SshConnections(folder / "known hosts, 100 %")
    yield made
    await made.close()


def processes_with(text: str) -> list[Path]:
    """Return the processes that have it in their command line."""
    found = Path("/proc").glob("[0-9]*/cmdline")
    return [each for each in found if each.exists() and text.encode() in each.read_bytes()]


def left_in(folder: Path) -> list[Path]:
    return list(folder.glob("autosky-*"))


async def test_a_script_is_run_whole_with_its_exit_code(
    connections: SshConnections, machine: Machine
) -> None:
    channel = connections.channel("i-1", machine.access())
    script = "cat; printf 'Ünï\\n'; echo bad >&2; exit 7\n" + "# " + "x" * 200_000
    done = await channel.run(script, shell="sh")
    assert (done.code, done.err) == (7, "bad\n")
    assert done.out.splitlines()[-1:] != ["Ünï"], "cat took the rest of the script"
    done = await channel.run("{ printf 'Ünï\\n'; exit 3; }", shell="sh")
    assert (done.code, done.out) == (3, "Ünï\n")


async def test_one_connection_serves_many_scripts(
    connections: SshConnections, machine: Machine
) -> None:
    channel = connections.channel("i-1", machine.access())
    await channel.run("true", shell="sh")
    await asyncio.gather(*(channel.run("true", shell="sh") for _ in range(5)))
    assert machine.server.connections() == 1


async def test_nothing_is_left_behind(
    folder: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    connections = SshConnections(folder / "known")
    await connections.channel("i-1", machine.access()).run("true", shell="sh")
    assert processes_with(f"{folder}/autosky-")
    await connections.close()
    eventually(lambda: not processes_with(f"{folder}/autosky-"))
    assert not left_in(folder)


async def test_a_script_that_says_too_much_is_cut(
    connections: SshConnections, machine: Machine
) -> None:
    channel = connections.channel("i-1", machine.access())
    done = await channel.run("head -c 3000000 /dev/zero | tr '\\0' x; exit 4", shell="sh")
    assert (done.code, len(done.out)) == (4, 1024 * 1024)


async def test_a_script_that_hangs_is_given_up(
    connections: SshConnections, machine: Machine
) -> None:
    channel = connections.channel("i-1", machine.access())
    await channel.run("true", shell="sh")
    with pytest.raises(ProviderBusy):
        await channel.run("sleep 1000", shell="sh", seconds=0.5)
    assert (await channel.run("echo on", shell="sh")).out == "on\n"


async def test_a_machine_that_is_off_is_busy(connections: SshConnections) -> None:
    access = SshAccess(host="127.0.0.1", port=free_port(), account="root")
    with pytest.raises(ProviderBusy, match="Connection refused"):
        await connections.channel("i-1", access).run("true", shell="sh")


async def test_a_key_that_is_not_authorized_is_refused(
    connections: SshConnections, machine: Machine, folder: Path
) -> None:
    access = SshAccess(
        host="127.0.0.1", port=machine.server.port, account="root",
        key_file=str(new_key(folder / "another")),
    )  # fmt: skip
    with pytest.raises(ProviderRefused, match="Permission denied") as refused:
        await connections.channel("i-1", access).run("true", shell="sh")
    assert refused.value.kind == RefusalKind.NO_AGENT
    assert "authorized keys" in refused.value.remedy


async def test_an_account_without_sudo_is_told(
    connections: SshConnections, machine: Machine
) -> None:
    access = machine.access(machine.account.name, sudo=True)
    with pytest.raises(ProviderRefused) as refused:
        await connections.channel("i-1", access).run("true", shell="sh")
    assert "root" in refused.value.detail


async def test_another_key_of_the_same_machine_is_refused(
    connections: SshConnections, machine: Machine, folder: Path, ana: Account
) -> None:
    await connections.channel("i-1", machine.access()).run("true", shell="sh")
    with linux_machine(folder / "other", ana) as other:
        # another machine, with an id of its own, may have any key
        await connections.channel("i-2", other.access()).run("true", shell="sh")
        await connections.forget("i-2")
        later = SshConnections(folder / "known hosts, 100 %")
        with pytest.raises(ProviderRefused) as refused:
            await later.channel("i-1", other.access()).run("true", shell="sh")
        assert refused.value.kind == RefusalKind.NO_AGENT
        await later.forget("i-1")
        await later.channel("i-1", other.access()).run("true", shell="sh")
        await later.close()


async def test_a_computer_without_ssh_says_so(
    connections: SshConnections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ProviderRefused) as refused:
        await connections.channel("i-1", SshAccess(host="127.0.0.1")).run("true", shell="sh")
    assert "OpenSSH" in refused.value.remedy
