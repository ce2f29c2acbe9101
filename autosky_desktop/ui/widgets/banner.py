"""The line under the tabs for what concerns the whole window."""

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.theme.style import wear
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.ui.widgets.open_log import LogButton

BannerKind = Literal["warn", "bad"]


class Banner(QFrame):
    """A banner, hidden until `tell` and said at once to people who listen. `pressed`: its button;
    `other_pressed`: the one before it.

    `stacked`: its two sentences stand under one another, where one line has no room for both.
    """

    pressed = Signal()
    other_pressed = Signal()

    def __init__(self, parent: QWidget | None = None, *, stacked: bool = False) -> None:
        super().__init__(parent)
        self._icon = IconLabel("cloud-off", "warn")
        self._lead, self._text, self._side = ElidedLabel(), ElidedLabel(), QLabel()
        set_style(self._lead, TextStyle.BODY_STRONG)
        set_style(self._side, TextStyle.SMALL, "warn")
        self.log = LogButton(self)
        self.button = Button("", small=True)
        self.button.clicked.connect(self.pressed)
        self._other = Button("", small=True)
        self._other.clicked.connect(self.other_pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 9, 24, 9)
        row.setSpacing(12)
        row.addWidget(self._icon)
        words = QVBoxLayout() if stacked else QHBoxLayout()
        words.setSpacing(0 if stacked else 4)
        words.addWidget(self._lead)
        words.addWidget(self._text, 1)
        row.addLayout(words, 1)
        row.addWidget(self._side)
        row.addWidget(self.log)
        row.addWidget(self._other)
        row.addWidget(self.button)
        self.hide()

    def tell(
        self,
        lead: str,
        text: str = "",
        *,
        kind: BannerKind = "warn",
        button: str = "",
        icon: str = "cloud-off",
        other: str = "",
    ) -> None:
        """Show the bold `lead`, what follows from it, and the buttons that have a name."""
        new = lead != self._lead.text() or self.isHidden()
        self._lead.setText(lead)
        self._lead.setAccessibleName(lead.removesuffix("."))
        self._text.setText(text)
        self.log.show_for(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self._other.setText(other)
        self._other.setVisible(bool(other))
        self._icon.show_icon(icon, kind)
        wear(self._side, "tone", kind)
        wear(self, "kind", kind)
        self.show()
        if new:
            announce(self, f"{lead} {text}".strip(), assertive=True)

    def show_side(self, text: str) -> None:
        """Show a short text at the right, before the button: how long until the next try."""
        self._side.setText(text)
