"""Real RDP servers on loopback: FreeRDP's shadow server, and xrdp with a login of its own."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.screen import virtual_screen
from tests.support.waiting import eventually

SHADOW = ("freerdp-shadow-cli", "xfreerdp", "openssl")
XRDP = ("xrdp", "xrdp-sesman", "xfreerdp", "openssl", "xterm", "useradd", "chpasswd")
ACCOUNT = "autosky-rig"


def missing(*programs: str) -> str:
    """Return why a rig cannot be had here; empty when it can."""
    lacking = [program for program in programs if not shutil.which(program)]
    return f"missing here: {', '.join(lacking)} (packaging/system.sh rigs)" if lacking else ""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def listens(port: int) -> bool:
    """Return whether one listens, by the system's word: some servers count connections."""
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    lines = [line.split() for table in tables for line in table.read_text().splitlines()]
    return any(it[1].endswith(f":{port:04X}") and it[3] == "0A" for it in lines)


def nt_hash(password: str) -> str:
    said = subprocess.run(
        ["openssl", "dgst", "-md4", "-r", "-provider", "legacy", "-provider", "default"],
        input=password.encode("utf-16-le"),
        capture_output=True,
        check=True,
    )
    return said.stdout.split()[0].decode()


def certificate(folder: Path, name: str = "server") -> tuple[Path, Path]:
    """Write a new certificate, and its key."""
    made, key = folder / f"{name}.pem", folder / f"{name}.key"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", f"/CN={name}", "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made, key


@contextmanager
def shadow(folder: Path, account: str, password: str) -> Iterator[int]:
    """Yield the port of a server that signs in first (NLA) and shows a screen of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    sam = folder / "sam"
    sam.touch(mode=0o600)
    sam.write_text(f"{account}:::{nt_hash(password)}:::\n")
    port = free_port()
    command = ["freerdp-shadow-cli", f"/port:{port}", "/bind-address:127.0.0.1", "+auth"]
    with virtual_screen() as display:
        process = subprocess.Popen(
            [*command, "/sec:nla", f"/sam-file:{sam}"],
            env={"PATH": os.defpath, "HOME": str(folder), "DISPLAY": display},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            eventually(lambda: listens(port), within=20)
            yield port
        finally:
            process.kill()
            process.wait()


class Xrdp:
    """An xrdp: a whole sign-in through PAM into a session that lasts until `let_end`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    @property
    def said(self) -> str:
        log = self.folder / "sesman.log"
        return log.read_text(errors="replace") if log.exists() else ""

    def let_end(self) -> None:
        """End the window manager's script, and with it the session."""
        (self.folder / "over").touch()

    def write(self) -> None:
        made, key = certificate(self.folder)
        (self.folder / "startwm.sh").write_text(
            f"#!/bin/sh\nxterm &\nwhile [ ! -e {self.folder}/over ]; do sleep 0.1; done\n"
        )
        (self.folder / "startwm.sh").chmod(0o755)
        self._configure("xrdp.ini", {
            "port": f"tcp://127.0.0.1:{self.port}", "certificate": str(made),
            "key_file": str(key), "LogFile": str(self.folder / "xrdp.log"),
        })  # fmt: skip
        self._configure("sesman.ini", {
            "EnableUserWindowManager": "false", "LogFile": str(self.folder / "sesman.log"),
            "DefaultWindowManager": str(self.folder / "startwm.sh"),
        })  # fmt: skip

    def _configure(self, name: str, values: dict[str, str]) -> None:
        """Write the distribution's file, with these lines of its first section said otherwise."""
        lines = (Path("/etc/xrdp") / name).read_text().splitlines()
        seen: set[str] = set()
        for at, line in enumerate(lines):
            key = line.partition("=")[0]
            if key in values and key not in seen:
                lines[at] = f"{key}={values[key]}"
                seen.add(key)
        (self.folder / name).write_text("\n".join(lines) + "\n")


@contextmanager
def xrdp(folder: Path, password: str) -> Iterator[Xrdp]:
    """Yield an xrdp with a throw-away account, made and taken away again. Needs root."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in (folder, folder.parent):
        part.chmod(0o755)  # the account reads its script there
    rig = Xrdp(folder, free_port())
    rig.write()
    with _account(password):
        servers = [
            subprocess.Popen(
                [program, "-n", "-c", str(folder / file)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            for program, file in (("xrdp-sesman", "sesman.ini"), ("xrdp", "xrdp.ini"))
        ]
        try:
            eventually(lambda: listens(3350) and listens(rig.port), within=20)
            yield rig
        finally:
            for server in servers:
                server.terminate()
                server.wait()


@contextmanager
def _account(password: str) -> Iterator[None]:
    subprocess.run(["useradd", "-m", "-s", "/bin/sh", ACCOUNT], check=True, capture_output=True)
    try:
        subprocess.run(
            ["chpasswd"], input=f"{ACCOUNT}:{password}".encode(), check=True, capture_output=True
        )
        yield
    finally:
        eventually(lambda: not _end_all(pwd.getpwnam(ACCOUNT).pw_uid), within=20)
        subprocess.run(["userdel", "-r", ACCOUNT], check=True, capture_output=True)


def _end_all(uid: int) -> list[int]:
    """End what is left of the account's own processes; returns them."""
    left = [int(it.name) for it in Path("/proc").iterdir() if it.name.isdecimal() and _of(it, uid)]
    for pid in left:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return left


def _of(process: Path, uid: int) -> bool:
    with suppress(OSError):
        return process.stat().st_uid == uid
    return False


def told(marker: str, *folders: Path) -> list[str]:
    """Return the places where anybody could read it: command lines, environments and files."""
    wanted = marker.encode()
    places = [
        place for name in ("cmdline", "environ") for place in Path("/proc").glob(f"[0-9]*/{name}")
    ]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return [str(place) for place in (*places, *files) if wanted in _read(place)]


def command_line(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def _read(place: Path) -> bytes:
    with suppress(OSError):
        return place.read_bytes()
    return b""
