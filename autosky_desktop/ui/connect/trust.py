"""The fingerprints that a server shows, to be compared before it is trusted and where it is not."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from autosky_desktop.domain.connecting import HostCheck, TrustVerdict
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.words import connect_form as words
from autosky_desktop.words.labels import connect as labels
from autosky_desktop.words.language import _


class FingerprintView(QWidget):
    """Shows fingerprints that can be selected, by mouse and by keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._known, self._seen = QLabel(), Fingerprint(), Fingerprint()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        set_style(self._text, TextStyle.BODY)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (self._text, self._known, self._seen):
            column.addWidget(widget)

    def show_look(self, look: HostCheck, text: str) -> None:
        """Show what was seen; `text` is the question, or why there is none to ask."""
        self._text.setText(text)
        new = look.verdict is TrustVerdict.NEW
        named = look.verdict is TrustVerdict.NAMED_OTHERWISE
        known = _(labels.NAMED_BY_CONTROL_PLANE) if named else _(labels.KNOWN_UNTIL_NOW)
        self._known.show_fingerprint(known, "" if new else look.known)
        seen = _(labels.FINGERPRINT_SHA_256) if new else _(labels.SHOWN_NOW)
        self._seen.show_fingerprint(seen, look.judged)


class Fingerprint(QFrame):
    """Shows one fingerprint; hidden without one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "line")
        self._name, self._value = QLabel(), QLabel()
        set_style(self._name, TextStyle.SMALL, "text2")
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(self._value.font().pointSizeF())
        self._value.setFont(fixed)
        self._value.setTextFormat(Qt.TextFormat.PlainText)
        self._value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addWidget(self._name)
        column.addWidget(self._value)

    def show_fingerprint(self, name: str, fingerprint: str) -> None:
        self._name.setText(name)
        self._value.setText(words.fingerprint_groups(fingerprint))
        self._value.setAccessibleName(f"{name}: {fingerprint}")
        self.setVisible(bool(fingerprint))
