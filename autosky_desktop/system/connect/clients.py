"""The clients on this computer: which there are, which is taken, and what to install if none."""

import os
import platform
import shutil
import sys
from pathlib import Path

import platformdirs
from msgspec import Struct

from autosky_desktop.domain.connecting import Advice
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system import folders
from autosky_desktop.system.connect import freerdp, prompting_client, ssh, ssh_windows, terminals
from autosky_desktop.system.connect.launcher import Launcher

WINDOWS_APPS = ("Windows App.app", "Microsoft Remote Desktop.app")
APPLICATIONS = Path("/Applications")

CONSOLE = "ssh-console"
FREERDP = ("xfreerdp3", "sdl-freerdp3", "xfreerdp", "sdl-freerdp")
PROMPTING = {
    "remmina": ("Remmina", prompting_client.remmina),
    "krdc": ("KRDC", prompting_client.krdc),
}
FLATPAKS = {"remmina": "org.remmina.Remmina", "krdc": "org.kde.krdc"}
"""What Flatpak calls them: it puts each into a folder that many have in no PATH."""


INSTALLS = {
    "debian-12": ("sudo apt install", "freerdp2-x11", "openssh-client"),
    "debian": ("sudo apt install", "freerdp3-x11", "openssh-client"),
    "ubuntu": ("sudo apt install", "freerdp3-x11", "openssh-client"),
    "fedora": ("sudo dnf install", "freerdp", "openssh-clients"),
    "rhel": ("sudo dnf install", "freerdp", "openssh-clients"),
    "arch": ("sudo pacman -S", "freerdp", "openssh"),
    "suse": ("sudo zypper install", "freerdp", "openssh-clients"),
}
"""By what a Linux is or is like: how it installs, and what FreeRDP and OpenSSH are called there."""


class Client(Struct, frozen=True, kw_only=True):
    """A client on this computer. Settings keep its `id`; `takes_password`: it can be given one."""

    id: str
    name: str
    path: Path
    protocol: Protocol
    takes_password: bool = True


def found(protocol: Protocol) -> list[Client]:
    """Return the clients that there are for the protocol, the best first."""
    if protocol is Protocol.RDP:
        return _of_windows() or _of_mac() + _freerdp() + _foreign()
    return _terminals() if protocol is Protocol.SSH else []


def in_order(protocol: Protocol, *wanted: str) -> list[Client]:
    """Return the clients that there are: first those `wanted` (ids), then the best."""
    places = {id_: place for place, id_ in enumerate(dict.fromkeys(wanted))}
    return sorted(found(protocol), key=lambda client: places.get(client.id, len(places)))


def chosen(protocol: Protocol, *wanted: str) -> Client | None:
    """Return the first of those; None if there is none."""
    return next(iter(in_order(protocol, *wanted)), None)


def launcher(client: Client, *, ssh_config: bool = False) -> Launcher:
    """Return the launcher of that client. `ssh_config` as in `Settings`."""
    if client.id == CONSOLE:
        return ssh_windows.SshConsole(client.path, own=ssh_config)
    if client.protocol is Protocol.SSH:
        return ssh.Ssh(client.id, client.path, own=ssh_config)
    if client.id in PROMPTING:
        return prompting_client.PromptingClient(client.path, PROMPTING[client.id][1])
    if sys.platform == "win32" and client.id == "mstsc":
        from autosky_desktop.system.connect.mstsc import Mstsc
        from autosky_desktop.system.connect.wincred import WindowsCredentials

        return Mstsc(client.path, WindowsCredentials())
    if client.id == "windows-app":
        from autosky_desktop.system.connect.windows_app import WindowsApp

        return WindowsApp(client.path, folders.runtime())
    return freerdp.FreeRdp(client.path)


def advice(protocol: Protocol) -> Advice:
    """Return what to install for the protocol, and how on this system."""
    if sys.platform == "win32":
        package = "OpenSSH.Client" if protocol is Protocol.SSH else "mstsc"
        command = f"Add-WindowsCapability -Online -Name {package}~~~~0.0.1.0"
        return Advice(package=package, command=command if protocol is Protocol.SSH else "")
    if sys.platform == "darwin":
        return Advice(package="Windows App", command="brew install --cask windows-app")
    if protocol is Protocol.SSH and shutil.which("ssh"):
        return _terminal()
    name = "OpenSSH" if protocol is Protocol.SSH else "FreeRDP"
    for like in _distribution():
        if like in INSTALLS:
            install, rdp, ssh = INSTALLS[like]
            package = ssh if protocol is Protocol.SSH else rdp
            return Advice(package=package, command=f"{install} {package}")
    return Advice(package=name)


def _terminal() -> Advice:
    """Return the advice to install a terminal, which is what lacks where ssh is there."""
    install = next((INSTALLS[it][0] for it in _distribution() if it in INSTALLS), "")
    return Advice(package="xterm", command=f"{install} xterm" if install else "", terminal=True)


def _distribution() -> list[str]:
    """Return what this Linux is and is like, the most exact first."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return []
    own = release.get("ID", "")
    return [f"{own}-{release.get('VERSION_ID', '')}", own, *release.get("ID_LIKE", "").split()]


def _freerdp() -> list[Client]:
    """Return each FreeRDP once: the X11 program is seen to be up, the other one is only timed."""
    return [
        Client(id=name, name="FreeRDP", path=Path(path), protocol=Protocol.RDP)
        for name in FREERDP
        if (path := shutil.which(name))
    ]


def _terminals() -> list[Client]:
    """Return the terminals, none without ssh: they would be of no use."""
    program = shutil.which("ssh")
    if program and sys.platform == "win32":
        return [_console(Path(program))]
    there = terminals.found() if program else {}
    return [
        Client(id=name, name=name, path=path, protocol=Protocol.SSH) for name, path in there.items()
    ]


def _console(program: Path) -> Client:
    protocol = Protocol.SSH
    return Client(id=CONSOLE, name="OpenSSH", path=program, protocol=protocol, takes_password=False)


def _foreign() -> list[Client]:
    return [
        Client(id=id_, name=name, path=Path(path), protocol=Protocol.RDP, takes_password=False)
        for id_, (name, _build) in PROMPTING.items()
        if (path := shutil.which(id_) or shutil.which(FLATPAKS[id_], path=_of_flatpak()))
    ]


def _of_flatpak() -> str:
    """Return the folders of what Flatpak has installed, for this person and for all."""
    ours = platformdirs.user_data_path(), Path("/var/lib")
    return os.pathsep.join(str(it / "flatpak/exports/bin") for it in ours)


def _of_windows() -> list[Client]:
    path = shutil.which("mstsc") if sys.platform == "win32" else None
    name = "Remote Desktop Connection"
    return [Client(id="mstsc", name=name, path=Path(path), protocol=Protocol.RDP)] if path else []


def _of_mac() -> list[Client]:
    if sys.platform != "darwin":
        return []
    return [
        Client(
            id="windows-app",
            name="Windows App",
            path=APPLICATIONS / name,
            protocol=Protocol.RDP,
            takes_password=False,
        )
        for name in WINDOWS_APPS
        if (APPLICATIONS / name).is_dir()
    ][:1]
