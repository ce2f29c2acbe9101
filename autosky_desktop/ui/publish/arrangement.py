"""The arrangement of the Publish page: what stands where, and the order of the Tab key."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from autosky_desktop.domain.plan import Model, Reconnection
from autosky_desktop.ui.publish.form.folded import FoldedForm
from autosky_desktop.ui.publish.form.forms import Forms
from autosky_desktop.ui.publish.history.records import Records
from autosky_desktop.ui.publish.preview.impact import WIDTH, ImpactCard
from autosky_desktop.ui.publish.preview.message_preview import MessagePreview
from autosky_desktop.ui.publish.run.card import RunningCard
from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.widgets.card import around_page
from autosky_desktop.ui.widgets.focus import order_tabs


class Side(QWidget):
    """Places the cards; the picture of a message is made when the first one is to be sent."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._seen: MessagePreview | None = None
        self.impact = ImpactCard(self)
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
            self._seen = MessagePreview(self._now)
            self._column.insertWidget(0, self._seen)
        self._seen.show_environment(environment)
        self._seen.show_message(asked, version, time_zone)
        self._seen.show()


class Arrangement:
    """Places the parts: first what runs, waits or has just ended, then the form and the history.

    While one runs, the form cannot be used and is folded.
    """

    def __init__(
        self, page: QWidget, forms: Forms, side: Side, running: RunningCard, records: Records
    ) -> None:
        self._page, self._forms, self._side = page, forms, side
        self._running, self._records = running, records
        self.folded = FoldedForm(forms, side)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.addWidget(forms, 1)
        self._top.addWidget(side)
        tabs = QHBoxLayout()
        tabs.addWidget(forms.tabs)
        tabs.addStretch(1)
        self._column = QVBoxLayout(page)
        self._column.addLayout(tabs)
        self._column.addWidget(self.folded)
        self._column.addLayout(self._top)
        self._column.addWidget(running)
        self._column.addWidget(records)
        self._column.addStretch(1)
        # as they stand, for who has the page read aloud: they were made in another order
        for part in (forms.tabs, self.folded, forms, side, running, records):
            part.raise_()
        self.order_tabs()

    def set_narrow(self, narrow: bool) -> None:
        """Turn the impact into one line above the button, in a window below 1120 pixels."""
        down, right = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._top.setDirection(down if narrow else right)
        self._top.setSpacing(10 if narrow else 16)
        self._forms.set_narrow(narrow)
        self._side.set_narrow(narrow)
        self._running.set_narrow(narrow)
        self._column.setContentsMargins(around_page(narrow=narrow))
        self._column.setSpacing(10 if narrow else 12)

    def show(self, *, runs: bool) -> None:
        """Arrange the parts as things are now; `runs`: a publication is under way."""
        first = self._running.speaks
        self._running.setVisible(first or self._forms.model is Model.OPTIMIZED)
        self.folded.fold(folded=runs and self._forms.model is not None)
        if first != (self._column.indexOf(self._running) == 0):
            self._column.removeWidget(self._running)
            below = self._column.indexOf(self._records)
            self._column.insertWidget(0 if first else below, self._running)
            self.order_tabs()

    def order_tabs(self) -> None:
        """Lead the Tab key from the top of the page to its foot."""
        form = (self._forms.tabs, self._forms, self._side)
        parts = (self._running, *form) if self._running.speaks else (*form, self._running)
        order_tabs(self._page, *parts, self._records)
