"""The page of the first start: two doors, of which nothing is behind before one is pressed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.button import Button, ButtonKind
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.icons import LOGO, IconLabel
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words.labels import help as labels
from autosky_desktop.words.language import _

DOOR = 300
"""The least width of a door, in pixels of the design."""


class Welcome(QScrollArea):
    """The page with the doors. Each signal says which of them was pressed."""

    demo_asked = Signal()
    environment_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        demo, environment = (
            Door("flask", _(labels.LOOK_AROUND_IN_THE_DEMO), labels.DEMO_DOOR, "primary"),
            Door("plus", _(labels.ADD_AN_ENVIRONMENT), labels.ENVIRONMENT_DOOR, "plain"),
        )
        demo.button.clicked.connect(self.demo_asked)
        environment.button.clicked.connect(self.environment_asked)
        doors = WrappingRow(spacing=16)
        doors.add(demo, share=1)
        doors.add(environment, share=1)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(demo.button)
        self.setWidgetResizable(True)
        self.setWidget(_in_the_middle(doors))
        self.viewport().setAutoFillBackground(False)


class Door(Card):
    """A door: what is behind it, and the button that opens it."""

    def __init__(self, icon: str, title: str, told: Sequence[str], kind: ButtonKind) -> None:
        super().__init__(title, icon=icon)
        self.setMinimumWidth(scaled(DOOR))
        for sentence in told:
            self.body.addLayout(_checked(_(sentence)))
        self.body.addStretch(1)
        self.button = Button(title, kind)
        self.body.addWidget(self.button)


def _checked(sentence: str) -> QHBoxLayout:
    row, text = QHBoxLayout(), QLabel(sentence)
    text.setWordWrap(True)
    set_style(text, TextStyle.BODY, "text2")
    row.setSpacing(8)
    row.addWidget(IconLabel("check", "ok"), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(text, 1)
    return row


def _in_the_middle(doors: QWidget) -> QWidget:
    column = QVBoxLayout()
    column.setSpacing(8)
    column.addStretch(1)
    column.addWidget(IconLabel(LOGO, "accent", 48), 0, Qt.AlignmentFlag.AlignHCenter)
    column.addSpacing(8)
    for text, style, tone in (
        (_(labels.WELCOME), TextStyle.WELCOME, ""),
        (_(labels.WHAT_IT_IS_FOR), TextStyle.BODY, "text2"),
    ):
        column.addWidget(_line(text, style, tone))
    column.addSpacing(16)
    column.addWidget(doors)
    column.addSpacing(8)
    column.addWidget(_line(_(labels.BOTH_ARE_POSSIBLE), TextStyle.SMALL, "text2"))
    column.addStretch(1)
    middle = QWidget()
    middle.setLayout(column)
    middle.setMaximumWidth(scaled(720))
    page = QWidget()
    around = QHBoxLayout(page)
    around.setContentsMargins(16, 16, 16, 16)
    around.addStretch(1)
    around.addWidget(middle, 1000)
    around.addStretch(1)
    return page


def _line(text: str, style: TextStyle, tone: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    set_style(label, style, tone)
    return label
