"""What this product is called, in which version, by everything that packs it."""

import os
import re
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

from autosky_desktop import __version__
from autosky_desktop.system.folders import APPLICATION

ROOT = Path(__file__).parent.parent
ID = APPLICATION
NAME = "Autosky Desktop"
PROGRAM = "autosky-desktop"
SUMMARY = "Servers and publications of scaling environments"
PUBLISHER = "Autosky Desktop contributors"
COPYRIGHT = "Copyright Autosky Desktop contributors, Apache License 2.0"
SCHEME = "autosky"
VERSION = os.environ.get("AUTOSKY_PACKAGE_VERSION") or __version__
"""Another one is for trying how a version replaces another."""


def four_numbers(version: str = VERSION) -> tuple[int, int, int, int]:
    """Return the version as Windows wants it."""
    numbers = [int(it) for it in re.findall(r"\d+", version)[:4]]
    first, second, third, fourth = [*numbers, 0, 0, 0, 0][:4]
    return first, second, third, fourth


def day() -> date:
    """Return the day of what is packed, that of the last commit: the same tree packs the same."""
    return datetime.fromtimestamp(moment(), UTC).date()


def moment() -> int:
    """Return the same in seconds, as SOURCE_DATE_EPOCH has it for other tools."""
    if told := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(told)
    asked = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    told = subprocess.run(asked, capture_output=True, text=True).stdout.strip()
    return int(told) if told else int((ROOT / "autosky_desktop/__init__.py").stat().st_mtime)


def info_plist() -> dict[str, object]:
    """Return what macOS shall know of the bundle beside what PyInstaller writes by itself."""
    return {
        "CFBundleDisplayName": NAME,
        "CFBundleName": NAME,
        "CFBundleShortVersionString": VERSION,
        "CFBundleVersion": VERSION,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "pt-BR", "es"],
        "CFBundleURLTypes": [
            {"CFBundleURLName": ID, "CFBundleTypeRole": "Viewer", "CFBundleURLSchemes": [SCHEME]}
        ],
        "LSApplicationCategoryType": "public.app-category.business",
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticGraphicsSwitching": True,
        "NSHumanReadableCopyright": COPYRIGHT,
    }


def windows_version() -> str:
    """Return the version resource of Windows' programs, as PyInstaller reads it."""
    numbers = four_numbers()
    said = {
        "CompanyName": PUBLISHER,
        "FileDescription": NAME,
        "FileVersion": VERSION,
        "InternalName": PROGRAM,
        "LegalCopyright": COPYRIGHT,
        "OriginalFilename": f"{PROGRAM}.exe",
        "ProductName": NAME,
        "ProductVersion": VERSION,
    }
    lines = ", ".join(f"StringStruct({name!r}, {value!r})" for name, value in said.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}), kids=["
        f"StringFileInfo([StringTable('040904B0', [{lines}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )
