"""The banner of a start after one that did not end cleanly."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.system.last_run import Crash
from autosky_desktop.ui.widgets.banner import Banner
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.labels import help as help_labels
from autosky_desktop.words.language import _
from autosky_desktop.words.times import clock_or_moment


class EndedBefore(QWidget):
    """Says that the program ended unexpectedly, and what was open: `was_open`, as it was known
    last. `report_asked`: the person wants to read and save how it was.
    """

    report_asked = Signal()

    def __init__(
        self, was_open: Callable[[], Environment | None], now: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self._was_open, self._now = was_open, now
        self._banner = Banner(stacked=True)
        self._banner.pressed.connect(self._banner.hide)
        self._banner.other_pressed.connect(self.report_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._banner)

    def tell(self, crash: Crash) -> None:
        """Tell of it, until it is dismissed."""
        self._banner.tell(
            _(labels.ENDED_UNEXPECTEDLY),
            self._going_on(clock_or_moment(crash.until, now=self._now())),
            icon="alert-triangle",
            button=_(labels.DISMISS),
            other=_(help_labels.REPORT_A_PROBLEM),
        )

    def _going_on(self, time: str) -> str:
        """Say when it was, what was open, and what was being published there."""
        environment = self._was_open()
        if environment is None:
            return _(labels.ENDED_AFTER).format(time=time)
        name, run = environment.name, environment.publishing
        if run:
            told = _(labels.ENDED_WHILE_PUBLISHING)
            return told.format(time=time, name=name, version=run.version)
        return _(labels.ENDED_WITH_OPEN).format(time=time, name=name)
