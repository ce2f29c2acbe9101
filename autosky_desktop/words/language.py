"""The language that everything is worded in: English as it stands in the code, or a catalogue of
gettext's.

A text is looked up when it is shown, so that `use` changes the language at any time. English needs
no catalogue, and gettext is not loaded for it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import GNUTranslations

ENGLISH = "en"

_catalogue: "GNUTranslations | None" = None


def use(catalogue: Path | None) -> None:
    """Word everything in the language of that catalogue (a .mo file) from now on; None: English.

    Raises OSError for a file that cannot be read, or that is no catalogue.
    """
    global _catalogue
    if catalogue is None:
        _catalogue = None
        return
    from gettext import GNUTranslations

    with catalogue.open("rb") as file:
        _catalogue = GNUTranslations(file)


def code() -> str:
    """Return the code of the language, as its catalogue has it: en, pt_BR."""
    return _catalogue.info().get("language", ENGLISH) if _catalogue else ENGLISH


def _(text: str) -> str:
    """Return the text in the language; no text stays none, for which gettext has its own header."""
    return _catalogue.gettext(text) if _catalogue and text else text


def pgettext(context: str, text: str) -> str:
    """Return a text that has to be told from the same one elsewhere: "None" of men, or of women."""
    return _catalogue.pgettext(context, text) if _catalogue else text


def ngettext(one: str, many: str, number: int) -> str:
    """Return the text for that number, by the rule of the language. It may hold the number: {n}."""
    if _catalogue:
        return _catalogue.ngettext(one, many, number)
    return one if number == 1 else many


def N_(text: str) -> str:
    """Mark a text that is looked up later, with `_`, when it is shown."""
    return text


def NP_(_context: str, text: str) -> str:
    """Mark a text that is looked up later, with `pgettext`."""
    return text
