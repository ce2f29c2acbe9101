"""The fields for when a publication switches to what it has prepared."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.domain.extending import QUARTER, rounded_up
from autosky_desktop.domain.plan import Plan, switch_of
from autosky_desktop.ui.publish.schedule.moment import MomentField
from autosky_desktop.ui.widgets.input.check_box import Option
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

AT_FIRST = timedelta(hours=2)
"""From now to the moment that is offered."""


class SwitchFields(QWidget):
    """Asks whether instances are replaced at a moment of its own, and at which."""

    changed = Signal()

    def __init__(
        self, now: Callable[[], datetime], time_zone: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._now, self._zone = now, time_zone
        self._on = Option(_(labels.SWITCH_AT_A_SET_TIME), _(labels.PREPARED_AT_ONCE))
        self._inside, self._at = QWidget(), MomentField(now)
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(28, 0, 0, 0)
        inside.addWidget(self._at)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._on)
        column.addWidget(self._inside)
        self._inside.hide()
        self._on.toggled.connect(self._switched)
        self._at.changed.connect(self.changed)

    def chosen(self) -> dict[str, Any]:
        """Return the part of a Plan that it decides."""
        at = self._at.moment
        if not self._on.checked() or at is None:
            return {}
        return {"switch": switch_of(at, self._at.time_zone)}

    @property
    def typed_zone(self) -> str:
        """The zone of the moment that is chosen; empty without one."""
        return self._at.time_zone if self._on.checked() else ""

    def put(self, plan: Plan) -> None:
        """Show what was chosen before."""
        self._on.set_checked(plan.switch is not None)
        if plan.switch:
            self._at.begin(plan.switch.at, plan.switch.time_zone)

    def reset(self) -> None:
        self.put(Plan())

    def problem(self) -> str:
        """Say what has to be mended before it can be published."""
        return self._at.problem() if self._on.checked() else ""

    def tick(self) -> None:
        """Renew the words of the moment, which change with the time."""
        self._at.show_words()

    def _switched(self, on: bool) -> None:
        self._inside.setVisible(on)
        if on and self._at.moment is None:
            self._at.begin(rounded_up(self._now() + AT_FIRST, QUARTER), self._zone)
        self.changed.emit()
