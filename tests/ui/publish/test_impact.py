"""What this will touch: words from elsewhere are words, whatever is in them."""

from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QApplication

from autosky_desktop.ui.publish.impact import Fact

HOSTILE = '<h1>Safe</h1><a href="x">press</a><img src="/etc/passwd">'


def test_what_a_provider_says_of_a_change_is_no_markup(qapp: QApplication) -> None:
    fact = Fact("layers", "Changes")
    fact.show_fact(HOSTILE, HOSTILE)
    shown = QTextDocumentFragment.fromHtml(fact._value.text()).toPlainText()
    assert shown == f"{HOSTILE} {HOSTILE}"
