"""The settings: each change applies at once, and is kept."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar, cast

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.reminders import Minutes
from autosky_desktop.system import autostart
from autosky_desktop.system.settings import Preferences
from autosky_desktop.ui.settings.appearance import move, wear
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.dialog import CONFIRM, Dialog
from autosky_desktop.ui.widgets.focus import first_in
from autosky_desktop.ui.widgets.option import Option
from autosky_desktop.ui.widgets.select import Select
from autosky_desktop.ui.widgets.tabs import PageTabs
from autosky_desktop.words import reminding
from autosky_desktop.words.labels import settings as labels
from autosky_desktop.words.language import _

log = logging.getLogger(__name__)

T = TypeVar("T")

HEIGHT = 520
"""The height of all pages: what does not fit scrolls under the tabs."""

USUAL: tuple[Minutes, ...] = ((60, 30, 10, 2), (30, 10, 2), (10, 2), (2,), ())


class SettingsPage(Protocol):
    """A widget that is told before it goes."""

    def leave(self) -> None: ...


class SettingsDialog(Dialog):
    """The dialog with all settings. `environment` is the one that is open, which may have reminders
    of its own.

    `pages` are made when they are looked at; each is a `SettingsPage`.
    """

    def __init__(
        self,
        parent: QWidget,
        preferences: Preferences,
        environment: Environment | None,
        *,
        tray: bool,
        pages: Mapping[str, Callable[[], QWidget]] | None = None,
    ) -> None:
        super().__init__(parent, _(labels.SETTINGS), width=CONFIRM, height=HEIGHT)
        self._preferences = preferences
        self._general = self._shown = QWidget()
        self._makers, self._made = dict(pages or {}), dict[str, QWidget]()
        self._tabs = self._make_tabs()
        self._column = QVBoxLayout(self._general)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self.body.addWidget(self._general)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(12)
        self._grid.setColumnStretch(1, 1)
        self._column.addLayout(self._grid)
        self._add_theme()
        self._add_motion()
        self._add_reminders()
        if environment and environment.is_scaling:
            self._add_own(environment)
        self._add_closing(tray)
        self._add_autostart()
        self.finished.connect(self._left)

    def _make_tabs(self) -> PageTabs:
        tabs = PageTabs()
        for name in (_(labels.GENERAL), *self._makers):
            tabs.addTab(name)
        tabs.setAccessibleName(_(labels.PAGES))
        tabs.setVisible(bool(self._makers))
        tabs.currentChanged.connect(lambda at: self._turn_to(tabs.tabText(at) if at else ""))
        self.add_above_body(tabs)
        return tabs

    def turn_to(self, name: str) -> None:
        """Turn to the page of that name."""
        at = [*self._makers].index(name) + 1
        self._tabs.setCurrentIndex(at)

    def _turn_to(self, name: str) -> None:
        if name and name not in self._made:
            self._made[name] = self._makers[name]()
            self.body.addWidget(self._made[name])
        before, self._shown = self._shown, self._made[name] if name else self._general
        self._shown.show()
        if self.isVisible() and not self._tabs.hasFocus():
            self._begin()
        before.hide()

    def _begin(self) -> None:
        """Give the keyboard to the first setting of the page that was opened."""
        if first := first_in(self._shown):
            first.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        self._begin()
        super().showEvent(event)

    def _left(self) -> None:
        for page in self._made.values():
            cast("SettingsPage", page).leave()
        self.deleteLater()

    def _add_theme(self) -> None:
        choices = [
            (_(labels.SYSTEM), "system"),
            (_(labels.LIGHT), "light"),
            (_(labels.DARK), "dark"),
        ]

        def chosen(theme: str) -> None:
            self._keep(theme=theme)
            wear(theme)

        self._add(_(labels.THEME), choices, self._preferences.settings.theme, chosen)

    def _add_motion(self) -> None:
        choices = [(_(labels.SYSTEM), "system"), (_(labels.REDUCED), "reduced")]

        def chosen(motion: str) -> None:
            self._keep(motion=motion)
            move(motion)

        self._add(_(labels.MOTION), choices, self._preferences.settings.motion, chosen)

    def _add_reminders(self) -> None:
        now = self._preferences.settings.reminders
        choices = [(reminding.minutes(it), it) for it in _with(USUAL, now)]
        title = _(labels.REMIND_ME_BEFORE_SHUTDOWN)
        self._add(title, choices, now, lambda minutes: self._keep(reminders=minutes))

    def _add_own(self, environment: Environment) -> None:
        own = self._preferences.settings.reminders_of
        now = own.get(environment.id)
        choices: list[tuple[str, Minutes | None]] = [(_(labels.SAME_AS_ABOVE), None)]
        usual = _with(USUAL, now) if now is not None else USUAL
        choices += [(reminding.minutes(it), it) for it in usual]

        def chosen(minutes: Minutes | None) -> None:
            kept = dict(self._preferences.settings.reminders_of)
            kept.pop(environment.id, None)
            self._keep(reminders_of=kept if minutes is None else {**kept, environment.id: minutes})

        title = _(labels.IN_ENVIRONMENT).format(environment=environment.name)
        self._add(title, choices, now, chosen)

    def _add_closing(self, tray: bool) -> None:
        if tray:
            choices = [
                (_(labels.KEEPS_WATCHING_IN_TRAY), "hide"),
                (_(labels.QUITS), "quit"),
            ]
        else:
            choices = [(_(labels.ASKS_IF_REMINDERS_ARE_WAITING), ""), (_(labels.QUITS), "quit")]
        now = self._preferences.settings.closing
        now = now if now == "quit" else choices[0][1]
        title = _(labels.CLOSING_THE_WINDOW)
        self._add(title, choices, now, lambda closing: self._keep(closing=closing))

    def _add_autostart(self) -> None:
        option = Option(
            _(labels.START_WITH_SYSTEM),
            _(labels.NO_WINDOW_WHERE_A_TRAY_IS),
            checked=autostart.is_on(),
        )
        self._refused = QLabel()
        self._refused.setWordWrap(True)
        set_style(self._refused, TextStyle.SMALL, "bad")
        self._refused.hide()
        option.toggled.connect(lambda on: self._turn_autostart(option, on))
        self._column.addWidget(option)
        self._column.addWidget(self._refused)

    def _turn_autostart(self, option: Option, on: bool) -> None:
        """Start the program with the system, or no longer. When the system refuses, it is quoted,
        and the box says how things are.
        """
        try:
            autostart.turn(on)
        except OSError as cause:
            log.warning("Starting with the system could not be changed: %s", cause)
            text = _(labels.SYSTEM_DOES_NOT_ALLOW_IT)
            self._refused.setText(text.format(cause=cause.strerror or cause))
            self._refused.show()
            option.set_checked(autostart.is_on())

    def _add(
        self,
        title: str,
        choices: Sequence[tuple[str, T]],
        now: T,
        chosen: Callable[[T], object],
    ) -> None:
        label, select = QLabel(title), Select()
        label.setWordWrap(True)
        set_style(label, TextStyle.BODY)
        select.setAccessibleName(title)
        label.setBuddy(select)
        for words, _value in choices:
            select.addItem(words)
        values = [value for _words, value in choices]
        select.setCurrentIndex(values.index(now) if now in values else 0)
        select.activated.connect(lambda row: chosen(values[row]))
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(select, row, 1)

    def _keep(self, **changes: object) -> None:
        self._preferences.keep(msgspec.structs.replace(self._preferences.settings, **changes))


def _with(usual: Sequence[Minutes], now: Minutes) -> Sequence[Minutes]:
    return usual if now in usual else (now, *usual)
