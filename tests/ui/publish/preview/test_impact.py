"""What this will touch: in words that fit the numbers, and no markup from elsewhere."""

import msgspec
import pytest
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QApplication

from autosky_desktop.ui.publish.preview.impact import Fact, ImpactLine
from tests.support.publishing import PREVIEW

HOSTILE = '<h1>Safe</h1><a href="x">press</a><img src="/etc/passwd">'


def test_what_a_provider_says_of_a_change_is_no_markup(qapp: QApplication) -> None:
    fact = Fact("layers", "Changes")
    fact.show_fact(HOSTILE, HOSTILE)
    shown = QTextDocumentFragment.fromHtml(fact._value.text()).toPlainText()
    assert shown == f"{HOSTILE} {HOSTILE}"


@pytest.mark.parametrize(
    ("touched", "said"),
    [
        ({"instances": 1, "sessions_end": 1}, "1 instance   1 session ends"),
        ({"instances": 2, "sessions_end": 2}, "2 instances   2 sessions end"),
        ({"instances": 1, "sessions_stay": 1}, "1 instance   1 session stays"),
        ({"instances": 2, "sessions_asked": 1}, "2 instances   1 user asked"),
    ],
)
def test_one_line_tells_one_from_many(
    qapp: QApplication, touched: dict[str, int], said: str
) -> None:
    none = {"sessions_end": 0, "sessions_stay": 0, "sessions_asked": 0}
    line = ImpactLine()
    line.show_preview(msgspec.structs.replace(PREVIEW, **(none | touched)))
    shown = QTextDocumentFragment.fromHtml(line._text.text()).toPlainText()
    assert shown.replace("\N{NO-BREAK SPACE}", " ") == f"What this will touch   {said}"
