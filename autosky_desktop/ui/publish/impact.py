"""What this will touch: the facts first, then the checks."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.domain.publication import Check, Options, Preview
from autosky_desktop.ui.icons import IconLabel
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.words import publishing
from autosky_desktop.ui.words.language import translate
from autosky_desktop.ui.words.times import clock

WIDTH = 404
LEVELS = {
    "pass": ("check-circle", "ok"),
    "warn": ("alert-triangle", "warn"),
    "wait": ("x-circle", "bad"),
}


class ImpactCard(Card):
    """Built anew from each preview; in a narrow window it opens on demand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(translate("ImpactCard", "What this will touch"), "", parent=parent)
        self._checked = QLabel()
        set_style(self._checked, TextStyle.SMALL, "text2")
        self.add_action(self._checked)
        self._facts = [Fact(icon) for icon in ("layers", "users", "server", "arrow-right", "clock")]
        self._rule = QFrame()
        self._rule.setProperty("kind", "rule")
        self._rule.setFixedHeight(1)
        self._checks = QVBoxLayout()
        self._checks.setSpacing(6)
        self._rows: list[CheckRow] = []
        self._failure = QLabel()
        self._failure.setWordWrap(True)
        set_style(self._failure, TextStyle.BODY, "bad")
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
        self.body.addWidget(self._failure)
        self.body.addStretch(1)
        self._narrow = False
        self._opened = False
        self.show_asking()

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.setMinimumWidth(0 if narrow else WIDTH)
        self.setMaximumWidth(16777215 if narrow else WIDTH)
        self.setVisible(self._opened or not narrow)

    def toggle(self) -> None:
        """Show it, or put it away again, in a narrow window."""
        self._opened = not self._opened
        self.set_narrow(self._narrow)

    def show_asking(self) -> None:
        self._checked.setText(self.tr("Looking…"))
        self._failure.hide()

    def show_failure(self, text: str) -> None:
        self._checked.setText("")
        self._failure.setText(text)
        self._failure.show()

    def show_preview(self, preview: Preview, options: Options) -> None:
        at = clock(preview.checked_at, seconds=True)
        self._checked.setText(self.tr("Checked {time}").format(time=at))
        self._failure.hide()
        number, rest = str(preview.version), ""
        if preview.replaces is not None:
            rest = self.tr("replaces {version}").format(version=preview.replaces)
        lines = (
            (self.tr("Instances"), publishing.instances_touched(preview)),
            (self.tr("Sessions"), publishing.sessions_touched(preview)),
            (
                self.tr("Preparation server"),
                ("", publishing.preparation_touched(preview, options)),
            ),
            (self.tr("Version"), (number, rest)),
            (self.tr("Duration"), self._duration(preview)),
        )
        for fact, (what, (strong, text)) in zip(self._facts, lines, strict=True):
            fact.show_fact(what, strong, text)
        self._show_checks(preview.checks)

    def _duration(self, preview: Preview) -> tuple[str, str]:
        time, why = publishing.expected(preview)
        if not time:
            return "", why
        return self.tr("About {time}").format(time=time), f", {why}"

    def _show_checks(self, checks: list[Check]) -> None:
        while len(self._rows) > len(checks):
            self._rows.pop().deleteLater()
        while len(self._rows) < len(checks):
            self._rows.append(CheckRow())
            self._checks.addWidget(self._rows[-1])
        for row, check in zip(self._rows, checks, strict=True):
            row.show_check(check)


class Fact:
    """One line: icon, what, and the value with its number in bold."""

    def __init__(self, icon: str) -> None:
        self._icon, self._what, self._value = IconLabel(icon, "text2"), QLabel(), QLabel("…")
        self._value.setTextFormat(Qt.TextFormat.RichText)
        self._value.setWordWrap(True)
        set_style(self._what, TextStyle.BODY, "text2")

    def place(self, grid: QGridLayout, row: int) -> None:
        for column, label in enumerate((self._icon, self._what, self._value)):
            grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)

    def show_fact(self, what: str, strong: str, text: str) -> None:
        gap = "" if not strong or text.startswith(",") else " "
        self._what.setText(what)
        self._value.setText(f"<b>{strong}</b>{gap}{text}")
        self._value.setAccessibleName(f"{what}: {strong}{gap}{text}")


class CheckRow(QWidget):
    """One check: passed, a warning, or a reason to wait."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._text = IconLabel("check-circle", "ok"), QLabel()
        self._text.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)

    def show_check(self, check: Check) -> None:
        name, tone = LEVELS.get(check.level, LEVELS["warn"])
        self._icon.show_icon(name, tone)
        text = publishing.check(check)
        spoken = {
            "pass": self.tr("Passed: {text}"),
            "warn": self.tr("Warning: {text}"),
            "wait": self.tr("Reason to wait: {text}"),
        }.get(check.level, "{text}")
        self._text.setText(text)
        self._text.setAccessibleName(spoken.format(text=text))


class ImpactLine(QFrame):
    """The same in one line, for a narrow window."""

    show_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "line")
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.RichText)
        button = Button(self.tr("Show"), "link")
        button.setAccessibleName(self.tr("Show what this will touch"))
        button.clicked.connect(self.show_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._text, 1)
        row.addWidget(button)

    def show_preview(self, preview: Preview, _options: Options) -> None:
        number, instances = publishing.instances_touched(preview)
        sessions = " ".join(publishing.sessions_touched(preview))
        parts = [
            self.tr("<b>What this will touch</b>"),
            self.tr("<b>{n}</b> instances").format(n=number) if instances else "",
            self.tr("sessions: {text}").format(text=sessions),
        ]
        warnings = sum(check.level == "warn" for check in preview.checks)
        waits = sum(check.level == "wait" for check in preview.checks)
        if warnings:
            parts.append(self.tr("warnings: {n}").format(n=warnings))
        if waits:
            parts.append(self.tr("reasons to wait: {n}").format(n=waits))
        self._text.setText(" &nbsp; ".join(part for part in parts if part))
