"""Gather the licences of all that a frozen program consists of.

Of Python's packages they lie beside what is installed, of libraries of a Debian system in the
`copyright` of their package; those of Qt, which lie nowhere, are in the folder `licences` here.
"""

import shutil
import subprocess
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

OURS = "autosky-desktop"
TEXTS = Path(__file__).with_name("licences")
_NAMED = ("license", "licence", "copying", "notice", "authors")


def gather(folder: Path, modules: Iterable[str], libraries: Iterable[Path]) -> None:
    """Write the licences of the packages with those top modules, and of the system's libraries."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(TEXTS, folder)
    shutil.copy(TEXTS.parents[1] / "LICENSE", folder / "Autosky-Desktop.txt")
    shutil.copy(TEXTS.parents[1] / "resources/fonts/OFL.txt", folder / "Inter.txt")
    lines = ["Autosky Desktop (Apache License 2.0: Autosky-Desktop.txt) contains:", ""]
    lines.append("Inter, a font: SIL Open Font License 1.1, in Inter.txt")
    lines.append("Python: PSF License 2.0, in typing_extensions")
    lines += [_of_package(folder, name) for name in sorted(distributions(modules), key=str.lower)]
    lines += [f"{name}, of Debian: in {name}" for name in _of_system(folder, libraries)]
    (folder / "README.txt").write_text("\n".join(lines) + "\n", "utf-8")


def distributions(modules: Iterable[str]) -> set[str]:
    """Return the packages that these top modules come from."""
    known = metadata.packages_distributions()
    return {name for module in modules for name in known.get(module, ()) if name != OURS}


def _of_package(folder: Path, name: str) -> str:
    told = metadata.metadata(name)
    texts = [it for it in metadata.files(name) or () if _is_licence(it)]
    for text in texts:
        target = folder / name / text.name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(text.locate(), target)
    kind = (
        told.get("License-Expression") or _classified(told) or (told.get("License") or "").strip()
    )
    where = f"in {name}" if texts else "in Qt.txt" if name in _QT else told.get("Home-page") or ""
    return f"{name} {told['Version']}: {kind.splitlines()[0] if kind else 'see its text'}, {where}"


_QT = ("PySide6_Essentials", "PySide6-Essentials", "pyside6-essentials", "shiboken6")


def _is_licence(file: metadata.PackagePath) -> bool:
    return ".dist-info" in file.parts[0] and file.name.lower().startswith(_NAMED)


def _classified(told: metadata.PackageMetadata) -> str:
    kinds = told.get_all("Classifier") or []
    return ", ".join(it.rpartition(" :: ")[2] for it in kinds if it.startswith("License"))


def _of_system(folder: Path, libraries: Iterable[Path]) -> list[str]:
    """Copy what Debian says of the packages of these libraries; returns their names."""
    places = {str(place) for it in libraries for place in (it, it.resolve())}
    places |= {place.removeprefix("/usr") for place in places}  # as Debian once had them
    try:
        asked = subprocess.run(
            ["dpkg", "--search", *sorted(places)], capture_output=True, text=True
        ).stdout
    except FileNotFoundError:  # no Debian
        return []
    packages = sorted({line.partition(":")[0] for line in asked.splitlines()})
    for package in packages:
        (folder / package).mkdir(exist_ok=True)
        shutil.copy(f"/usr/share/doc/{package}/copyright", folder / package / "copyright.txt")
    return packages
