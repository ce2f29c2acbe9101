"""Screens in other languages, to which the window changes while they are shown: in one that nobody
speaks each text is marked and whole, and in those that there are none is cut in a small window.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from autosky_desktop.system import languages
from autosky_desktop.ui.speaking import speak
from tests.support import gallery, looking, pseudo
from tests.support.person import Person

PSEUDO = "eo"
"""Esperanto by its code, which no catalogue of ours has."""
LOOKED_AT = ("servers", "instances", "publish: optimized", "publish: scheduled",
             "publish: failed", "activity")  # fmt: skip
"""One screen of each room of the window."""

DATA = (
    "ana",
    "rui",
    "This computer",
    "ERP",
    "Payroll",
    "PREP-",
    "WEB-",
    "FILE-",
    "DB-",
    "INST-",
    "Ctrl",
    "UTC",
)
"""How what is no text of ours begins: names of people, servers, keys and zones."""


@pytest.fixture(autouse=True)
def every_language(
    qapp: QApplication, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    folder = _folder(tmp_path_factory)
    monkeypatch.setattr(languages, "folder", lambda: folder)
    yield
    speak("en")


_made: list[Path] = []


def _folder(factory: pytest.TempPathFactory) -> Path:
    if not _made:
        _made.append(factory.mktemp("languages"))
        pseudo.make(_made[0] / f"{PSEUDO}.mo", PSEUDO)
        for file in languages.folder().glob("*.mo"):
            (_made[0] / file.name).write_bytes(file.read_bytes())
    return _made[0]


@asynccontextmanager
async def spoken(code: str, name: str, size: QSize) -> AsyncIterator[QWidget]:
    async with gallery.shown(name, size) as window:
        again = []
        window.reworded.connect(lambda: again.append(1))
        speak(code)
        me = Person(20)
        await me.until(lambda: again, "the window in another language")
        await me.until(looking.stands_still(window), "all of it painted, where it stays")
        yield window


def not_ours(window: QWidget) -> Iterator[str]:
    """Find each text that is not of the pseudo-language, or has something beside it."""
    for widget in looking.shown_in(window):
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            continue
        text = looking.words(widget)
        if pseudo.WORD.search(pseudo.outside(text)) and not text.startswith(DATA):
            yield f"{looking.name_of(widget)}: {text}"


@pytest.mark.parametrize("name", LOOKED_AT)
async def test_each_text_is_marked_and_whole(qloop: object, name: str) -> None:
    async with spoken(PSEUDO, name, gallery.DESIGNED) as window:
        found = list(not_ours(window))
    assert not found, "\n".join([name, *found])


@pytest.mark.parametrize("code", ["pt_BR", "es"])
@pytest.mark.parametrize("name", LOOKED_AT)
async def test_no_text_is_cut(qloop: object, name: str, code: str) -> None:
    async with spoken(code, name, gallery.SMALLEST) as window:
        found = list(gallery.misplaced(window, 1.0))
    assert not found, "\n".join([name, *found])


def test_what_is_not_marked_or_was_put_together_is_found() -> None:
    assert pseudo.outside(pseudo.worded("{n} servers")) == ""
    assert pseudo.outside(f"{pseudo.worded('Stopped')}, since noon") == ", since noon"
    nested = pseudo.worded("Was {state}").format(state=pseudo.worded("stopped"))
    assert pseudo.outside(nested) == ""
    assert len(pseudo.worded("Preparation server")) >= 1.4 * len("Preparation server")
