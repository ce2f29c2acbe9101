"""The language is chosen in Settings and changes at once, with all that somebody was in the middle
of."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialogButtonBox, QWidget

from autosky_desktop.ui.speaking import speak
from autosky_desktop.words import language
from tests.support.evening import Evening, an_evening
from tests.support.person import Person, visible


@pytest.fixture(autouse=True)
def english_again(qapp: QApplication) -> Iterator[None]:
    yield
    speak("en")


async def choose(me: Person, evening: Evening, name: str) -> None:
    """By keys, in a field that is known by what it offers in any language."""
    evening.desktop.background.show_settings()

    def field() -> QComboBox | None:
        return next((it for it in visible(QComboBox) if it.findText(name) >= 0), None)

    found = await me.until(field, name)
    found.setFocus()
    QTest.keyClick(found, Qt.Key.Key_Home)
    while found.currentText() != name:
        QTest.keyClick(found, Qt.Key.Key_Down)


async def test_the_whole_window_changes_at_once_and_back(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await choose(me, evening, "Português (Brasil)")
        await me.sees("Configurações")
        assert evening.preferences.settings.language == "pt_BR"
        await me.presses("Fechar")
        await me.sees("Servidor de preparação")
        await me.sees("Localizar um ambiente")
        await me.no_longer_sees("Preparation server")
        assert QLocale().dayName(2) == "terça-feira"
        await choose(me, evening, "English")
        await me.sees("Settings")
        await me.presses("Close")
        await me.sees("Preparation server")
        assert QLocale().dayName(2) == "Tuesday"


async def test_what_was_typed_and_chosen_stays(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.desktop.window.show_tab("publish")
        await me.opens_tab("Keep users connected")
        await me.types("Note on this version", "Fixes the invoice")
        await choose(me, evening, "Español")
        await me.sees("Configuración")
        await me.presses("Cerrar")
        assert evening.desktop.window.tab == "publish"
        page = evening.desktop.window.page
        assert page is not None
        form = page.tab("publish").forms.shown  # type: ignore[attr-defined]
        assert form.plan().model == "keep-users-connected"
        assert form.particulars.note_text() == "Fixes the invoice"


async def test_a_version_that_is_published_again_stays_chosen(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.desktop.window.show_tab("publish")
        page = evening.desktop.window.page
        assert page is not None
        forms = page.tab("publish").forms  # type: ignore[attr-defined]
        forms.publish_again(40)
        speak("es")
        await me.until(lambda: evening.desktop.window.page is not page, "another page")
        after = evening.desktop.window.page
        assert after is not None
        plan = after.tab("publish").forms.shown.plan()  # type: ignore[attr-defined]
        assert (plan.image_of, plan.model) == (40, "keep-users-connected")


def test_qts_own_dialogs_speak_it_too(qapp: QApplication) -> None:
    def cancel() -> str:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        return box.button(QDialogButtonBox.StandardButton.Cancel).text()

    assert cancel() == "Cancel"
    speak("pt_BR")
    assert cancel() == "Cancelar"
    speak("en")
    assert cancel() == "Cancel"


def test_a_language_without_a_catalogue_leaves_it_english(qapp: QApplication) -> None:
    speak("xx")
    assert language.code() == "en"
    assert QWidget().layoutDirection() is Qt.LayoutDirection.LeftToRight
