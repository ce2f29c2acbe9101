"""The cards beside a form: what users will see, where they see something, and the impact."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.domain.plan import Reconnection
from autosky_desktop.ui.publish.preview.impact import WIDTH, ImpactCard
from autosky_desktop.ui.publish.preview.message_preview import SeenCard
from autosky_desktop.ui.theme.fonts import scaled


class Side(QWidget):
    """Places the cards; the picture of a message is made when the first one is to be sent."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._seen: SeenCard | None = None
        self.impact = ImpactCard()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self.impact, 1)

    def set_narrow(self, narrow: bool) -> None:
        self.impact.set_narrow(narrow)
        self.setMaximumWidth(16777215 if narrow else scaled(WIDTH))

    def show_problem(self, problem: str) -> None:
        """Say why what users would see cannot be shown."""
        if self._seen:
            self._seen.show_problem(problem)

    def show_message(
        self, asked: Reconnection | None, environment: str, version: int, time_zone: str
    ) -> None:
        """Show what users would see; `asked` None: nobody is told anything."""
        if asked is None:
            if self._seen:
                self._seen.hide()
            return
        if self._seen is None:
            self._seen = SeenCard(self._now)
            self._column.insertWidget(0, self._seen)
        self._seen.show_environment(environment)
        self._seen.show_message(asked, version, time_zone)
        self._seen.show()
