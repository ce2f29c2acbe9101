"""The form of one publishing model, and its one button."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from autosky_desktop.domain.plan import Model, Plan, PreviewRequest, PublishRequest
from autosky_desktop.domain.publication import Preview, Publication, under_way
from autosky_desktop.domain.reasons import CheckLevel
from autosky_desktop.store.store import Store
from autosky_desktop.ui.publish.form.hold import HoldFields, MoreOptions
from autosky_desktop.ui.publish.form.models import ModelFields, make_fields, title
from autosky_desktop.ui.publish.form.particulars import Particulars
from autosky_desktop.ui.publish.form.switch import SwitchFields
from autosky_desktop.ui.publish.history.again import note
from autosky_desktop.ui.publish.preview.impact import ImpactLine
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets import keys
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.focus import focus_kept
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words import publishing
from autosky_desktop.words.checks import reason_to_wait
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.publishing import already_running


class PublishForm(Card):
    """Asks for everything that a publication of one model needs.

    `changed`: something else would be published, so that the preview is asked for anew;
    `told_changed`: only who is told, and what.
    """

    changed = Signal()
    told_changed = Signal()
    publish_asked = Signal()
    replace_asked = Signal(str)
    icon = "upload"
    editing: Publication | None = None
    again: int | None = None
    """The earlier version whose image is published."""

    def __init__(
        self,
        model: Model,
        now: Callable[[], datetime],
        time_zone: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(*title(model), parent=parent)
        self.model = model
        self.time_zone = time_zone
        self.now = now
        self.particulars = Particulars(self)
        self.hold, self.switch = HoldFields(), SwitchFields(now, time_zone)
        self.more = MoreOptions()
        self.line = ImpactLine()
        self.button = Button(_(labels.PUBLISH), "primary", icon=self.icon)
        self._reason = QLabel()
        self._busy = False
        self.fields = make_fields(model, now, time_zone)
        self.body.setSpacing(12)
        self.lay_out()
        self.body.addWidget(self.more)
        self.body.addWidget(self.line)
        self.body.addWidget(self._foot())
        self.body.addStretch(1)
        self.follow(self.fields)
        self.hold.changed.connect(self.changed)
        self.switch.changed.connect(self.changed)
        self.particulars.changed.connect(self.told_changed)
        self.button.clicked.connect(self.publish_asked)
        self.begin_here()

    def lay_out(self) -> None:
        """Place the fields in the body, from the top."""
        told = self.particulars
        first = (told.publisher, told.note)
        if self.model is Model.OPTIMIZED:
            first = (told.note, told.emails)
        self.body.addWidget(self.fields)
        row = WrappingRow(spacing=14)
        if self.model is Model.RECONNECT and self.fields.aside:
            beside = QWidget()
            column = QVBoxLayout(beside)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(12)
            row.add(self.fields.aside, share=5)
            row.add(beside, share=10)
            for field in first:
                column.addWidget(field)
        else:
            for field in first:
                row.add(field, share=1)
        self.body.addWidget(row)
        if self.fields.below:
            self.body.addWidget(self.fields.below)
        self.put_away(*first)

    def put_away(self, *placed: QWidget) -> None:
        """Put under "More options" what is not placed, and where it stops by itself."""
        for field in self.particulars.fields:
            if field not in placed:
                self.more.body.addWidget(field)
        self.more.body.addWidget(self.switch)
        self.more.body.addWidget(self.hold)

    def follow(self, fields: ModelFields) -> None:
        fields.changed.connect(self.changed)
        fields.replace_asked.connect(self.replace_asked)

    def plan(self) -> Plan:
        """Return what is chosen. Each group of fields decides some of it."""
        return self.plan_of(self.particulars.chosen())

    def plan_to_look_at(self) -> Plan:
        """Return what is chosen, as far as it decides what is touched. Who hears of it does not,
        and is left out while it has to be mended.
        """
        told = self.particulars
        return self.plan_of({} if told.problem() else told.chosen())

    def plan_of(self, told: Mapping[str, Any]) -> Plan:
        """Return what is chosen, with what is `told` of who hears of it."""
        return Plan(
            model=self.model.value,
            image_of=self.again,
            **self.fields.chosen(),
            **self.hold.chosen(),
            **self.switch.chosen(),
            **told,
        )

    @property
    def typed_zone(self) -> str:
        """The zone of the times that are typed in it; empty without one."""
        return self.fields.typed_zone or self.switch.typed_zone

    def preview_request(self) -> PreviewRequest | None:
        """Return the request for a preview; None while what stands there cannot be looked at."""
        return None if self.fields.problem() else PreviewRequest(plan=self.plan_to_look_at())

    def request(self, version: int) -> PublishRequest:
        told = self.particulars
        return PublishRequest(
            expected_version=version,
            plan=self.plan(),
            note=told.note_text(),
            publisher=told.publisher_name(),
        )

    def problem(self) -> str:
        """Say what the person has to mend first; empty when nothing."""
        groups = (self.fields, self.switch, self.hold, self.particulars)
        return next(filter(None, (it.problem() for it in groups)), "")

    def begin(self, operator: str) -> None:
        """Fill in who is signed in as the publisher, unless another name is typed."""
        untouched = not self.has_edits()
        self.particulars.begin(operator)
        if untouched:
            self.begin_here()

    def begin_here(self) -> None:
        """Count what stands in the form now as not typed by the person."""
        self._fresh = self.state()

    def has_edits(self) -> bool:
        """Return whether the person has changed something."""
        return self.state() != self._fresh

    def reset(self) -> None:
        """Empty the form, as it is at first."""
        self.fields.reset()
        self.hold.reset()
        self.switch.reset()
        self.particulars.reset()
        self.more.open(opened=False)
        self.begin_here()

    def put(self, plan: Plan) -> None:
        """Show what was chosen before."""
        self.fields.put(plan)
        self.hold.put(plan)
        self.switch.put(plan)
        self.particulars.put(plan)

    def publish_again(self, version: int | None) -> None:
        """Publish the image of an earlier version; None: of the preparation server."""
        untouched = not self.has_edits()
        if self.again is not None:
            self.particulars.take_note_back(note(self.again))
        self.again = version
        self.fields.set_again(version is not None)
        if version is not None:
            self.particulars.suggest_note(note(version))
        if untouched:
            self.begin_here()

    def tick(self) -> None:
        """Renew the words that change with the time."""
        self.switch.tick()

    def set_narrow(self, narrow: bool) -> None:
        self.line.setVisible(narrow)

    def show_preview(self, preview: Preview) -> None:
        self.fields.show_preview(preview, self.time_zone)
        self.line.show_preview(preview)
        self.particulars.show_mail(sends=preview.sends_mail)
        self.button.setText(self.act(preview))

    def act(self, preview: Preview) -> str:
        """Return the words on the button."""
        if self.model is Model.RECONNECT and preview.sessions_asked:
            return publishing.and_ask(preview.sessions_asked)
        if self.again is not None:
            return _(labels.PUBLISH_VERSION_AGAIN).format(version=self.again)
        return _(labels.PUBLISH_VERSION).format(version=preview.version)

    def allow(self, reason: str, remark: str = "") -> None:
        """Free the button, or say beside it why it is off; `remark` is said when it is on."""
        with focus_kept(self, self.more.button):
            self.button.setEnabled(not reason)
        self._reason.setText(reason or remark)
        self.button.setToolTip(tip(reason))
        self.button.setAccessibleDescription(reason)

    def show_failure(self, text: str) -> None:
        """Say that what publishing would touch is not known, and that it therefore waits."""
        self.line.show_failure()
        self.allow(text)

    @property
    def first(self) -> QWidget:
        """The field where filling it in begins."""
        return self.fields.first or self.particulars.publisher.field

    def state(self) -> tuple[object, ...]:
        """Return all that stands in it, to be compared."""
        told = self.particulars
        problems = self.fields.problem(), self.switch.problem(), self.hold.problem()
        return told.publisher_name(), told.note_text(), problems, self.plan()

    def _foot(self) -> WrappingRow:
        self.button.setShortcut(keys.PUBLISH_FORM)
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._reason.setWordWrap(True)
        self._reason.setMinimumWidth(scaled(160))  # however long a single word is
        set_style(self._reason, TextStyle.SMALL, "text2")
        row = WrappingRow()
        row.add(self.button)
        row.add(self._reason, share=1)
        return row


def why_wait(
    store: Store,
    environment: str,
    form: PublishForm,
    preview: Preview | None,
    *,
    later: bool,
    now: datetime,
) -> str:
    """Say why the button is off; empty when it is not. `later`: it only schedules."""
    if not store.connection.live:
        return _(labels.NO_CONNECTION_TO_CONTROL_PLANE_SENTENCE)
    running = under_way(store.details(environment).publications)
    if running and not later:
        return already_running(running, now)
    if problem := form.problem():
        return problem
    if preview is None:
        return _(labels.CHECKING_WHAT_THIS_WILL_TOUCH)
    waits = [check for check in preview.checks if check.level == CheckLevel.WAIT]
    return reason_to_wait(waits[0], form.typed_zone, now) if waits else ""
