"""The result of a trial in Settings, below what was tried."""

from PySide6.QtWidgets import QLabel

from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.theme.wearing import wear
from autosky_desktop.ui.widgets.announce import announce


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
