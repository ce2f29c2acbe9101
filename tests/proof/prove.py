"""Install what `make package` has made, as those do who get it, do the main job, and remove it.

usage: prove.py [deb] [archive] [wheel]      all of them without a word

Prints what it does, line by line, and ends with 1 at the first line that does not come true.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.proof.bare_root import UID, USER, Root, bare_root, mount
from tests.proof.main_job import SPEED, open_window, publish, sees
from tests.proof.session import Session, session
from tests.support.assistive import Reader
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
KEPT = ROOT / "build/prove"
OPENING_LINKS = ("desktop-file-utils", "xdg-utils")
ENTRY = "io.autosky.desktop.desktop"
THEIRS = (f"/home/{USER}/.config/", f"/home/{USER}/.local/", f"/home/{USER}/.cache/")
"""Where a person's own data is."""


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is tried, and how long it took."""
    print(f"  {what} …", end=" ", flush=True)
    begun, ended = time.monotonic(), "FAILED"
    try:
        yield
        ended = f"{time.monotonic() - begun:.1f} s"
    finally:
        print(ended, flush=True)


def newest(pattern: str, folder: Path = DIST) -> Path:
    found = sorted(folder.glob(pattern), key=lambda it: it.stat().st_mtime)
    if not found:
        raise SystemExit(f"There is no {pattern} in {folder}: run `make package` first.")
    return found[-1]


def older_deb() -> Path:
    """Return the package under a lower number, made of the same folder."""
    for file in KEPT.glob("*.deb"):
        file.unlink()
    made = {"AUTOSKY_PACKAGE_VERSION": "0.0.9", "AUTOSKY_PACKAGE_QUICKLY": "1"}
    subprocess.run(
        [sys.executable, "packaging/linux/deb.py", str(DIST / "autosky-desktop"), str(KEPT)],
        env={**os.environ, **made},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return newest("*.deb", KEPT)


def window(root: Root, *words: str) -> list[str]:
    return root.command("autosky-desktop", "--speed", SPEED, *words, QT_QPA_PLATFORM="xcb")


def opens_a_link(root: Root, reader: Reader) -> None:
    """Open a link as a browser does, and see the window go there."""
    root.run("xdg-open", "autosky://environment/erp-staging")
    sees(reader, "ERP Staging – Autosky Desktop")


def prove_deb(root: Root, here: Session) -> None:
    print("Debian package")
    with step("installing what opens links on any desktop"):
        root.apt("install", "--no-install-recommends", *OPENING_LINKS)
    before = root.files()
    new = newest("*.deb")
    with step("packing the same tree under a lower number"):
        old = older_deb()
    assert not root.has("python3"), "there is a Python in the bare root"
    with step(f"installing {old.name} into a Debian 12 without Python"):
        root.install(old)
    assert not root.has("python3"), "the package brought a Python of Debian's"
    with step("starting offscreen as an ordinary user"):
        said = root.run("autosky-desktop", "--smoke", QT_QPA_PLATFORM="offscreen")
        assert "Shown: " in said, said
    with step("publishing version 42 on a screen"), open_window(here, window(root)) as reader:
        publish(reader, 42)
    with step(f"upgrading to {new.name}"):
        root.install(new)
        told = root.run("dpkg-query", "--show", "--showformat=${Version}", "autosky-desktop")
        assert told in new.name, told
    with (
        step("publishing version 43, with the data of before, and opening a link"),
        open_window(here, window(root)) as reader,
    ):
        sees(reader, "version 42")
        publish(reader, 43)
        opens_a_link(root, reader)
    with step("asking the installed console"):
        assert root.run("autosky", "--version") in {"autosky 0.1.0", f"autosky {told}"}
        shown = root.run("autosky", "environment", "show", "erp-production")
        assert 'name = "ERP Production"' in shown, shown
    with step("removing it, then purging it"):
        root.apt("remove", "autosky-desktop")
        assert not root.has("autosky-desktop")
        root.run("dpkg", "--purge", "autosky-desktop", user=False)
    tell_what_is_left(root, before)


def tell_what_is_left(root: Root, before: set[str]) -> None:
    left = sorted(root.files() - before)
    for file in left:
        print(f"    left: {file}")
    strangers = [file for file in left if not file.startswith(THEIRS)]
    assert strangers == [], f"left behind: {strangers}"
    assert any("autosky-desktop" in file for file in left), "the person's data is gone"


def prove_archive(root: Root, here: Session) -> None:
    print("Archive")
    packed = newest("*.tar.zst")
    if not root.has("autosky-desktop"):
        # what any desktop has: a bare root has no screen's libraries at all
        root.apt("install", "--no-install-recommends", "libegl1", "libgl1", "libxcb1")
        root.apt("install", "--no-install-recommends", "libwayland-egl1", "libwayland-cursor0")
        root.apt("install", "--no-install-recommends", *OPENING_LINKS)
    for name in (".local", ".config", ".cache"):  # of whoever had the package before
        shutil.rmtree(root.home / name, ignore_errors=True)
    before = root.files()
    folder = root.home / "unpacked"
    folder.mkdir()
    with step(f"unpacking and installing {packed.name} without root"):
        subprocess.run(["tar", "--zstd", "-xf", str(packed), "-C", str(folder)], check=True)
        subprocess.run(["chown", "-R", f"{UID}:{UID}", str(folder)], check=True)
        root.run(f"/home/{USER}/unpacked/{packed.name.removesuffix('.tar.zst')}/install.sh")
        shutil.rmtree(folder)
    with step("publishing version 42 on a screen"), open_window(here, window(root)) as reader:
        publish(reader, 42)
        opens_a_link(root, reader)
    with step("removing it"):
        root.run(f"/home/{USER}/.local/lib/autosky-desktop/install.sh", "--remove")
    left = root.files() - before
    programs = [it for it in left if "/lib/autosky-desktop" in it or "/bin/" in it or ENTRY in it]
    assert programs == [], f"left behind: {programs}"
    tell_what_is_left(root, before)


def prove_wheel(work: Path, here: Session) -> None:
    print("Wheel")
    wheel = newest("*.whl")
    home = work / "tools"
    home.mkdir()
    programs = home / "bin"
    if uv := shutil.which("uv"):
        install = [[uv, "tool", "install", "--quiet", str(wheel)]]
    else:
        python = str(home / "venv/bin/python")
        install = [
            [sys.executable, "-m", "venv", str(home / "venv")],
            [python, "-m", "pip", "install", "-qq", str(wheel)],
        ]
        programs = home / "venv/bin"
    told = {"UV_TOOL_DIR": str(home / "uv"), "UV_TOOL_BIN_DIR": str(programs)}
    with step(
        f"installing {wheel.name} with {'uv' if uv else 'pip, in an environment of its own'}"
    ):
        for command in install:
            subprocess.run(command, env={**os.environ, **told}, check=True)
    user = {"HOME": str(here.runtime), "PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC"}
    environment = {**user, **here.environment, "QT_QPA_PLATFORM": "xcb"}
    command = ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
    command += [str(programs / "autosky-desktop"), "--speed", SPEED]
    command = ["setpriv", f"--reuid={UID}", "--clear-groups", *command]
    with step("publishing version 42 on a screen"), open_window(here, command) as reader:
        publish(reader, 42)


def main(wanted: list[str]) -> int:
    KEPT.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="autosky-proof-"))
    work.chmod(0o755)
    try:
        with session(work) as here, bare_root(KEPT, work) as root:
            mount(Path(f"{root.folder}{here.runtime}"), "--bind", str(here.runtime))
            root.environment.update(here.environment)
            proofs: dict[str, Callable[[], None]] = {
                "deb": lambda: prove_deb(root, here),
                "archive": lambda: prove_archive(root, here),
                "wheel": lambda: prove_wheel(work, here),
            }
            for name, prove in proofs.items():
                if name in (wanted or proofs):
                    prove()
    except AssertionError as fault:
        print(f"Not proved: {fault}")
        return 1
    finally:
        clear(work)
    print("Everything is proved.")
    return 0


def clear(work: Path) -> None:
    """Let go of what is mounted below, and remove the folder."""
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for place in sorted(mounted, reverse=True):
        if place.startswith(f"{work}/"):
            subprocess.run(["umount", "--lazy", place], check=True)
    eventually(lambda: not shutil.rmtree(work, ignore_errors=True) and not work.exists())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
