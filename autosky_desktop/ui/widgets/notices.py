"""The short texts that stand where they matter: what to mind, what went wrong and
what came of it.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.theme.style import wear
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.ui.widgets.open_log import LogButton
from autosky_desktop.words.labels import widgets as labels
from autosky_desktop.words.language import _


class Notice(QFrame):
    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "notice")
        self._text = QLabel(text)
        self._text.setWordWrap(True)
        set_style(self._text, TextStyle.BODY)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 12, 9)
        row.setSpacing(10)
        row.addWidget(IconLabel("info", "text"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)

    def tell(self, text: str) -> None:
        self._text.setText(text)


class Remark(QWidget):
    """Something to mind beside what is told; `tone` is warn or bad."""

    def __init__(self, icon: str, tone: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLabel()
        set_style(self._text, TextStyle.SMALL, tone)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(IconLabel(icon, tone, 14))
        row.addWidget(self._text, 1)

    def tell(self, text: str) -> None:
        self._text.setText(text)

    def text(self) -> str:
        return self._text.text()


class Result(QLabel):
    """A sentence that is shown and said when it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        set_style(self, TextStyle.SMALL)

    def tell(self, text: str, tone: str) -> None:
        self.setText(text)
        wear(self, "tone", tone)
        self.show()
        announce(self.parentWidget() or self, text, assertive=tone == "bad")


class ErrorBox(QFrame):
    """A box for an error, hidden until `tell`. `again`: the person wants to try once more."""

    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        set_style(self._text, TextStyle.BODY, "bad")
        self.log = LogButton(self)
        self.button = Button(_(labels.TRY_AGAIN), small=True)
        self.button.clicked.connect(self.again)
        row = QHBoxLayout(self)
        row.setContentsMargins(11, 9, 11, 9)
        row.setSpacing(10)
        row.addWidget(IconLabel("alert-triangle", "bad"))
        row.addWidget(self._text, 1)
        row.addWidget(self.log)
        row.addWidget(self.button)
        self.hide()

    def tell(self, text: str, *, again: bool = True, take_focus: bool = True) -> None:
        """Show and say `text`; `again` False: trying once more would not help.

        `take_focus` False: nobody asked for what failed, so nobody is interrupted.
        """
        known = text == self.text()
        self._text.setText(text)
        self.setAccessibleName(text)
        self.log.show_for(text)
        self.button.setVisible(again)
        self.show()
        if take_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        if take_focus or not known:
            announce(self, text, assertive=True)

    def text(self) -> str:
        return self._text.text() if not self.isHidden() else ""

    def clear(self) -> None:
        self.hide()
