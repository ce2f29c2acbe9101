"""The libvirt of a test's own leaves nothing behind, however the test ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.guests.guest import missing
from tests.support.waiting import eventually

STARTS = """
import time
from tests.support.guests.hypervisor import free_ports, hypervisor
with hypervisor() as host:
    for name, port in zip(("one", "other"), free_ports(2)):
        host.define(name, port)
        host.named(name).create()
    print(host.folder, flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_of_a_test_that_was_killed_nothing_stays() -> None:
    with subprocess.Popen([sys.executable, "-c", STARTS], stdout=subprocess.PIPE) as process:
        assert process.stdout
        folder = Path(process.stdout.readline().decode().strip())
        guests = [folder / f"run/libvirt/qemu/run/{name}.pid" for name in ("one", "other")]
        pids = [int(it.read_text()) for it in (*guests, folder / "libvirtd.pid")]
        process.kill()
    eventually(lambda: not folder.exists(), within=60.0)
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))
