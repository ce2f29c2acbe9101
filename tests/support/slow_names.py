"""A server of names that takes its time."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ADDRESS = "127.0.0.153"
IPV4 = 1


def asked_alone(folder: Path) -> dict[str, Path]:
    """Return what the system's files must say for that server to be asked for every name."""
    (folder / "resolv").write_text(f"nameserver {ADDRESS}\n")
    (folder / "nsswitch").write_text("hosts: dns\n")
    return {"/etc/resolv.conf": folder / "resolv", "/etc/nsswitch.conf": folder / "nsswitch"}


@contextmanager
def slow_names(seconds: float) -> Iterator[None]:
    """Have a server say of every name that it is this computer, but so late."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((ADDRESS, 53))
        threading.Thread(target=_serve, args=(line, seconds), daemon=True).start()
        yield
        line.sendto(b"", (ADDRESS, 53))


def _serve(line: socket.socket, seconds: float) -> None:
    with suppress(OSError):  # it is over
        while True:
            asked, caller = line.recvfrom(512)
            if not asked:
                return
            threading.Thread(target=_answer, args=(line, asked, caller, seconds)).start()


def _answer(line: socket.socket, asked: bytes, caller: object, seconds: float) -> None:
    time.sleep(seconds)
    question = asked[12 : asked.index(0, 12) + 5]
    known = struct.unpack("!H", question[-4:-2])[0] == IPV4
    head = asked[:2] + struct.pack("!HHHHH", 0x8180, 1, int(known), 0, 0)
    here = struct.pack("!HHHIH", 0xC00C, IPV4, 1, 0, 4) + socket.inet_aton("127.0.0.1")
    with suppress(OSError):
        line.sendto(head + question + (here if known else b""), caller)  # type: ignore[arg-type]
