"""The field where a password is typed: shown only while somebody wants to see it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.icons import icon
from autosky_desktop.words.labels import connect as labels
from autosky_desktop.words.language import _

EYE = 34


class PasswordField(QLineEdit):
    """Shows a password on demand, hidden again when the window loses the focus.

    `wipe` it when it has served. The space bar and the mouse show it. Enter does not: whoever has
    typed a password and gone on with Tab wants to connect.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        hints = Qt.InputMethodHint
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(hints.ImhHiddenText | hints.ImhSensitiveData)
        self.setAccessibleName(_(labels.PASSWORD))
        self.setTextMargins(0, 0, scaled(EYE) - 10, 0)
        self._reveal = QPushButton(icon("eye", "text"), "")
        self._reveal.setProperty("kind", "bare")
        self._reveal.setAutoDefault(False)
        self._reveal.setCheckable(True)
        name = _(labels.SHOW_PASSWORD)
        self._reveal.setAccessibleName(name)
        self._reveal.setToolTip(tip(name))
        self._reveal.setCursor(Qt.CursorShape.ArrowCursor)
        self._reveal.toggled.connect(self._show)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 2, 0)
        row.addStretch(1)
        row.addWidget(self._reveal)

    def secret(self) -> Secret:
        """Return what was typed, without the end of a line that was copied with it."""
        return Secret(self.text().rstrip("\r\n"))

    def hide_again(self) -> None:
        self._reveal.setChecked(False)

    def wipe(self) -> None:
        """Remove what was typed, and what could be brought back of it."""
        self.hide_again()
        self.setText("")

    def event(self, event: QEvent) -> bool:
        """Hide the password when the window is left: only windows hear of gaining the activation,
        what is in them hears of its loss.
        """
        if event.type() == QEvent.Type.WindowDeactivate:
            self.hide_again()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave alone the keys that the button inside has no use for, and that Qt hands on."""
        if self._reveal.hasFocus():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _show(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.setEchoMode(mode)
