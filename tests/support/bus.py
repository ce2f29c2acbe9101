"""A session bus of a test's own: nobody else's programs are on it, and none starts by itself."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.waiting import eventually

SERVICES = Path("/usr/share/dbus-1/services")

CONFIGURATION = """<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@contextmanager
def session_bus(folder: Path, *startable: str) -> Iterator[str]:
    """Yield the address of a bus with its files in `folder`; `startable` are names it may start."""
    services = folder / "bus-services"
    services.mkdir(parents=True)
    for name in startable:
        shutil.copy(SERVICES / f"{name}.service", services)
    configuration = folder / "bus.conf"
    configuration.write_text(CONFIGURATION.format(services=services))
    command = ["dbus-daemon", "--nofork", "--print-address", f"--config-file={configuration}"]
    environment = {"PATH": os.defpath, "HOME": str(folder)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as daemon:
        assert daemon.stdout
        try:
            yield daemon.stdout.readline().decode().strip()
        finally:
            daemon.terminate()


def wait_for_name(address: str, name: str) -> None:
    """Wait until somebody on the bus is called that."""
    eventually(lambda: owned(address, name), within=20)


def owned(address: str, name: str) -> bool:
    """Return whether somebody on the bus is called that."""
    question = ["org.freedesktop.DBus.NameHasOwner", f"string:{name}"]
    answer = say(address, "org.freedesktop.DBus", "/org/freedesktop/DBus", question)
    return "boolean true" in answer


def say(address: str, to: str, path: str, words: Sequence[str]) -> str:
    """Call a method (its name, then its arguments as dbus-send has them); returns the answer."""
    command = ["dbus-send", f"--bus={address}", "--print-reply", f"--dest={to}", path, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
