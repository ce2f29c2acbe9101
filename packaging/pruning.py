"""What a frozen program leaves behind: what nobody needs, and what is never seen.

Two rules, for the names that files have on Linux, Windows and macOS alike:

- **By name.** Translations of languages that the window does not speak, and plug-ins of Qt that a
  window of widgets does not load.
- **By need.** A library stays if a file that stays lists it as needed. Whatever the interpreter or
  Qt loads by its name (modules of Python, plug-ins of Qt, Python itself) is where that begins.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

LANGUAGES = ("pt_BR", "es")
"""Qt's own dialogs speak English without a translation."""

_UNSEEN = re.compile(
    r"""
    PySide6/(?:Qt/)?translations/(?!qtbase_(?:LANGUAGES)\.qm$)
    | PySide6/(?:Qt/)?plugins/
      (?:
        (?:egldeviceintegrations|generic|networkinformation|printsupport|tls|sqldrivers)/
        | platforms/(?:lib)?q(?:eglfs|linuxfb|minimal|vkkhrdisplay|vnc|direct2d)
        | platformthemes/libqgtk3
        | platforminputcontexts/(?:lib)?qtvirtualkeyboard
        | imageformats/(?:lib)?q(?!svg|ico)
      )
    | (?:PySide6/)?(?:opengl32sw|d3dcompiler_\d+)\.dll$  # drawing without widgets
    | psycopg
    """.replace("LANGUAGES", "|".join(LANGUAGES)),
    re.VERBOSE,
)
_LIBRARY = re.compile(
    r"lib[^/]+\.so(\.[\d.]+)?$|.+\.(dll|dylib)$|[^/.]+\.framework/", re.IGNORECASE
)
_LOADED_BY_NAME = re.compile(
    r"plugins/|(^|/)(libpython|python3|vcruntime|msvcp|ucrtbase|api-ms-)"
    r"|(^|/)Python(\.framework/|$)",
    re.IGNORECASE,
)

Needs = Callable[[Iterable[str]], Mapping[str, set[str]]]
"""Reads of which libraries each of these files says that it needs them, by their plain names."""

Entry = tuple[str, str, str]
"""A line of PyInstaller's lists: the name in the folder, the file that it comes from, its kind."""


def is_seen(name: str) -> bool:
    """Return whether a file of that name is of use to a window of widgets in our languages."""
    return not _UNSEEN.match(plain(name))


def is_library(name: str) -> bool:
    """Return whether that is a library, which stays only where something else needs it."""
    name = plain(name)
    inside = _LIBRARY.match(PurePosixPath(name).name) or ".framework/" in name
    return bool(inside) and not _LOADED_BY_NAME.search(name)


def plain(name: str) -> str:
    return name.replace("\\", "/")


def file_name(name: str) -> str:
    """Return the name by which others need a file; Windows does not tell large from small."""
    found = PurePosixPath(plain(name)).name
    return found.lower() if found.lower().endswith(".dll") else found


def dead(names: Iterable[str], needs: Mapping[str, set[str]]) -> set[str]:
    """Return those libraries that nothing needs, be it through others. `needs` has these names."""
    names = set(names)
    alive: set[str] = set()
    coming = {name for name in names if not is_library(name)}
    while coming:
        alive |= coming
        wanted = {file_name(it) for name in coming for it in needs.get(name, ())}
        coming = {name for name in names - alive if file_name(name) in wanted}
    return names - alive


def pruned(entries: Iterable[Entry], read: Needs) -> list[Entry]:
    """Return what stays of the files to collect, and of the links to them."""
    seen = [entry for entry in entries if is_seen(entry[0])]
    found = read({entry[1] for entry in seen if entry[2] in ("BINARY", "EXTENSION")})
    needs = {name: found.get(file, set()) for name, file, _ in seen}
    gone = dead(needs, needs)
    return [entry for entry in seen if entry[0] not in gone]


def needs_of_elf(files: Iterable[str]) -> dict[str, set[str]]:
    """Read what Linux's loader reads."""
    said = subprocess.run(
        ["objdump", "--private-headers", *sorted(files)], capture_output=True, text=True
    ).stdout
    found: dict[str, set[str]] = {}
    for part in re.split(r"^(?=\S.*:\s+file format )", said, flags=re.MULTILINE):
        file, _, headers = part.partition(":     file format ")
        found[file] = set(re.findall(r"^\s+NEEDED\s+(\S+)$", headers, re.MULTILINE))
    return found


def needs_here(files: Iterable[str]) -> dict[str, set[str]]:
    """Read what the loader of this computer reads: PyInstaller knows how, slowly on Linux."""
    if sys.platform == "linux":
        return needs_of_elf(files)
    from PyInstaller.depend.bindepend import get_imports

    return {file: {it for it, _ in get_imports(file)} for file in files}
