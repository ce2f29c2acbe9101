"""A frozen folder, made of a few of Qt's own files, is walked for what nobody needs."""

import shutil
from pathlib import Path

import frozen
import PySide6
import pytest
import shiboken6
from frozen import faults, size

QT = Path(PySide6.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A program of Python's own, and one module of Qt with all that it needs."""
    inner = tmp_path / "_internal"
    for file in (
        QT / "QtCore.abi3.so",
        QT / "Qt/lib/libQt6Core.so.6",
        *(QT / "Qt/lib").glob("libicu*.so.*"),
        *QT.glob("libpyside6.abi3.so.*"),
        QT / "Qt/translations/qtbase_es.qm",
    ):
        target = inner / "PySide6" / file.relative_to(QT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    (inner / "shiboken6").mkdir()
    for file in Path(shiboken6.__file__).parent.glob("libshiboken6.abi3.so.*"):
        shutil.copy(file, inner / "shiboken6")
    (inner / "libQt6Core.so.6").symlink_to("PySide6/Qt/lib/libQt6Core.so.6")
    shutil.copy("/bin/true", tmp_path / "program")
    return tmp_path


def test_where_everything_is_needed_there_is_nothing_to_say(folder: Path) -> None:
    assert list(faults(folder)) == []


def test_a_library_that_nobody_needs_is_named(folder: Path) -> None:
    shutil.copy(QT / "Qt/lib/libQt6Network.so.6", folder / "_internal/PySide6/Qt/lib")
    assert list(faults(folder)) == ["PySide6/Qt/lib/libQt6Network.so.6 is needed by nobody."]


def test_with_the_module_that_needed_them_its_libraries_are_dead(folder: Path) -> None:
    (folder / "_internal/PySide6/QtCore.abi3.so").unlink()
    found = list(faults(folder))
    assert "PySide6/Qt/lib/libQt6Core.so.6 is needed by nobody." in found
    assert "libQt6Core.so.6 is needed by nobody." in found
    assert any("libicudata" in fault for fault in found)


def test_what_a_program_itself_needs_stays(folder: Path) -> None:
    shutil.copy("/bin/sh", folder / "program")
    shutil.copy(next(Path("/lib").glob("*/libc.so.6")), folder / "_internal/libc.so.6")
    assert list(faults(folder)) == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("PySide6/Qt/translations/qtbase_de.qm", "is never seen."),
        ("psycopg_binary/pq.py", "is of an extra."),
        ("boto3/session.py", "is of an extra."),
        ("libvirtmod.cpython-311-x86_64-linux-gnu.so", "is of an extra."),
    ],
)
def test_other_languages_and_what_extras_bring_are_named(
    folder: Path, name: str, fault: str
) -> None:
    file = folder / "_internal" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("1")
    assert f"{name} {fault}" in list(faults(folder))


def test_a_link_that_leads_nowhere_is_named(folder: Path) -> None:
    (folder / "_internal/libQt6Svg.so.6").symlink_to("PySide6/Qt/lib/libQt6Svg.so.6")
    assert "libQt6Svg.so.6 is a link that leads nowhere." in list(faults(folder))


def test_a_link_has_no_size(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("file")
    assert size(tmp_path) == 5


def test_a_module_that_the_control_plane_loads_and_the_program_lacks_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loaded = frozen.loaded_modules()
    assert {"dbos", "psycopg.errors", "autosky_desktop.server.plane"} <= loaded
    assert not any(name.startswith("psycopg_binary") for name in loaded)
    lost = "sqlalchemy.dialects.postgresql.psycopg"  # without it every publication stays queued
    monkeypatch.setattr(frozen, "frozen_modules", lambda _program: loaded - {lost})
    assert list(frozen.absent(Path("autosky"))) == [
        f"{lost} is loaded by the control plane and is not in autosky."
    ]
