"""The console of a machine at its hypervisor, opened by virt-viewer, or by virsh in a terminal.

It is the machine's own screen or serial line: nobody is signed in by it, and no password goes
there.
"""

import os
import re
import shlex
import shutil
import tempfile

from autosky_desktop.domain.endpoint import Console
from autosky_desktop.system import folders
from autosky_desktop.system.connect import process, terminals
from autosky_desktop.system.connect.process import Child, ClientFailed, ClientMissing
from autosky_desktop.system.connect.target import Hostile

VIEWER, SHELL = "virt-viewer", "virsh"
URI = re.compile(
    r"(qemu|xen|lxc|bhyve|ch|vz|test)(\+(unix|ssh|tls|tcp|libssh2?))?://[A-Za-z0-9@._:\[\]-]*"
    r"/[A-Za-z0-9/._-]*(\?(socket|keyfile|known_hosts|pkipath|no_verify|no_tty)=[A-Za-z0-9/._-]*)?",
    re.ASCII,
)
"""No parameter by which a program would be run."""
MACHINE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def opened(console: Console, title: str) -> Child:
    """Open the console. Raises Hostile, ClientFailed, and ClientMissing of what to install."""
    if not URI.fullmatch(console.uri) or not MACHINE.fullmatch(console.machine):
        raise Hostile("console")
    if viewer := shutil.which(VIEWER):
        return process.start([viewer, "--connect", console.uri, "--", console.machine])
    shell = shutil.which(SHELL)
    if shell is None or console.graphical:
        raise ClientMissing(VIEWER)
    terminal = next(iter(terminals.found().items()), None)
    if terminal is None:
        raise ClientMissing("xterm")
    words = [shell, "--connect", console.uri, "console", console.machine]
    name, path = terminal
    return process.start(terminals.arguments(name, str(path), title, _script(words)))


def _script(words: list[str]) -> str:
    """Return the file of a script, which takes itself away."""
    folder = folders.runtime()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, file = tempfile.mkstemp(prefix="console-", dir=folder)
        with os.fdopen(descriptor, "w", encoding="utf-8") as script:
            script.write(f'rm -f -- "$0"\nexec {shlex.join(words)}\n')
    except OSError as cause:
        raise ClientFailed("no-file") from cause
    return file
