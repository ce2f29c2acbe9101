"""A field of a form under its name, and what is wrong with what stands in it."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.theme.style import wear


class Labelled(QWidget):
    """A field of a form under its name.

    `hint` stands under the field while nothing is wrong with it; `beside` right of its name,
    `button` right of the field, `instead` in its place while it is hidden.
    """

    def __init__(
        self,
        label: str,
        field: QWidget,
        *,
        hint: str = "",
        beside: QWidget | None = None,
        button: QWidget | None = None,
        instead: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.field = field
        self._hint = hint
        name, self._below = QLabel(label), QLabel(hint)
        set_style(name, TextStyle.SMALL, "text2")
        set_style(self._below, TextStyle.SMALL, "text2")
        self._below.setWordWrap(True)
        self._below.setVisible(bool(hint))
        name.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(label)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(name, 1)
        if beside:
            head.addWidget(beside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        if button:
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(field, 1)
            line.addWidget(button)
            column.addLayout(line)
        else:
            column.addWidget(field)
        if instead:
            column.addWidget(instead)
        column.addWidget(self._below)
        column.addStretch(1)

    def tell(self, problem: str) -> None:
        """Say what is wrong, and mark the field; an empty text says that nothing is."""
        self._say(problem or self._hint, "bad" if problem else "text2")
        if bool(problem) != bool(self.field.property("invalid")):
            wear(self.field, "invalid", bool(problem))
            self.field.setAccessibleDescription(problem)

    def remark(self, text: str) -> None:
        """Say something that is no mistake, until the next is told."""
        self._say(text or self._hint, "warn" if text else "text2")

    def _say(self, text: str, tone: str) -> None:
        self._below.setText(text)
        self._below.setVisible(bool(text))
        wear(self._below, "tone", tone)
