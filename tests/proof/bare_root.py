"""A bare Debian in a folder, with an ordinary user, into which packages are installed.

debootstrap makes it once; each proof works on a copy. All of this needs root, and a mount namespace
of its own, so that nothing stays mounted: `make prove` gives it both.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

RELEASE = "bookworm"
USER, UID = "ana", 1000
CHANGES_BY_ITSELF = ("/proc/", "/sys/", "/dev/", "/tmp/", "/run/", "/var/", "/etc/ld.so.cache")
INDEXES = ("/usr/share/applications/mimeinfo.cache",)
"""Written by the system's own tools, of all that is installed."""


@dataclass
class Root:
    """A root folder, and what was set for everything that runs in it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.folder / "home" / USER

    def command(self, *words: str, user: bool = True, **more: str) -> list[str]:
        """Return what runs that in it, as the ordinary user or as root, with nothing of ours."""
        home = f"/home/{USER}" if user else "/root"
        told = {"HOME": home, "PATH": f"{home}/.local/bin:{PATH}", "LANG": "C.UTF-8", "TZ": "UTC"}
        told |= self.environment | more
        who = [f"--userspec={UID}:{UID}", "--groups="] if user else []
        environment = [f"{name}={value}" for name, value in told.items()]
        inside = ["chroot", *who, str(self.folder), "env", "--ignore-environment", *environment]
        return [*inside, f"--chdir={home}", *words]

    def run(self, *words: str, user: bool = True, **more: str) -> str:
        """Run that and return what it says. Raises AssertionError with it when it fails."""
        done = subprocess.run(
            self.command(*words, user=user, **more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        ended = f"{words} ended with {done.returncode}:\n{done.stdout}"
        assert done.returncode == 0, ended
        return done.stdout.strip()

    def has(self, program: str) -> bool:
        asked = self.command("sh", "-c", f"command -v {program}")
        return subprocess.run(asked, stdout=subprocess.DEVNULL).returncode == 0

    def apt(self, *words: str) -> str:
        return self.run(
            "apt-get", "-qq", "-y", *words, user=False, DEBIAN_FRONTEND="noninteractive"
        )

    def install(self, package: Path, *more: str) -> None:
        """Install a package from outside, with what it depends on and no more."""
        shutil.copy(package, self.folder / "tmp")
        self.apt("install", "--no-install-recommends", f"/tmp/{package.name}", *more)

    def files(self) -> set[str]:
        """Return all that is in it and belongs to no installed package."""
        owned = set(self.run("sh", "-c", "cat /var/lib/dpkg/info/*.list", user=False).splitlines())
        owned |= {f"/usr{it}" for it in owned}  # where /lib is now
        found = self.run("find", "/", "-xdev", "-not", "-type", "d", user=False).splitlines()
        return {
            it for it in found if it not in owned and not it.startswith(CHANGES_BY_ITSELF + INDEXES)
        }


PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@contextmanager
def bare_root(kept: Path, work: Path) -> Iterator[Root]:
    """Yield a bare Debian below `work`, copied from the one in `kept`, which is made if need be."""
    base = kept / RELEASE
    if not (base / "ready").exists():
        shutil.rmtree(base, ignore_errors=True)
        subprocess.run(
            ["debootstrap", "--variant=minbase", RELEASE, str(base)],
            stdout=subprocess.DEVNULL,
            check=True,
        )
        (base / "ready").touch()
    folder = work / "root"
    subprocess.run(["cp", "--archive", str(base), str(folder)], check=True)
    (folder / "ready").unlink()
    shutil.copy("/etc/resolv.conf", folder / "etc")
    downloads = kept / "downloads"
    (downloads / "partial").mkdir(parents=True, exist_ok=True)
    mount(folder / "proc", "-t", "proc", "proc")
    mount(folder / "var/cache/apt/archives", "--bind", str(downloads))
    root = Root(folder)
    # downloads of one proof serve the next; apt would give up root for fetching into them
    settings = 'APT::Sandbox::User "root"; Binary::apt::APT::Keep-Downloaded-Packages "true";\n'
    (folder / "etc/apt/apt.conf.d/99proof").write_text(settings)
    root.run("useradd", "--create-home", "--uid", str(UID), USER, user=False)
    root.apt("update")
    yield root


def mount(target: Path, *what: str) -> None:
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", *what, str(target)], check=True)


def give_to_user(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    os.chown(folder, UID, UID)
    folder.chmod(0o700)
