"""The fields of "Keep users connected".

A deadline may say when those left are asked to reconnect after all.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from autosky_desktop.domain.extending import QUARTER, rounded_up
from autosky_desktop.domain.plan import Deadline, Plan
from autosky_desktop.domain.publication import Preview
from autosky_desktop.ui.publish.form.models import ModelFields, ReconnectionFields, small_print
from autosky_desktop.ui.publish.schedule.moment import MomentField
from autosky_desktop.ui.widgets.input.option import Option
from autosky_desktop.ui.widgets.notice import Notice
from autosky_desktop.words import impact
from autosky_desktop.words.language import _

AT_FIRST = timedelta(hours=2)
"""From now to the deadline that is offered."""


class KeepFields(ModelFields):
    """Asks for a deadline, if any. `brief`: in a form that has more than this to ask."""

    def __init__(self, now: Callable[[], datetime], time_zone: str, *, brief: bool = False) -> None:
        super().__init__()
        self._purpose = small_print("") if brief else Notice("")
        self.column.addWidget(self._purpose)
        self._now = now
        self._zone = time_zone
        self._on = Option(
            _("Ask those left to reconnect at a set time"),
            _("Whoever is left then gets a message, and is disconnected some minutes later."),
        )
        self._inside = QWidget()
        self._at, self._asked = MomentField(now), ReconnectionFields(brief=True)
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(28, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(self._at)
        inside.addWidget(self._asked)
        self.column.addWidget(self._on)
        self.column.addWidget(self._inside)
        self._inside.hide()
        self._on.toggled.connect(self._switched)
        self._at.changed.connect(self._changed)
        self._asked.changed.connect(self._changed)
        self._asked.replace_asked.connect(self.replace_asked)
        self._say_what()

    def chosen(self) -> dict[str, Any]:
        at, asked = self._at.moment, self._asked.reconnection()
        if not self._on.checked() or at is None or asked is None:
            return {}
        return {"deadline": Deadline(at=at, reconnection=asked)}

    @property
    def typed_zone(self) -> str:
        return self._at.time_zone if self._on.checked() else ""

    def put(self, plan: Plan) -> None:
        self._on.set_checked(plan.deadline is not None)
        if plan.deadline:
            self._at.begin(plan.deadline.at, self._zone)
            self._asked.put(plan)

    def reset(self) -> None:
        self._on.set_checked(False)
        self._asked.reset()

    def problem(self) -> str:
        if not self._on.checked():
            return ""
        return self._at.problem() or self._asked.problem()

    def show_preview(self, preview: Preview, time_zone: str) -> None:
        self._asked.show_preview(preview, time_zone)

    def fill(self, template: str) -> None:
        self._asked.fill(template)

    @property
    def first(self) -> QWidget:
        return self._on.box

    def _switched(self, on: bool) -> None:
        self._inside.setVisible(on)
        if on and self._at.moment is None:
            self._at.begin(rounded_up(self._now() + AT_FIRST, QUARTER), self._zone)
        self._changed()

    def _changed(self) -> None:
        self._say_what()
        self.changed.emit()

    def _say_what(self) -> None:
        """Say what it does to people: with a deadline it does disconnect those who are left."""
        asked = self._asked.timing.minutes if self._on.checked() else None
        text = impact.keeps(self._at.moment, asked, self._at.time_zone, self._now())
        if isinstance(self._purpose, Notice):
            self._purpose.tell(text)
        else:
            self._purpose.setText(text)
