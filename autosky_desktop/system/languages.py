"""The languages that there are catalogues of, and which of them the person speaks."""

import logging
import os
import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from autosky_desktop.system import folders
from autosky_desktop.words import language
from autosky_desktop.words.language import ENGLISH

log = logging.getLogger(__name__)

SYSTEM = "system"
"""The choice to speak what the system does."""
UNTRANSLATED = ("C", "POSIX")


def folder() -> Path:
    """Return the folder of the catalogues."""
    return folders.resources() / "languages"


def speak(chosen: str = SYSTEM) -> None:
    """Word everything in that language from now on, or in the system's. A catalogue that is damaged
    or missing leaves it English.
    """
    code = of_system() if chosen == SYSTEM else chosen
    try:
        language.use(None if code == ENGLISH else folder() / f"{code}.mo")
    except (OSError, ValueError, struct.error) as cause:
        log.warning("The language %s cannot be used: %s", code, cause)
        language.use(None)


def of_system() -> str:
    """Return the language that the person told the system to speak, as far as we speak it."""
    there = [it.stem for it in folder().glob("*.mo")]
    return nearest(told_by(os.environ) or _told_by_windows(), there)


def nearest(wanted: list[str], there: list[str]) -> str:
    """Return the first of the wanted languages that is there, if need be as it is spoken elsewhere:
    pt_BR for pt_PT; English without one.
    """
    for code in wanted:
        spoken = code.split("_")[0]
        if code in there:
            return code
        if spoken == ENGLISH:
            return ENGLISH
        if near := next((it for it in sorted(there) if it.split("_")[0] == spoken), ""):
            return near
    return ENGLISH


def told_by(environment: Mapping[str, str]) -> list[str]:
    """Return the languages that the environment asks for, the dearest first, by gettext's rules:
    LC_ALL goes before LC_MESSAGES and LANG, and LANGUAGE lists more, unless nothing is translated.
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((_code(it) for name in names if (it := environment.get(name))), "")
    if locale in UNTRANSLATED:
        return [ENGLISH]
    several = environment.get("LANGUAGE", "").split(":") if locale else []
    return list(dict.fromkeys(code for it in (*several, locale) if (code := _code(it))))


def _code(locale: str) -> str:
    """Return the language and country of a locale: pt_BR of pt_BR.UTF-8@latin."""
    return locale.partition(".")[0].partition("@")[0].replace("-", "_")


def _told_by_windows() -> list[str]:
    if sys.platform != "win32":
        return []
    return list(_windows())


def _windows() -> Iterator[str]:
    import ctypes
    import locale

    number = ctypes.windll.kernel32.GetUserDefaultUILanguage()  # type: ignore[attr-defined]
    if name := locale.windows_locale.get(number):
        yield _code(name)
