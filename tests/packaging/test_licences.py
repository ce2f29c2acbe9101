"""The licences that go along with what others have made."""

from pathlib import Path

from licences import distributions, gather


def test_every_package_has_its_text_and_a_line_that_names_it(tmp_path: Path) -> None:
    gather(tmp_path, ["httpx", "PySide6", "shiboken6", "typing_extensions", "yaml"], [])
    index = (tmp_path / "README.txt").read_text("utf-8")
    assert "httpx 0.28" in index
    assert "BSD" in (tmp_path / "httpx/LICENSE.md").read_text("utf-8") + index
    assert (tmp_path / "PyYAML/LICENSE").is_file() or (tmp_path / "pyyaml/LICENSE").is_file()
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in (
        tmp_path / "typing_extensions/LICENSE"
    ).read_text("utf-8")
    assert all(line.rpartition(", ")[2] for line in index.splitlines() if line.strip())


def test_qt_goes_with_the_lgpl_and_how_to_put_another_in_its_place(tmp_path: Path) -> None:
    gather(tmp_path, ["PySide6", "shiboken6"], [])
    index = (tmp_path / "README.txt").read_text("utf-8")
    assert [line.rpartition(", ")[2] for line in index.splitlines() if " 6." in line] == [
        "in Qt.txt",
        "in Qt.txt",
    ]
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in (tmp_path / "LGPL-3.0.txt").read_text("utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in (tmp_path / "GPL-3.0.txt").read_text("utf-8")
    assert "How to use another Qt" in (tmp_path / "Qt.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE" in (tmp_path / "Inter.txt").read_text("utf-8")


def test_a_library_of_the_system_goes_with_what_debian_says_of_it(tmp_path: Path) -> None:
    library = next(Path("/usr/lib").glob("*/libdbus-1.so.3"))
    gather(tmp_path, [], [library])
    assert "D-Bus" in (tmp_path / "libdbus-1-3/copyright.txt").read_text("utf-8")
    assert "libdbus-1-3, of Debian: in libdbus-1-3" in (tmp_path / "README.txt").read_text("utf-8")


def test_only_what_is_inside_is_named() -> None:
    assert distributions(["httpx", "nothing_of_this_name", "autosky_desktop"]) == {"httpx"}
