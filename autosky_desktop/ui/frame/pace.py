"""The pace of the demo, in as many words as there is room for."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.tip import tip


class PaceLabel(QLabel):
    """A label for the first of its texts that fits, else the last; the first is always said."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: Sequence[str] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setRetainSizeWhenHidden(True)  # the tabs beside it stay where they are
        self.setSizePolicy(policy)
        set_style(self, TextStyle.SMALL, "text2")

    def say(self, texts: Sequence[str], more: str) -> None:
        """Show one of `texts`. `more` is told by the tool tip, after the first text."""
        self._texts = texts
        self.setAccessibleName(texts[0])
        self.setAccessibleDescription(more)
        self.setToolTip(tip(f"{texts[0]} {more}"))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        measure = self.fontMetrics().horizontalAdvance
        fitting = [text for text in self._texts if measure(text) <= self.width()]
        text = fitting[0] if fitting else "".join(self._texts[-1:])
        if text != self.text():
            self.setText(text)
