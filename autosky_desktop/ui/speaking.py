"""The language of the window: chosen in Settings, and changed while one looks."""

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from autosky_desktop.system import languages
from autosky_desktop.words import language
from autosky_desktop.words.language import ENGLISH


class QtWords(QTranslator):
    """The words of Qt's own dialogs in our language; what Qt does not speak stays English."""

    def __init__(self, code: str, parent: QApplication) -> None:
        super().__init__(parent)
        self.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))


_installed: list[QtWords] = []


def locale_of(code: str, here: QLocale) -> QLocale:
    """Return the locale in which Qt's calendars speak the language of our words, with the habits of
    `here`, which is the computer's: its first day of the week.
    """
    wanted = QLocale(code)
    if here.language() == wanted.language():
        return here
    if here.language() == QLocale.Language.C:
        return here if code == ENGLISH else wanted
    return QLocale(wanted.language(), here.territory())


def speak(chosen: str) -> None:
    """Speak that language, or the system's: our words, Qt's, its calendars, and the side on which a
    line begins. Everything that stands in a window says its words anew.
    """
    before = language.code()
    languages.speak(chosen)
    if language.code() != before:
        take_up()
        QCoreApplication.sendEvent(_application(), QEvent(QEvent.Type.LanguageChange))


def take_up() -> None:
    """Have Qt speak the language of our words, before there is a window or after."""
    application, code = _application(), language.code()
    QLocale.setDefault(locale_of(code, QLocale.system()))
    application.setLayoutDirection(QLocale(code).textDirection())
    while _installed:  # not found among the application's children: its style would be wrapped
        application.removeTranslator(_installed.pop())
    if code != ENGLISH:
        _installed.append(QtWords(code, application))
        application.installTranslator(_installed[0])


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
