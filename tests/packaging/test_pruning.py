"""What a frozen folder leaves behind, by the names that files have on each system."""

import subprocess
from pathlib import Path

import pytest
from pruning import dead, is_library, is_seen, needs_of_elf, pruned

LINUX = {
    "python3.11/lib-dynload/_ssl.cpython-311-x86_64-linux-gnu.so": {"libssl.so.3", "libc.so.6"},
    "libssl.so.3": {"libcrypto.so.3"},
    "libcrypto.so.3": set(),
    "libpython3.11.so.1.0": {"libc.so.6"},
    "PySide6/QtWidgets.abi3.so": {"libQt6Widgets.so.6", "libpyside6.abi3.so.6.11"},
    "PySide6/libpyside6.abi3.so.6.11": {"libshiboken6.abi3.so.6.11"},
    "shiboken6/libshiboken6.abi3.so.6.11": set(),
    "PySide6/Qt/lib/libQt6Widgets.so.6": {"libQt6Gui.so.6"},
    "PySide6/Qt/lib/libQt6Gui.so.6": set(),
    "libQt6Gui.so.6": set(),
    "PySide6/Qt/plugins/platforms/libqxcb.so": {"libQt6XcbQpa.so.6"},
    "PySide6/Qt/lib/libQt6XcbQpa.so.6": set(),
    "PySide6/Qt/lib/libQt6Network.so.6": {"libgssapi_krb5.so.2"},
    "libQt6Network.so.6": set(),
    "libgssapi_krb5.so.2": {"libkrb5.so.3"},
    "libkrb5.so.3": set(),
}
WINDOWS = {
    "_ssl.pyd": {"LIBSSL-3.DLL", "KERNEL32.dll"},
    "libssl-3.dll": {"libcrypto-3.dll"},
    "libcrypto-3.dll": set(),
    "python311.dll": {"VCRUNTIME140.dll"},
    "VCRUNTIME140.dll": set(),
    r"PySide6\QtWidgets.pyd": {"Qt6Widgets.dll", "pyside6.abi3.dll"},
    r"PySide6\pyside6.abi3.dll": {"shiboken6.abi3.dll"},
    r"shiboken6\shiboken6.abi3.dll": set(),
    r"PySide6\Qt6Widgets.dll": {"Qt6Gui.dll"},
    r"PySide6\Qt6Gui.dll": set(),
    r"PySide6\plugins\platforms\qwindows.dll": {"Qt6Gui.dll"},
    r"PySide6\Qt6Network.dll": {"dnsapi.dll"},
}
MACOS = {
    "lib-dynload/_ssl.cpython-311-darwin.so": {"@rpath/libssl.3.dylib"},
    "libssl.3.dylib": {"@loader_path/libcrypto.3.dylib"},
    "libcrypto.3.dylib": set(),
    "Python.framework/Versions/3.11/Python": set(),
    "PySide6/QtWidgets.abi3.so": {"@rpath/QtWidgets.framework/Versions/A/QtWidgets"},
    "PySide6/Qt/lib/QtWidgets.framework/Versions/A/QtWidgets": {
        "@rpath/QtGui.framework/Versions/A/QtGui"
    },
    "PySide6/Qt/lib/QtGui.framework/Versions/A/QtGui": set(),
    "PySide6/Qt/plugins/platforms/libqcocoa.dylib": {"@rpath/QtGui.framework/Versions/A/QtGui"},
    "PySide6/Qt/lib/QtNetwork.framework/Versions/A/QtNetwork": set(),
}


@pytest.mark.parametrize(
    ("folder", "gone"),
    [
        (
            LINUX,
            {
                "PySide6/Qt/lib/libQt6Network.so.6",
                "libQt6Network.so.6",
                "libgssapi_krb5.so.2",
                "libkrb5.so.3",
            },
        ),
        (WINDOWS, {r"PySide6\Qt6Network.dll"}),
        (MACOS, {"PySide6/Qt/lib/QtNetwork.framework/Versions/A/QtNetwork"}),
    ],
    ids=["Linux", "Windows", "macOS"],
)
def test_a_library_goes_that_nothing_needs_nor_what_it_alone_needs(
    folder: dict[str, set[str]], gone: set[str]
) -> None:
    assert dead(folder, folder) == gone


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/translations/qt_help_es.qm",
        r"PySide6\translations\qtbase_fr.qm",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        r"PySide6\plugins\tls\qschannelbackend.dll",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        r"PySide6\plugins\platforms\qminimal.dll",
        r"PySide6\plugins\imageformats\qwebp.dll",
        "PySide6/Qt/plugins/imageformats/libqjpeg.dylib",
        r"PySide6\opengl32sw.dll",
        "psycopg_binary.libs/libpq-e9b5c9ac.so.5.18",
    ],
)
def test_what_is_never_seen_goes(name: str) -> None:
    assert not is_seen(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/translations/qtbase_pt_BR.qm",
        r"PySide6\translations\qtbase_es.qm",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        r"PySide6\plugins\platforms\qwindows.dll",
        r"PySide6\plugins\styles\qmodernwindowsstyle.dll",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        r"PySide6\plugins\imageformats\qsvg.dll",
        "PySide6/Qt/plugins/imageformats/libqico.so",
        "autosky_desktop/resources/icons/cloud.svg",
    ],
)
def test_what_the_window_loads_stays(name: str) -> None:
    assert is_seen(name)


def test_links_go_and_stay_with_what_they_lead_to(tmp_path: Path) -> None:
    module, library, other = (str(tmp_path / name) for name in ("module", "library", "other"))
    entries = [
        ("_module.abi3.so", module, "EXTENSION"),
        ("folder/libneeded.so.6", library, "BINARY"),
        ("libneeded.so.6", "folder/libneeded.so.6", "SYMLINK"),
        ("folder/libdead.so.6", other, "BINARY"),
        ("libdead.so.6", "folder/libdead.so.6", "SYMLINK"),
        ("notes.txt", "notes.txt", "DATA"),
    ]
    asked: list[str] = []

    def read(files: set[str]) -> dict[str, set[str]]:
        asked.extend(files)
        return {module: {"libneeded.so.6"}, library: set(), other: set()}

    kept = pruned(entries, read)
    assert [name for name, *_ in kept] == [
        "_module.abi3.so",
        "folder/libneeded.so.6",
        "libneeded.so.6",
        "notes.txt",
    ]
    assert sorted(asked) == sorted([module, library, other])


def test_two_libraries_that_need_each_other_alone_are_dead() -> None:
    folder = {"liba.so.1": {"libb.so.1"}, "libb.so.1": {"liba.so.1"}}
    assert dead(folder, folder) == {"liba.so.1", "libb.so.1"}


def test_what_an_elf_file_needs_is_read_as_the_loader_reads_it() -> None:
    import PySide6.QtWidgets

    module = PySide6.QtWidgets.__file__
    found = needs_of_elf([module, "/bin/sh"])
    assert {"libQt6Widgets.so.6", "libQt6Gui.so.6"} <= found[module]
    assert "libc.so.6" in found["/bin/sh"]
    loader = subprocess.run(["ldd", module], capture_output=True, text=True).stdout
    assert all(name in loader for name in found[module])


def test_a_module_of_python_is_no_library_whatever_its_name() -> None:
    assert not is_library("cryptography/hazmat/bindings/_rust.abi3.so")
    assert not is_library("PySide6/Qt/plugins/platforms/libqxcb.so")
    assert is_library("shiboken6/libshiboken6.abi3.so.6.11")
