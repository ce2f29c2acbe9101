"""The Debian package of a small frozen folder, whose programs are the system's own."""

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest
from linux import deb


def said(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deb")
    frozen = folder / "frozen"
    inner = frozen / "_internal"
    inner.mkdir(parents=True)
    for name in ("autosky", "autosky-desktop"):
        shutil.copy("/bin/true", frozen / name)
    shutil.copy(next(Path("/usr/lib").glob("*/libxcb-shape.so.0")), inner)
    (inner / "libxcb-shape.so.0").chmod(0o755)
    return deb.make(frozen, folder, "1.2.3")


@pytest.fixture(scope="module")
def tree(package: Path) -> Path:
    folder = package.parent / "tree"
    said("dpkg-deb", "--extract", package, folder)
    return folder


def field(package: Path, name: str) -> str:
    return said("dpkg-deb", "--field", package, name).strip()


def test_it_has_its_name_its_version_and_what_its_programs_need(package: Path) -> None:
    assert package.name.startswith("autosky-desktop_1.2.3_")
    assert field(package, "Version") == "1.2.3"
    depends = field(package, "Depends").split(", ")
    assert [it.partition(" ")[0] for it in depends] == ["libc6", "libxcb1"]
    assert depends[0].startswith("libc6 (>= 2.")
    assert "desktop-file-utils" in field(package, "Recommends")


def test_its_programs_are_called_by_name_through_links_that_hold_anywhere(tree: Path) -> None:
    for name in ("autosky", "autosky-desktop"):
        link = tree / "usr/bin" / name
        assert str(link.readlink()) == f"../lib/autosky-desktop/{name}"
        subprocess.run([link], check=True)


def test_only_programs_may_be_run_and_all_may_be_read(tree: Path) -> None:
    for path in (tree / "usr").rglob("*"):
        if not path.is_symlink():
            program = path.parent == tree / "usr/lib/autosky-desktop" and path.is_file()
            wanted = 0o755 if path.is_dir() or program else 0o644
            assert path.stat().st_mode & 0o7777 == wanted, path


def test_it_says_what_it_is_and_who_wrote_it(tree: Path) -> None:
    documents = tree / "usr/share/doc/autosky-desktop"
    changes = gzip.decompress((documents / "changelog.gz").read_bytes()).decode()
    assert changes.startswith("autosky-desktop (1.2.3) unstable; ")
    assert "License: LGPL-3" in (documents / "copyright").read_text()
    assert (tree / "usr/share/man/man1/autosky-desktop.1.gz").is_file()


def test_its_sums_are_right(package: Path, tree: Path) -> None:
    sums = tree / "sums"
    told = said("sh", "-c", f"dpkg-deb --ctrl-tarfile {package} | tar -xO ./md5sums")
    sums.write_text(told)
    assert said("sh", "-c", f"cd {tree} && md5sum --check --quiet sums") == ""
    assert len(sums.read_text().splitlines()) > 15


def test_a_library_of_an_unknown_package_stops_it(tmp_path: Path) -> None:
    shutil.copy(next(Path("/usr/lib").glob("*/libdbus-1.so.3")), tmp_path)
    with pytest.raises(SystemExit, match=r"libsystemd\.so\.0 is needed"):
        deb.depends(tmp_path)


def test_lintian_finds_no_error_in_it(package: Path) -> None:
    command = ["lintian", "--allow-root", "--fail-on", "error", "--suppress-tags"]
    strangers = "embedded-library,binary-without-manpage,no-shlibs"
    found = subprocess.run([*command, strangers, package], capture_output=True, text=True)
    assert found.returncode == 0, found.stdout
