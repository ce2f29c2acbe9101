"""The Publish tab of an environment that cannot publish."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.words.language import _


class NotScaling(QWidget):
    """Shows one sentence instead of a form."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel(
            _(
                "Only scaling environments publish versions. This one has no instances to "
                "replace: changes on its servers reach users at once."
            )
        )
        label.setWordWrap(True)
        set_style(label, TextStyle.BODY, "text2")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(label)
        column.addStretch(1)

    def set_narrow(self, narrow: bool) -> None:
        """Change nothing: one sentence fits everywhere."""

    def has_edits(self) -> bool:
        return False

    def discard(self) -> None:
        """Discard nothing, as nothing was typed."""
