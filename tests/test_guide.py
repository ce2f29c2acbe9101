"""The guide in docs leads nowhere wrong, says the window's own words, and says the same in each
language.
"""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.support.serving import ROOT

GUIDE = ROOT / "docs"
ENGLISH = GUIDE / "en"
TRANSLATED = {GUIDE / "pt": "pt_BR", GUIDE / "es": "es"}
"""The folder of each other language, with the catalogue of the window's words."""
PAGES = sorted(page.name for page in ENGLISH.glob("*.md"))
LINK = re.compile(r"\]\((?P<to>[^)#]+)\)")
BOLD = re.compile(r"\*\*(?P<words>.+?)\*\*", re.DOTALL)
COMMAND = re.compile(r"autosky environment (?P<verb>[a-z]+)")
BLOCK = re.compile(r"```sh\n(.+?)```", re.DOTALL)


@pytest.fixture(params=TRANSLATED, ids=lambda it: str(it.name))
def folder(request: pytest.FixtureRequest) -> Path:
    """The guide in another language than English."""
    return Path(request.param)


@cache
def catalogue(folder: Path) -> Catalog:
    with (ROOT / f"resources/languages/{TRANSLATED[folder]}.po").open("rb") as file:
        return read_po(file)


def words_of(page: Path) -> list[str]:
    """Return what the page quotes from the window."""
    return [" ".join(it["words"].split()) for it in BOLD.finditer(page.read_text("utf-8"))]


def translations(words: str, folder: Path) -> set[str]:
    """Return how the window says that in the other language: a word may mean several things."""
    found = [it for it in catalogue(folder) if it.id == words]
    assert found, f"the window does not say “{words}”"
    return {str(it.string) for it in found}


def test_there_is_each_page_in_each_language(folder: Path) -> None:
    assert len(PAGES) > 10
    assert sorted(page.name for page in folder.glob("*.md")) == PAGES


@pytest.mark.parametrize("name", PAGES)
def test_its_links_lead_to_a_page(folder: Path, name: str) -> None:
    for page in (ENGLISH / name, folder / name):
        linked = [it["to"] for it in LINK.finditer(page.read_text("utf-8"))]
        assert [to for to in linked if not (page.parent / to).is_file()] == []


@pytest.mark.parametrize("name", PAGES)
def test_it_says_what_the_window_says(folder: Path, name: str) -> None:
    """The words in bold are the window's, and in each language their translations."""
    there = words_of(folder / name)
    english = words_of(ENGLISH / name)
    assert [it for it in english if not translations(it, folder) & set(there)] == []
    said = {str(it.string) for it in catalogue(folder)}
    assert [it for it in there if it not in said] == []


@pytest.mark.parametrize("name", PAGES)
def test_it_names_the_same_commands(folder: Path, name: str) -> None:
    first, second = (
        re.findall(BLOCK, (there / name).read_text("utf-8")) for there in (ENGLISH, folder)
    )
    assert [it.split() for it in first] == [it.split() for it in second]


def test_the_console_has_its_commands() -> None:
    named = {
        it["verb"]
        for page in ENGLISH.glob("*.md")
        for it in COMMAND.finditer(page.read_text("utf-8"))
    }
    assert {"find", "check", "leftovers"} <= named
    asked = [sys.executable, "-m", "autosky_desktop.cli", "environment", "--help"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert named <= set(re.findall(r"^ +([a-z]+) ", told, re.MULTILINE))
