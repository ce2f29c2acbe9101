"""The impact: what a publication will touch, asked while the form changes; the facts first, then
the checks.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from html import escape

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.plan import Plan, PreviewRequest
from autosky_desktop.domain.publication import Check, Preview
from autosky_desktop.domain.reasons import CheckCode, CheckLevel
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.icons import IconLabel
from autosky_desktop.ui.widgets.notices import ErrorBox, Remark
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words import checks, counts
from autosky_desktop.words import impact as words
from autosky_desktop.words.impact import in_short as short_impact
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.scheduling import named_here
from autosky_desktop.words.shutdown import at
from autosky_desktop.words.times import clock

WIDTH = 404
SHUTDOWNS = (CheckCode.SHUTDOWN_IN_RUN, CheckCode.SHUTDOWN_BEFORE)
LEVELS: Mapping[str, tuple[str, str]] = {
    CheckLevel.PASS: ("check-circle", "ok"),
    CheckLevel.WARN: ("alert-triangle", "warn"),
    CheckLevel.WAIT: ("x-circle", "bad"),
}
log = logging.getLogger(__name__)

SETTLE = 0.15
"""Seconds without a change before it is asked."""


class ImpactCard(Card):
    """Shows the impact, built anew from each preview; in a narrow window it opens on demand.

    `again`: the person wants it to be looked at once more, after a failure. `fix_asked` tells to
    which moment the shutdown shall be moved.
    """

    again = Signal()
    fix_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_(labels.WHAT_THIS_WILL_TOUCH), "", parent=parent)
        self._checked = QLabel()
        set_style(self._checked, TextStyle.SMALL, "text2")
        self.add_action(self._checked)
        self._facts = self._make_facts()
        self._rule = QFrame()
        self._rule.setProperty("kind", "rule")
        self._rule.setFixedHeight(1)
        self._checks = QVBoxLayout()
        self._checks.setSpacing(6)
        self._rows: list[CheckRow] = []
        self.failure = ErrorBox()
        self.failure.again.connect(self.again)
        grid = QGridLayout()
        grid.setVerticalSpacing(8)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(2, 1)
        for row, fact in enumerate(self._facts):
            fact.place(grid, row)
        self.body.setSpacing(10)
        self.body.addLayout(grid)
        self.body.addWidget(self._rule)
        self.body.addLayout(self._checks)
        self.body.addWidget(self.failure)
        self.body.addStretch(1)
        self._narrow = False
        self.opened = False
        """In a narrow window, on demand."""
        self.show_asking()

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.setMinimumWidth(0 if narrow else scaled(WIDTH))
        self.setMaximumWidth(16777215 if narrow else scaled(WIDTH))
        self.setVisible(self.opened or not narrow)

    def toggle(self) -> bool:
        """Show it, or put it away again, in a narrow window; True when it is shown now."""
        self.opened = not self.opened
        self.set_narrow(self._narrow)
        return self.opened

    def show_asking(self) -> None:
        self._checked.setText(_(labels.CHECKING))
        self.failure.clear()

    def show_failure(self, text: str) -> None:
        self._checked.setText("")
        self.failure.tell(text, take_focus=False)

    def show_preview(
        self,
        preview: Preview,
        plan: Plan,
        time_zone: str,
        now: datetime,
        fix: datetime | None,
        *,
        later: bool = False,
    ) -> None:
        """Show the facts and checks of that preview.

        `time_zone` is that of what is typed in the form. `fix` is where the shutdown would have to
        be for it not to be in the way. `later`: it is to run at a moment of its own, and what will
        be then is not known.
        """
        checked = clock(preview.checked_at, seconds=True)
        checked = named_here(checked, preview.checked_at, time_zone if later else "")
        said = _(labels.IF_IT_RAN_NOW_TIME) if later else _(labels.CHECKED_TIME)
        self._checked.setText(said.format(time=checked))
        self.failure.clear()
        lines = (
            words.instances(preview, plan),
            words.sessions(preview, plan, time_zone, now),
            words.capacity(preview),
            words.switch(plan, now),
            words.hold(plan.hold),
            ("", words.preparation(preview, plan)),
            words.version(preview, plan),
            words.changes(preview),
            words.duration(preview),
        )
        for fact, line in zip(self._facts, lines, strict=True):
            fact.set_visible(line is not None)
            if line:
                fact.show_fact(*line)
        self._show_checks(preview.checks, time_zone, fix, now)

    def _make_facts(self) -> list["Fact"]:
        return [
            Fact("layers", _(labels.INSTANCES)),
            Fact("users", _(labels.SESSIONS)),
            Fact("play", _(labels.CAPACITY), sometimes=True),
            Fact("clock", _(labels.SWITCH), sometimes=True),
            Fact("stop", _(labels.HOLD), sometimes=True),
            Fact("server", _(labels.PREPARATION_SERVER)),
            Fact("arrow-right", _(labels.VERSION)),
            Fact("copy", _(labels.CHANGES), sometimes=True),
            Fact("clock", _(labels.DURATION)),
        ]

    def _show_checks(
        self, checks: list[Check], time_zone: str, fix: datetime | None, now: datetime
    ) -> None:
        while len(self._rows) > len(checks):
            self._rows.pop().deleteLater()
        while len(self._rows) < len(checks):
            row = CheckRow()
            row.fix_asked.connect(self.fix_asked)
            self._rows.append(row)
            self._checks.addWidget(row)
        for row, check in zip(self._rows, checks, strict=True):
            fits = fix if check.code in SHUTDOWNS else None
            row.show_check(check, time_zone, fits, now)


class Fact:
    """Shows one fact in a line: icon, what, and the value with its number in bold."""

    def __init__(self, icon: str, what: str, *, sometimes: bool = False) -> None:
        """Make the line; `sometimes`: there is not always something to say of it."""
        self._icon, self._what, self._value = IconLabel(icon, "text2"), QLabel(what), QLabel("…")
        self._value.setTextFormat(Qt.TextFormat.RichText)
        self._value.setWordWrap(True)
        set_style(self._what, TextStyle.BODY, "text2")
        for label in (self._icon, self._what, self._value):
            label.setHidden(sometimes)

    def set_visible(self, visible: bool) -> None:
        for label in (self._icon, self._what, self._value):
            label.setVisible(visible)

    def place(self, grid: QGridLayout, row: int) -> None:
        for column, label in enumerate((self._icon, self._what, self._value)):
            grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)

    def show_fact(self, strong: str, text: str) -> None:
        gap = "" if not strong or text.startswith(",") else " "
        # what changed is told by the provider: only the bold is ours
        self._value.setText(f"<b>{escape(strong)}</b>{gap}{escape(text)}")
        self._value.setAccessibleName(f"{self._what.text()}: {strong}{gap}{text}")


class CheckRow(QWidget):
    """Shows one check: passed, a warning, or a reason to wait."""

    fix_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._text = IconLabel("check-circle", "ok"), QLabel()
        self._fix = Button("", "link")
        self._to: datetime | None = None
        self._fix.clicked.connect(lambda: self.fix_asked.emit(self._to))
        self._fix.hide()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        row.addWidget(self._fix)

    def show_check(self, check: Check, time_zone: str, fix: datetime | None, now: datetime) -> None:
        name, tone = LEVELS.get(check.level, LEVELS[CheckLevel.WARN])
        self._icon.show_icon(name, tone)
        text = checks.check(check, time_zone, now)
        spoken = {
            CheckLevel.PASS: _(labels.PASSED_TEXT),
            CheckLevel.WARN: _(labels.WARNING_TEXT),
            CheckLevel.WAIT: _(labels.REASON_TO_WAIT_TEXT),
        }.get(CheckLevel(check.level), "{text}")
        self._text.setText(text)
        self._text.setAccessibleName(spoken.format(text=text))
        self._to = fix
        self._fix.setVisible(fix is not None)
        if fix:
            to = named_here(at(fix, now), fix, time_zone)
            self._fix.setText(_(labels.EXTEND_TO_TIME).format(time=to))


class ImpactLine(QFrame):
    """Shows the impact in one line, for a narrow window."""

    show_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "line")
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._warnings, self._waits = Remark("alert-triangle", "warn"), Remark("x-circle", "bad")
        self._button = Button(_(labels.SHOW), "link")
        self._button.clicked.connect(self.show_asked)
        row = WrappingRow(spacing=16)
        for widget in (self._text, self._warnings, self._waits):
            row.add(widget)
        row.add_at_end(self._button)
        around = QVBoxLayout(self)
        around.setContentsMargins(12, 6, 12, 6)
        around.addWidget(row)
        self._say(_(labels.CHECKING), 0, 0)
        self.show_opened(False)

    def show_opened(self, opened: bool) -> None:
        """Show on the button whether the whole of it stands below."""
        self._button.setText(_(labels.HIDE) if opened else _(labels.SHOW))
        name = _(labels.HIDE_WHAT_THIS_WILL_TOUCH)
        self._button.setAccessibleName(name if opened else _(labels.SHOW_WHAT_THIS_WILL_TOUCH))

    def show_failure(self) -> None:
        self._say(_(labels.COULD_NOT_BE_CHECKED), 0, 0)

    def show_preview(self, preview: Preview) -> None:
        parts = short_impact(preview)
        levels = [check.level for check in preview.checks]
        self._say(
            " &nbsp; ".join(parts), levels.count(CheckLevel.WARN), levels.count(CheckLevel.WAIT)
        )

    def _say(self, text: str, warnings: int, waits: int) -> None:
        title = _(labels.WHAT_THIS_WILL_TOUCH)
        self._text.setText(f"<b>{title}</b> &nbsp; {text}")
        self._warnings.tell(counts.warnings(warnings))
        self._warnings.setVisible(warnings > 0)
        self._waits.tell(counts.reasons_to_wait(waits))
        self._waits.setVisible(waits > 0)


class Previews(QObject):
    """Asks for previews: once for a burst of changes, and never two at a time.

    `begun`: one is being asked for. `came` brings a Preview and the PreviewRequest it answers,
    `failed` what was raised.
    """

    begun = Signal()
    came = Signal(object, object)
    failed = Signal(object)

    def __init__(self, environment: str, intents: Intents, tasks: Nursery, parent: QObject) -> None:
        super().__init__(parent)
        self._environment = environment
        self._intents = intents
        self._tasks = tasks
        self._asking: asyncio.Task[None] | None = None

    def ask(self, request: PreviewRequest) -> None:
        """Ask for that preview instead of what was asked before."""
        self.stop()
        self._asking = self._tasks.spawn(self._ask(request), name="preview")

    def stop(self) -> None:
        if self._asking:
            self._asking.cancel()

    async def _ask(self, request: PreviewRequest) -> None:
        await asyncio.sleep(SETTLE)
        self.begun.emit()
        try:
            preview: Preview = await self._intents.preview(self._environment, request)
        except AutoskyError as cause:
            log.info("No preview: %r", cause)
            self.failed.emit(cause)
            return
        self.came.emit(preview, request)
