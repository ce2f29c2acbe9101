"""What is found on a libvirt, and what is checked before an environment is used."""

from collections.abc import Mapping

import pytest

from autosky_desktop.domain.environment_settings import Capability, CheckLine, CheckState
from autosky_desktop.server.providers.libvirt.plugin import plugin
from autosky_desktop.server.providers.libvirt.settings import LibvirtSettings
from autosky_desktop.server.providers.plugin import WrongSettings, fields_of, typed
from autosky_desktop.server.providers.provider import ProviderError
from tests.support.guests.hypervisor import Hypervisor, free_ports

libvirt = pytest.importorskip("libvirt")

pytestmark = pytest.mark.anyio


async def checked(settings: LibvirtSettings) -> Mapping[str, CheckLine]:
    return {line.capability: line async for line in plugin.check("erp", settings)}


async def test_the_driver_for_tests_is_read_and_has_no_disks() -> None:
    settings = LibvirtSettings(uri="test:///default")
    found = await plugin.find(settings)
    assert [(it.name, it.status) for it in found.machines] == [("test", "running")]
    assert [it.name for it in found.groups] == ["default-pool"]

    lines = await checked(
        LibvirtSettings(uri="test:///default", preparation=found.machines[0].id, keep_free=0)
    )
    assert lines[Capability.READ].state == CheckState.OK
    assert lines[Capability.IMAGE].state == CheckState.FAILED
    assert "storage pool" in lines[Capability.IMAGE].remedy
    assert lines[Capability.SESSIONS].state == CheckState.FAILED
    assert "qemu-guest-agent" in lines[Capability.SESSIONS].remedy


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("file:///etc/passwd", "not one of libvirt"),
        ("https://host.example/", "not one of libvirt"),
        ("test:///{folder}/seen.xml", "not one of libvirt"),
        ("qemu+ext:///system", "not one of libvirt"),
        ("qemu:///embed?root={folder}/made", "not one of libvirt"),
        ("secret:///embed?root={folder}/made", "not one of libvirt"),
        ("qemu:///system;reboot", "not one of libvirt"),
        ("qemu+ssh://host/system?command={folder}/run", "“command”"),
        ("qemu+ssh://host/system?keyfile=k&netcat={folder}/run", "“netcat”"),
        ("qemu+ssh://host/system?name=test:///etc/passwd", "“name”"),
        ("qemu+ssh://root:secret@host/system", "holds no password"),
    ],
)
async def test_a_uri_reads_no_file_runs_no_program_and_holds_no_password(uri, said, tmp_path):
    program = tmp_path / "run"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/made\n")
    program.chmod(0o755)
    with pytest.raises(WrongSettings, match=said) as wrong:
        await plugin.find(typed(plugin, {"uri": uri.format(folder=tmp_path)}, whole=False))
    assert "secret" not in str(wrong.value)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    "uri",
    [
        "qemu:///system",
        "qemu+ssh://ana@host.example:2222/system?keyfile=/home/ana/key&no_tty=1",
        "qemu+tls://[2001:db8::7]/system?pkipath=/etc/pki/mine",
        "xen:///",
    ],
)
def test_a_uri_of_a_libvirt_server_is_taken(uri):
    assert typed(plugin, {"uri": uri}, whole=False).uri == uri


async def test_a_libvirt_that_is_not_there_is_told_with_its_reason() -> None:
    with pytest.raises(ProviderError, match=r"did not answer: .*nowhere"):
        await plugin.find(LibvirtSettings(uri="qemu+unix:///session?socket=/nowhere"))


async def test_machines_are_found_and_checked_and_left_as_they_are(host: Hypervisor) -> None:
    port, other = free_ports(2)
    preparation, support = host.define("prep-erp", port), host.define("db-erp", other)
    before = host.named("prep-erp").XMLDesc()
    found = await plugin.find(LibvirtSettings(uri=host.uri))
    assert [(it.id, it.name, it.status, it.address, it.system) for it in found.machines] == [
        (support, "db-erp", "stopped", "127.0.0.1", "linux"),
        (preparation, "prep-erp", "stopped", "127.0.0.1", "linux"),
    ]
    assert found.suggested == {"preparation": preparation}
    assert [it.id for it in found.groups] == ["guests"]

    settings = LibvirtSettings(
        uri=host.uri, preparation=preparation, support=[support], keep_free=0
    )
    lines = await checked(settings)
    assert {name: line.state for name, line in lines.items()} == {
        "read": "ok",
        "power": "ok",
        "image": "ok",
        "replace": "ok",
        "sessions": "untold",
        "messages": "untold",
        "connect": "ok",
        "loads": "ok",
        "shutdown": "ok",
        "cost": "ok",
    }
    assert lines["read"].detail == "2 machines can be read."
    assert lines["connect"].detail == f"“prep-erp” is reached at 127.0.0.1:{port}."
    assert "while this computer is on" in lines["shutdown"].detail
    assert host.named("prep-erp").XMLDesc() == before
    assert sorted(it.name for it in host.disks.glob("*-erp*")) == ["db-erp.qcow2", "prep-erp.qcow2"]

    full = await checked(LibvirtSettings(uri=host.uri, preparation=preparation, keep_free=100_000))
    assert full["image"].state == CheckState.FAILED
    assert full["image"].remedy


async def test_settings_are_typed_and_wrong_ones_have_a_sentence() -> None:
    assert [it.name for it in fields_of(plugin) if it.access] == ["uri"]
    values = {"uri": "qemu:///session", "preparation": "a", "support": ["b"], "keep_free": "7"}
    assert typed(plugin, values) == LibvirtSettings(
        uri="qemu:///session", preparation="a", support=["b"], keep_free=7
    )
    with pytest.raises(ValueError, match="Preparation server"):
        typed(plugin, {"uri": "qemu:///session"})
    with pytest.raises(ValueError, match="keep_free"):
        typed(plugin, {**values, "keep_free": "-1"})
