"""A value under its name: read, selected, copied."""

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.theme.style import wear
from autosky_desktop.ui.widgets.button import PressedByEnter
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.icons import icon
from autosky_desktop.ui.widgets.painting import painting
from autosky_desktop.ui.widgets.status import StatusPill
from autosky_desktop.words.labels import widgets as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.states import StatusKind

_COPIED_MS = 2000
_VALUE, _LEAST = 24, 48


class Field(QWidget):
    """A grey bar stands for the value until the first one is shown."""

    def __init__(self, label: str, parent: QWidget | None = None, *, copy: bool = False) -> None:
        super().__init__(parent)
        self._label = label
        name = QLabel(label)
        set_style(name, TextStyle.SMALL, "text3")
        self._value = _Value()
        self._value.setAccessibleName(self._said(_(labels.LOADING)))
        self._pill: StatusPill | None = None
        self._row = QHBoxLayout()
        self._row.setSpacing(4)
        self._row.addStrut(scaled(_VALUE))
        self._row.addWidget(self._value)
        self._copy = CopyButton() if copy else None
        if self._copy:
            self._row.addWidget(self._copy)
            self._copy.hide()
        self._row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(1)
        column.addWidget(name)
        column.addLayout(self._row)

    def show_value(self, value: str | None, missing: str = "") -> None:
        """Show `value`, or `missing` when there is none."""
        self._value.show_text(missing if value is None else value, given=value is not None)
        self._value.setAccessibleName(self._said(self._value.text()))
        if self._copy:
            self._copy.setVisible(value is not None)
            self._copy.text_to_copy = value or ""

    def show_status(self, kind: StatusKind, text: str) -> None:
        """Show a state in place of a text."""
        if self._pill is None:
            self._pill = StatusPill()
            self._pill.let_shrink()
            self._row.insertWidget(0, self._pill)
            self._value.hide()
        self._pill.show_status(kind, text)
        self._pill.setAccessibleName(self._said(text))

    def set_copy_name(self, name: str) -> None:
        """Set what the copy button is called, in full: "Copy public IP of DB-01"."""
        if self._copy:
            self._copy.setAccessibleName(name)

    def value(self) -> str:
        return self._pill.text() if self._pill else self._value.text()

    def _said(self, value: str) -> str:
        return f"{self._label}: {value}"


class CopyButton(PressedByEnter, QToolButton):
    """Copies `text_to_copy`, and says so for two seconds. `what` is named in the tool tip."""

    def __init__(self, what: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = what or _(labels.COPY)
        self.text_to_copy = ""
        self.setProperty("kind", "cell")
        self.setIconSize(QSize(14, 14))
        self.setMaximumHeight(scaled(_VALUE))  # as high as a value without it
        self.clicked.connect(self._copy)
        self._said = QTimer(self, interval=_COPIED_MS, singleShot=True)
        self._said.timeout.connect(self._offer)
        self._offer()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text_to_copy)
        self.setIcon(icon("check", "ok"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setText(_(labels.COPIED))
        self._said.start()

    def _offer(self) -> None:
        self.setIcon(icon("copy", "text2"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.setText("")
        self.setToolTip(self._what)


class _Value(QLabel):
    """The value, selected by mouse or keyboard. When it does not fit its middle is left out, and
    the tool tip has it.
    """

    def __init__(self) -> None:
        super().__init__()
        set_style(self, TextStyle.BODY_MEDIUM)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._loading = True
        self.setMinimumWidth(scaled(96))

    def show_text(self, text: str, *, given: bool) -> None:
        if self._loading:
            self._loading = False
            self.setMinimumWidth(0)
        if text != self.text():
            self.setText(text)
            self._tell()
        wear(self, "tone", "" if given else "text3")

    def minimumSizeHint(self) -> QSize:
        size = self.sizeHint()
        return QSize(min(scaled(_LEAST), size.width()), size.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    @painting
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._loading:
            self._paint_bar()
        elif self._fitting == self.text():
            super().paintEvent(event)
        else:
            painter = QPainter(self)
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(self.rect(), self.alignment(), self._fitting)

    _fitting = ""

    def _tell(self) -> None:
        """Set the tool tip. It is done when something changes, as paintings are many."""
        text, middle = self.text(), Qt.TextElideMode.ElideMiddle
        self._fitting = self.fontMetrics().elidedText(text, middle, self.width())
        self.setToolTip("" if self._fitting == text else tip(text))

    def _paint_bar(self) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("idle_soft"))
        bar = QRect(0, (self.height() - 12) // 2, self.width(), 12)
        painter.drawRoundedRect(bar, 4, 4)
