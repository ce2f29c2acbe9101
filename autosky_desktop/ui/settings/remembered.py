"""One remembered password: whose it is, where it serves, and forgetting it."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from autosky_desktop.domain.secrets import Credential, Scope
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.words import secrets
from autosky_desktop.words.labels import settings as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.times import moment


class Remembered(QFrame):
    """A remembered password in its row. One that serves several servers is forgotten at the second
    press only.
    """

    forget = Signal()

    def __init__(
        self, credential: Credential, now: datetime, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "line")
        where, since = secrets.serves(credential), moment(credential.kept_at, now=now, inside=True)
        said = _(labels.WHERE_SINCE_WHEN).format(where=where, when=since)
        name, self._below = ElidedLabel(), ElidedLabel()
        set_style(name, TextStyle.BODY_MEDIUM)
        set_style(self._below, TextStyle.SMALL, "text2")
        name.setText(credential.account)
        self._below.setText(said)
        self._said = said
        several = credential.scope is not Scope.SERVER
        self._ask = Button(_(labels.FORGET_ELLIPSIS) if several else _(labels.FORGET), small=True)
        self._keep = Button(_(labels.GO_BACK), small=True)
        self._really = Button(_(labels.FORGET_IT), "destructive", small=True)
        forget = _(labels.FORGET_PASSWORD_OF_USER).format(user=credential.account)
        for button in (self._ask, self._really):
            button.setAccessibleName(forget)
            button.setAccessibleDescription(said)
        self._ask.clicked.connect(self._doubt if several else self.forget)
        self._keep.clicked.connect(self._calm)
        self._really.clicked.connect(self.forget)
        self._lay_out(name)

    def _lay_out(self, name: ElidedLabel) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(name)
        texts.addWidget(self._below)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 10, 8)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        for button in (self._ask, self._keep, self._really):
            row.addWidget(button)
        self._keep.hide()
        self._really.hide()

    def _doubt(self) -> None:
        self._below.setText(_(labels.EVERY_SERVER_ASKS_AGAIN))
        self._ask.hide()
        self._keep.show()
        self._really.show()
        self._keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _calm(self) -> None:
        self._below.setText(self._said)
        self._keep.hide()
        self._really.hide()
        self._ask.show()
        self._ask.setFocus(Qt.FocusReason.OtherFocusReason)
