"""Installing from the archive, with a program of a few lines in the place of the frozen one."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from linux import archive

from tests.support.waiting import eventually

ID = "io.autosky.desktop"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    frozen = folder / "frozen"
    (frozen / "_internal").mkdir(parents=True)
    for name in ("autosky", "autosky-desktop"):
        program = frozen / name
        program.write_text(f'#!/bin/sh\necho "{name} $*"\n')
        program.chmod(0o755)
    (frozen / "_internal/library").write_text("1")
    packed = archive.make(frozen, folder)
    subprocess.run(["tar", "--zstd", "-xf", packed, "-C", folder], check=True)
    return folder / packed.name.removesuffix(".tar.zst")


class Home:
    """The home of a person who installs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *command: str | Path) -> str:
        environment = {"HOME": str(self.folder), "PATH": os.defpath}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    def files(self) -> set[str]:
        found = self.folder.rglob("*")
        kept = [it for it in found if not it.is_dir() and it.name != "mimeinfo.cache"]
        return {str(it.relative_to(self.folder)) for it in kept}


# None with a % in it: GLib looks for "%%", as an entry has to have it, and finds nothing.
@pytest.fixture(params=["plain", 'a "strange" $home'])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    folder = tmp_path / request.param
    folder.mkdir()
    return Home(folder)


def test_the_programs_start_and_the_menu_has_an_entry(unpacked: Path, home: Home) -> None:
    home.run(unpacked / "install.sh")
    assert home.run(home.folder / ".local/bin/autosky-desktop", "--hidden") == (
        "autosky-desktop --hidden\n"
    )
    entry = home.folder / f".local/share/applications/{ID}.desktop"
    home.run("desktop-file-validate", entry)
    assert "TryExec=" not in entry.read_text("utf-8")
    assert "MimeType=x-scheme-handler/autosky;" in entry.read_text("utf-8")
    assert f".local/share/icons/hicolor/256x256/apps/{ID}.png" in home.files()
    assert ".local/share/man/man1/autosky.1.gz" in home.files()


def test_a_link_opens_the_program_wherever_the_home_is(unpacked: Path, home: Home) -> None:
    home.run(unpacked / "install.sh")
    launched = (
        "import sys; from gi.repository import Gio;"
        "entry = Gio.DesktopAppInfo.new_from_filename(sys.argv[1]);"
        "entry.launch_uris(['autosky://server/7'], None)"
    )
    log = home.folder / "log"
    program = home.folder / ".local/lib/autosky-desktop/program/autosky-desktop"
    program.write_text(f"#!/bin/sh\necho \"$*\" >'{log}.part'; mv '{log}.part' '{log}'\n")
    entry = home.folder / f".local/share/applications/{ID}.desktop"
    home.run("/usr/bin/python3", "-c", launched, entry)
    eventually(log.exists)
    assert log.read_text() == "autosky://server/7\n"


def test_a_path_that_needs_no_quotes_has_none(unpacked: Path, tmp_path: Path) -> None:
    plain = Path("/tmp") / f"autosky-home-{tmp_path.stat().st_ino}"
    plain.mkdir()
    try:
        Home(plain).run(unpacked / "install.sh")
        entry = (plain / f".local/share/applications/{ID}.desktop").read_text("utf-8")
        program = plain / ".local/lib/autosky-desktop/program/autosky-desktop"
        assert f"Exec={program} %u" in entry.splitlines()
    finally:
        shutil.rmtree(plain)


def test_a_newer_one_replaces_all_of_the_older_one(unpacked: Path, home: Home) -> None:
    home.run(unpacked / "install.sh")
    before = home.files()
    old = home.folder / ".local/lib/autosky-desktop/program/_internal/of-the-older-one"
    old.write_text("1")
    kept = home.folder / ".local/share/autosky-desktop/plane.db"
    kept.parent.mkdir()
    kept.write_text("data")
    home.run(unpacked / "install.sh")
    assert home.files() == before | {".local/share/autosky-desktop/plane.db"}


def test_removing_leaves_the_data_and_nothing_else(unpacked: Path, home: Home) -> None:
    theirs = home.folder / ".local/bin/autosky"
    theirs.parent.mkdir(parents=True)
    theirs.symlink_to("/usr/bin/true")
    home.run(unpacked / "install.sh")
    theirs.unlink()
    theirs.symlink_to("/usr/bin/true")
    kept = home.folder / ".local/share/autosky-desktop/plane.db"
    kept.parent.mkdir()
    kept.write_text("data")
    autostart = home.folder / ".config/autostart/autosky-desktop.desktop"
    autostart.parent.mkdir(parents=True)
    program = home.folder / ".local/lib/autosky-desktop/program/autosky-desktop"
    autostart.write_text(f"[Desktop Entry]\nTryExec={program}\n")

    said = home.run(home.folder / ".local/lib/autosky-desktop/install.sh", "--remove")
    assert "removed" in said
    assert home.files() == {".local/bin/autosky", ".local/share/autosky-desktop/plane.db"}
    assert theirs.readlink() == Path("/usr/bin/true")


def test_what_starts_another_copy_at_login_is_left(unpacked: Path, home: Home) -> None:
    home.run(unpacked / "install.sh")
    autostart = home.folder / ".config/autostart/autosky-desktop.desktop"
    autostart.parent.mkdir(parents=True)
    autostart.write_text("[Desktop Entry]\nTryExec=/usr/lib/autosky-desktop/autosky-desktop\n")
    home.run(unpacked / "install.sh", "--remove")
    assert home.files() == {".config/autostart/autosky-desktop.desktop"}


def test_a_wrong_word_is_answered_with_how_to_call_it(unpacked: Path, home: Home) -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        home.run(unpacked / "install.sh", "--purge")
    assert caught.value.returncode == 2
    assert caught.value.stderr.startswith("usage: ./install.sh")
    assert home.files() == set()
