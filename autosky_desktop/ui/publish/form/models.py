"""The fields of each publishing model, beyond those that all of them have."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from autosky_desktop.domain.extending import QUARTER, rounded_up
from autosky_desktop.domain.plan import Deadline, Model, Options, Plan, Reconnection
from autosky_desktop.domain.publication import Preview
from autosky_desktop.ui.publish.form.allowance import AllowanceLine
from autosky_desktop.ui.publish.form.message import MessageField
from autosky_desktop.ui.publish.form.reconnection import ReconnectionTimes
from autosky_desktop.ui.publish.schedule.moment import MomentField
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.input.check_box import Option
from autosky_desktop.ui.widgets.notices import Notice
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words import counts, impact
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _

AT_FIRST = timedelta(hours=2)
"""From now to the deadline that is offered."""


class ModelFields(QWidget):
    """Asks for what one model needs.

    `aside` stands left of publisher and note, `below` under them, where a model has such.
    """

    changed = Signal()
    replace_asked = Signal(str)
    aside: QWidget | None = None
    below: QWidget | None = None

    @property
    def typed_zone(self) -> str:
        """The zone of the moment that is chosen in it; empty without one."""
        return ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)

    def chosen(self) -> dict[str, Any]:
        """Return the part of a Plan that it decides. Only when there is no `problem`."""
        return {}

    def put(self, plan: Plan) -> None:
        """Show what was chosen before."""

    def reset(self) -> None:
        """Empty the fields, as they are at first."""

    def problem(self) -> str:
        """Say what has to be mended; empty when nothing has."""
        return ""

    def set_again(self, again: bool) -> None:
        """Show whether the image of an earlier version is published."""

    def show_preview(self, preview: Preview, time_zone: str) -> None:
        """Show what would happen to whom."""

    def fill(self, template: str) -> None:
        """Take a template's text for the message."""

    @property
    def first(self) -> QWidget | None:
        """The field where filling it in begins; None without one."""
        return None


class OptimizedFields(ModelFields):
    """Asks for the options of a run. `brief`: three boxes in a row, without their explanations."""

    _again = False

    def __init__(self, *, brief: bool = False) -> None:
        super().__init__()
        self._brief = brief
        self._block = Option(_(labels.BLOCK_INSTANCES))
        self._terminate = Option(_(labels.TERMINATE_SESSIONS))
        self._stop = Option(_(labels.STOP_PREPARATION_SERVER))
        row = WrappingRow(spacing=24)
        for option in (self._block, self._terminate, self._stop):
            if brief:
                row.add(option)
            else:
                self.column.addWidget(option)
            option.toggled.connect(lambda _on: self.changed.emit())
        if brief:
            self.column.addWidget(row)
        else:
            self._explain()
        self.reset()

    def chosen(self) -> dict[str, Any]:
        return {
            "options": Options(
                block_instances=self._block.checked(),
                terminate_sessions=self._terminate.checked(),
                stop_preparation_server=self._stop.checked() and not self._again,
            )
        }

    def put(self, plan: Plan) -> None:
        self._block.set_checked(plan.options.block_instances)
        self._terminate.set_checked(plan.options.terminate_sessions)
        self._stop.set_checked(plan.options.stop_preparation_server)

    def reset(self) -> None:
        self.put(Plan())

    def set_again(self, again: bool) -> None:
        """Hide what would be done to the preparation server, which is not touched then."""
        self._again = again
        self._stop.setVisible(not again)

    def show_preview(self, preview: Preview, time_zone: str) -> None:  # noqa: ARG002
        if not self._brief:
            self._say_ends(preview.sessions_end + preview.sessions_stay)

    @property
    def first(self) -> QWidget:
        return self._block.box

    def _explain(self) -> None:
        self._block.set_explanation(_(labels.NOBODY_NEW_CAN_SIGN_IN))
        self._stop.set_explanation(_(labels.WHY_STOP_THE_SERVER))
        self._say_ends(0)

    def _say_ends(self, sessions: int) -> None:
        text = _(labels.ENDS_ALL_SESSIONS)
        if sessions:
            text = counts.ends_sessions(sessions)
        self._terminate.set_explanation(text)


