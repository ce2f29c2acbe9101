"""The rows of Settings, each made of what `system/settings.py` says of a setting, and its words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.system.log import use_level
from autosky_desktop.system.settings import Offered, Preferences, offered
from autosky_desktop.ui.speaking import speak
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.theme.theme import prefer_colours, prefer_motion
from autosky_desktop.ui.widgets.input.check_box import Option
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.words import settings as words

T = TypeVar("T")

AT_ONCE: Mapping[str, Callable[[Any], object]] = {
    "language": speak,
    "theme": prefer_colours,
    "motion": prefer_motion,
    "log_level": use_level,
}
"""The settings that change something at once, and how."""


def apply_at_once(values: Mapping[str, Any]) -> None:
    """Change what some of these settings change at once."""
    for setting, value in values.items():
        if setting in AT_ONCE:
            AT_ONCE[setting](value)


class OfferedPage(QWidget):
    """A page of nothing but settings that are offered."""

    def __init__(self, page: str, preferences: Preferences) -> None:
        super().__init__()
        column, rows = QVBoxLayout(self), Rows()
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(rows)
        column.addStretch(1)
        rows.add_page(page, preferences)

    def leave(self) -> None:
        """Leave it: what was chosen counts already."""


class Rows(QGridLayout):
    """Settings beneath one another: a label and its choices, or a box across both columns."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(16)
        self.setVerticalSpacing(12)
        self.setColumnStretch(1, 1)

    def add_page(self, page: str, preferences: Preferences) -> None:
        """Add every setting that is offered on that page."""
        for setting, choices in offered(page).items():
            self.add_setting(setting, choices, preferences)

    def add_setting(self, setting: str, choices: Offered, preferences: Preferences) -> None:
        """Add one setting; what is chosen is kept, and counts at once."""
        now = getattr(preferences.settings, setting)

        def chosen(value: Any) -> None:
            preferences.change(**{setting: value})
            if setting in AT_ONCE:
                AT_ONCE[setting](value)

        if isinstance(now, bool):
            self._add_box(words.title(setting), words.more(setting), now, chosen)
            return
        values = choices.values
        if choices.others and now not in values:
            values = (now, *values)
        worded = [(words.value(setting, it), it) for it in values]
        self.add_choices(words.title(setting), worded, now, chosen)
        if more := words.more(setting):
            self._add_more(more)

    def add_choices(
        self,
        title: str,
        choices: Sequence[tuple[str, T]],
        now: T,
        chosen: Callable[[T], object],
    ) -> None:
        """Add a row with these choices; where `now` is none of them, the first one is shown."""
        label, select = QLabel(title), Select()
        label.setWordWrap(True)
        set_style(label, TextStyle.BODY)
        select.setAccessibleName(title)
        label.setBuddy(select)
        for text, _value in choices:
            select.addItem(text)
        values = [value for _text, value in choices]
        select.setCurrentIndex(values.index(now) if now in values else 0)
        select.activated.connect(lambda row: chosen(values[row]))
        row = self.rowCount()
        self.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
        self.addWidget(select, row, 1)

    def _add_more(self, text: str) -> None:
        """Say beneath a row what its setting means."""
        label = QLabel(text)
        label.setWordWrap(True)
        set_style(label, TextStyle.SMALL, "text2")
        self.addWidget(label, self.rowCount(), 0, 1, 2)

    def _add_box(self, title: str, more: str, now: bool, chosen: Callable[[bool], object]) -> None:
        option = Option(title, more, checked=now)
        option.toggled.connect(chosen)
        self.addWidget(option, self.rowCount(), 0, 1, 2)
