"""A switch with its consequence beneath."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.input.check_box import BOX, GAP, CheckBox


class Option(QWidget):
    """The whole block toggles; the explanation is the box's accessible description."""

    toggled = Signal(bool)

    def __init__(
        self,
        label: str,
        explanation: str = "",
        *,
        checked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.box = CheckBox(label)
        self.box.setChecked(checked)
        self.box.toggled.connect(self.toggled)
        self._explanation = QLabel()
        self._explanation.setWordWrap(True)
        self._explanation.setIndent(0)
        self._explanation.setContentsMargins(scaled(BOX) + GAP, 0, 0, 0)
        set_style(self._explanation, TextStyle.SMALL, "text2")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.box)
        column.addWidget(self._explanation)
        self.set_explanation(explanation)

    def checked(self) -> bool:
        return self.box.isChecked()

    def set_checked(self, checked: bool) -> None:
        self.box.setChecked(checked)

    def set_explanation(self, text: str) -> None:
        self._explanation.setText(text)
        self._explanation.setVisible(bool(text))
        self.box.setAccessibleDescription(text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and inside:
            self.box.setFocus(Qt.FocusReason.MouseFocusReason)
            self.box.click()