class StandardFields(ModelFields):
    def __init__(self, *, brief: bool = False) -> None:
        super().__init__()
        text = _(labels.WHAT_STANDARD_DOES)
        self.column.addWidget(Notice(text) if not brief else small_print(text))


class ReconnectionFields(ModelFields):
    """Asks for minutes, warnings and message.

    `brief`: without the line that says what it is for.
    """

    def __init__(self, *, brief: bool = False) -> None:
        super().__init__()
        self.times, self.message = ReconnectionTimes(row=brief), MessageField()
        self.allowance = AllowanceLine()
        if not brief:
            text = _(labels.FOR_CRITICAL_UPDATES)
            self.column.addWidget(Notice(text))
        self.column.addWidget(self.allowance)
        if brief:
            self.column.addWidget(self.times)
            self.column.addWidget(self.message)
        else:
            self.aside, self.below = self.times, self.message
        self.times.changed.connect(self.changed)
        self.message.changed.connect(self.changed)
        self.message.replace_asked.connect(self.replace_asked)

    def chosen(self) -> dict[str, Any]:
        return {"reconnection": self.reconnection()}

    def reconnection(self) -> Reconnection | None:
        if self.message.problem():
            return None
        return Reconnection(
            minutes=self.times.minutes,
            again_minutes=self.times.again_minutes,
            message=self.message.text(),
        )

    def put(self, plan: Plan) -> None:
        asked = plan.reconnection or (plan.deadline and plan.deadline.reconnection)
        if asked:
            self.times.put(asked.minutes, asked.again_minutes)
            self.message.put(asked.message)

    def reset(self) -> None:
        self.times.reset()
        self.message.reset()

    def problem(self) -> str:
        return self.message.problem()

    def show_preview(self, preview: Preview, time_zone: str) -> None:
        self.allowance.show_allowance(preview.allowance, time_zone)

    def fill(self, template: str) -> None:
        self.message.fill(template)

    @property
    def first(self) -> QWidget:
        return self.times.first


def small_print(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    set_style(label, TextStyle.SMALL, "text2")
    return label


class KeepFields(ModelFields):
    """Asks for a deadline, if any. `brief`: in a form that has more than this to ask."""

    def __init__(self, now: Callable[[], datetime], time_zone: str, *, brief: bool = False) -> None:
        super().__init__()
        self._purpose = small_print("") if brief else Notice("")
        self.column.addWidget(self._purpose)
        self._now = now
        self._zone = time_zone
        self._on = Option(
            _(labels.ASK_AT_A_SET_TIME),
            _(labels.WHOEVER_IS_LEFT_GETS_A_MESSAGE),
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
        asked = self._asked.times.minutes if self._on.checked() else None
        text = impact.keeps(self._at.moment, asked, self._at.time_zone, self._now())
        if isinstance(self._purpose, Notice):
            self._purpose.tell(text)
        else:
            self._purpose.setText(text)


def make_fields(
    model: Model, now: Callable[[], datetime], time_zone: str, *, brief: bool = False
) -> ModelFields:
    """Return the fields of that model; `brief`: in a form that has more than this to ask."""
    if model is Model.STANDARD:
        return StandardFields(brief=brief)
    if model is Model.RECONNECT:
        return ReconnectionFields(brief=brief)
    if model is Model.KEEP:
        return KeepFields(now, time_zone, brief=brief)
    return OptimizedFields(brief=brief)


def title(model: Model) -> tuple[str, str]:
    """Return what a form of it is called, and what it is for in one line where that says it all."""
    if model is Model.OPTIMIZED:
        return (
            _(labels.OPTIMIZED_PUBLICATION),
            _(labels.OPTIMIZED_IN_ONE_LINE),
        )
    names = {
        Model.STANDARD: _(labels.STANDARD_PUBLICATION),
        Model.KEEP: _(labels.KEEP_USERS_CONNECTED),
    }
    return names.get(model, _(labels.REQUEST_USER_RECONNECTION)), ""
