"""A libvirt of a test's own, with guests under software emulation; several may run at once.

It is one of an unprivileged user's, which keeps all it has below one folder. Root lets `nobody` run
it. Nothing of the computer's own libvirt is touched, and nothing is left behind.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.support.guests.guest import built_guest
from tests.support.waiting import eventually

NOBODY = 65534
MEMORY = 96
"""Mebibytes of a guest. With 64 it starts again for ever."""
PORTS = range(20000, 32000)
"""Those that forward to guests, below what this computer's own connections take: one of them that
tried a port among these could connect to itself.
"""

POOL = "<pool type='dir'><name>guests</name><target><path>{folder}</path></target></pool>"
DOMAIN = """
<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>{name}</name>
  <memory unit='MiB'>{memory}</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>{folder}/kernel</kernel>
    <initrd>{folder}/initrd</initrd>
    <cmdline>console=ttyS0 quiet</cmdline>
  </os>
  <features><acpi/></features>
  <cpu mode='maximum'/>
  <on_reboot>restart</on_reboot>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='{folder}/{name}.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    {agent}
    <serial type='pty'/>
    <memballoon model='none'/>
  </devices>
  <qemu:commandline>
    <qemu:arg value='-netdev'/>
    <qemu:arg value='user,id=n,hostfwd=tcp:127.0.0.1:{port}-:22'/>
    <qemu:arg value='-device'/>
    <qemu:arg value='virtio-net-pci,netdev=n,romfile=,bus=pcie.0,addr=0x10'/>
  </qemu:commandline>
</domain>
"""
REAPER = """
cat >/dev/null
libvirtd=$(cat "$1/libvirtd.pid" 2>/dev/null) && kill "$libvirtd"
while kill -0 $libvirtd 2>/dev/null; do sleep 0.1; done
for file in "$1"/run/libvirt/qemu/run/*.pid; do
    [ ! -e "$file" ] || kill -9 "$(cat "$file")"
done
rm -rf "$1"
"""
"""What cleans up when its input ends, which it does even when a test is killed."""
AGENT = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"


class Hypervisor:
    """A running libvirt. `uri` leads to it; `key` signs in to its guests."""

    def __init__(self, folder: Path, user: int | None) -> None:
        self.folder = folder
        self.uri = f"qemu+unix:///session?socket={folder}/run/libvirt/libvirt-sock"
        self.key = folder / "key"
        self.disks = folder / "disks"
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self._reaper = subprocess.Popen(
            ["sh", "-c", REAPER, "sh", folder], stdin=subprocess.PIPE, start_new_session=True
        )

    def start(self) -> None:
        """Start libvirt, which finds the guests that run already."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "/usr/sbin/libvirtd",
                    "--config",
                    self.folder / "libvirtd.conf",
                    "--pid-file",
                    self.folder / "libvirtd.pid",
                ],
                env={
                    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                    "HOME": str(self.folder),
                    "XDG_RUNTIME_DIR": str(self.folder / "run"),
                    "XDG_CONFIG_HOME": str(self.folder / "config"),
                    "XDG_CACHE_HOME": str(self.folder / "cache"),
                    "XDG_DATA_HOME": str(self.folder / "data"),
                },
                stderr=log,
                user=self._user,
                group=self._user,
                extra_groups=None if self._user is None else [],
                start_new_session=True,
            )
        eventually((self.folder / "run/libvirt/libvirt-sock").exists)

    def stop(self) -> None:
        """Stop it and leave the guests, as an update of it does."""
        assert self._process
        self._process.terminate()
        self._process.wait(30)

    def destroy(self) -> None:
        """End it and its guests, and take away the folder."""
        if self._process and self._process.poll() is None:
            self.stop()
        self._reaper.communicate()

    def connect(self) -> Any:
        """Return a connection of the test's own."""
        import libvirt

        return libvirt.open(self.uri)

    def named(self, name: str) -> Any:
        """Return a machine as somebody else sees it, who has a console of libvirt's own."""
        return self.connect().lookupByName(name)

    def off(self, name: str) -> None:
        """Take the power from a machine."""
        self.named(name).destroy()

    def define(self, name: str, port: int, *, agent: bool = True) -> str:
        """Define a guest that is off, and return its id. Its disk rests on one that all share."""
        disk = self.disks / f"{name}.qcow2"
        subprocess.run(
            ["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2",
             "-b", self.disks / "disk.qcow2", disk],
            check=True,
        )  # fmt: skip
        self._hand_over(disk)
        xml = DOMAIN.format(
            name=name, port=port, folder=self.disks, memory=MEMORY, agent=AGENT if agent else ""
        )
        connection = self.connect()
        try:
            connection.storagePoolLookupByName("guests").refresh()
            return str(connection.defineXML(xml).UUIDString())
        finally:
            connection.close()

    def ssh(self, port: int, account: str, *command: str, terminal: bool = False) -> list[str]:
        """Return the words that sign in to the guest behind that port."""
        options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR",
                   "IdentitiesOnly=yes", "ConnectTimeout=10")  # fmt: skip
        words = [word for option in options for word in ("-o", option)]
        return ["ssh", *(["-tt"] if terminal else []), "-F", "none", "-i", str(self.key), *words,
                "-p", str(port), f"{account}@127.0.0.1", *command]  # fmt: skip

    def _hand_over(self, *paths: Path) -> None:
        if self._user is not None:
            for path in paths:
                os.chown(path, self._user, self._user)


@contextmanager
def hypervisor() -> Iterator[Hypervisor]:
    """Yield a libvirt with a pool named `guests` and nothing in it that runs."""
    guest = built_guest()
    # A socket's path has to be short: it is no folder of pytest's.
    folder = Path(tempfile.mkdtemp(prefix="autosky-"))
    made = Hypervisor(folder, None if os.getuid() else NOBODY)
    for name in ("run", "config", "cache", "data", "disks"):
        (folder / name).mkdir(mode=0o755)
    (folder / "config/libvirt").mkdir()
    # Without it every guest's output goes through one more daemon.
    (folder / "config/libvirt/qemu.conf").write_text('stdio_handler = "file"\n')
    (folder / "libvirtd.conf").write_text('log_outputs = "3:stderr"\n')
    for name in ("kernel", "initrd", "disk.qcow2"):
        shutil.copy(guest / name, folder / "disks" / name)
    shutil.copy(guest / "key", made.key)
    made._hand_over(folder, *(path for path in folder.rglob("*") if path != made.key))
    try:
        made.start()
        connection = made.connect()
        pool = connection.storagePoolDefineXML(POOL.format(folder=made.disks))
        pool.create()
        connection.close()
        yield made
    finally:
        made.destroy()


def free_ports(number: int) -> Sequence[int]:
    """Return ports that nobody listens on; each test process looks at others."""
    import socket

    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    found: list[int] = []
    for port in PORTS[worker * 1000 + os.getpid() % 900 :]:
        with socket.socket() as tried, suppress(OSError):
            tried.bind(("127.0.0.1", port))
            found.append(port)
        if len(found) == number:
            return found
    sys.exit("no ports are free")
