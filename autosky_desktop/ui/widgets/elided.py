"""A label that gives up letters instead of room."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.painting import painting


class ElidedLabel(QLabel):
    """One line of plain text; what does not fit ends in "…" and is told by the tool tip.

    A `dispensable` one shows nothing where less than half of it would fit.
    """

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, dispensable: bool = False
    ) -> None:
        super().__init__(text, parent)
        self._dispensable = dispensable
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        few = self.fontMetrics().horizontalAdvance("…")
        return QSize(min(few, self.sizeHint().width()), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def setText(self, text: str) -> None:
        super().setText(text)
        self._fit()

    @painting
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment(), self._fitting)

    _fitting = ""

    def _fit(self) -> None:
        """Cut the text to the width. It is done when something changes, as paintings are many."""
        text, room = self.text(), self.width()
        metrics = self.fontMetrics()
        self._fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        if self._dispensable and room < metrics.horizontalAdvance(text) / 2:
            self._fitting = ""
        self.setToolTip("" if self._fitting == text else tip(text))
