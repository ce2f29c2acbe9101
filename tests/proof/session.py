"""A session of an ordinary user, with a screen and assistive technology outside of the bare root.

Programs inside reach the screen and the bus of the session by sockets without a file, and the bus
of assistive technology by a folder that both sides see at the same place.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.proof.bare_root import UID, give_to_user
from tests.support.assistive import ANSWERS, LAUNCHER, READER, Reader
from tests.support.bus import wait_for_name
from tests.support.screen import virtual_screen

BUS = """<busconfig>
  <type>session</type>
  <listen>unix:abstract={name}</listen>
  <policy context="default">
    <allow user="*"/><allow own="*"/>
    <allow eavesdrop="true"/><allow send_destination="*" eavesdrop="true"/>
  </policy>
</busconfig>
"""
APPLICATION = "autosky-desktop"


@dataclass(frozen=True)
class Session:
    """A session that is ready for a program."""

    runtime: Path
    environment: dict[str, str]

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Yield somebody who uses the program's windows by their names alone."""
        with subprocess.Popen(
            [*READER, APPLICATION],
            env={"PATH": os.defpath, **self.environment},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            user=UID,
            group=UID,
            extra_groups=[],
        ) as process:
            yield Reader(process)


@contextmanager
def session(work: Path) -> Iterator[Session]:
    """Yield a session whose files are below `work`."""
    runtime = work / "runtime"
    give_to_user(runtime)
    settings = work / "bus.conf"
    name = f"autosky-proof-{os.getpid()}"
    settings.write_text(BUS.format(name=name))
    with ExitStack() as stack:
        display = stack.enter_context(virtual_screen())
        environment = {
            "DISPLAY": display,
            "DBUS_SESSION_BUS_ADDRESS": f"unix:abstract={name}",
            "XDG_RUNTIME_DIR": str(runtime),
            "HOME": str(runtime),
            **ANSWERS,
        }
        for command in (
            ["dbus-daemon", "--nofork", "--print-address", f"--config-file={settings}"],
            [LAUNCHER, "--launch-immediately"],
        ):
            process = subprocess.Popen(
                command,
                env={"PATH": os.defpath, **environment},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                user=UID,
                group=UID,
                extra_groups=[],
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            if command[0] == "dbus-daemon":
                assert process.stdout
                process.stdout.readline()  # it says its address as soon as it listens
        wait_for_name(environment["DBUS_SESSION_BUS_ADDRESS"], "org.a11y.Bus")
        del environment["HOME"]
        yield Session(runtime, environment)
