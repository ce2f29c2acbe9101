"""The last step of adding an environment: what can be done with it, line by line."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.actions.environments import EnvironmentDraft
from autosky_desktop.domain.environment_settings import CheckLine, CheckState
from autosky_desktop.ui.environments.pages import StepPage
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.status import StatusPill
from autosky_desktop.words import adding as words
from autosky_desktop.words.labels import environments as labels
from autosky_desktop.words.language import _

PILL = 132
"""Pixels for the state of a line, which is the same for all, so that their texts align."""


class ChecksPage(StepPage):
    """The lines of the check, or that it changes nothing, while what stands in the draft was not
    checked.
    """

    def __init__(self, draft: EnvironmentDraft) -> None:
        super().__init__(draft)
        self._said = self.add_text("", TextStyle.BODY)
        self._rows: list[CapabilityRow] = []
        self.refresh()

    def refresh(self) -> None:
        for row in self._rows:
            row.hide()
            row.deleteLater()
        result = self.draft.checked
        lines = result.lines if result else []
        self._said.setText(words.checked(lines) if result else _(labels.CHECK_CHANGES_NOTHING))
        self._rows = [CapabilityRow(it) for it in lines]
        for row in self._rows:
            self.column.addWidget(row)


class CapabilityRow(QWidget):
    """One line of a check: what was tried, what was seen, and what is missing."""

    def __init__(self, line: CheckLine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        kind, state = words.check_look(line)
        pill = StatusPill()
        pill.show_status(kind, state)
        name = words.capability(line)
        title = _text(name, TextStyle.BODY_MEDIUM, "")
        said = _(labels.CHECK_LINE).format(what=name, state=state, detail=line.detail)
        title.setAccessibleName(said.strip())
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(title)
        if line.detail:
            texts.addWidget(_text(line.detail, TextStyle.SMALL, "text2"))
        if line.remedy:
            failed = CheckState(line.state) is CheckState.FAILED
            texts.addWidget(_text(line.remedy, TextStyle.SMALL, "bad" if failed else "text2"))
        room = QHBoxLayout()
        room.addStrut(0)
        room.addWidget(pill, 0, Qt.AlignmentFlag.AlignTop)
        room.addStretch(1)
        left = QWidget()
        left.setLayout(room)
        room.setContentsMargins(0, 0, 0, 0)
        left.setFixedWidth(scaled(PILL))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(left, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)


def _text(text: str, style: TextStyle, tone: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_style(label, style, tone)
    return label
