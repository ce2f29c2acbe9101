"""The settings: each change applies at once, and is kept."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, cast

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.reminders import Minutes
from autosky_desktop.domain.searching import holds, plain
from autosky_desktop.domain.searching import words as words_of
from autosky_desktop.system import autostart
from autosky_desktop.system.settings import Preferences, offered
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.settings.file import SettingsFile
from autosky_desktop.ui.settings.rows import Rows
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.dialog import Dialog
from autosky_desktop.ui.widgets.focus import first_in, is_stop
from autosky_desktop.ui.widgets.input.check_box import Option
from autosky_desktop.ui.widgets.input.search_field import FilterField
from autosky_desktop.ui.widgets.tabs import PageList
from autosky_desktop.words import reminding
from autosky_desktop.words import settings as words
from autosky_desktop.words.labels import settings as labels
from autosky_desktop.words.language import _

log = logging.getLogger(__name__)

WIDTH, LIST = 672, 132
"""The width of all of it, and the least of the list of pages."""
HEIGHT = 560
"""The height of all pages: what does not fit scrolls under the tabs."""


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
        tasks: Nursery,
        pages: Mapping[str, Callable[[], QWidget]] | None = None,
    ) -> None:
        super().__init__(parent, _(labels.SETTINGS), width=WIDTH, height=HEIGHT)
        self._preferences = preferences
        self._general = self._shown = QWidget()
        self._makers, self._made = dict(pages or {}), dict[str, QWidget]()
        self._search = FilterField()
        self._none = QLabel(_(labels.NO_SETTING_MATCHES))
        self._tabs = self._make_tabs()
        self._add_list()
        self._column = QVBoxLayout(self._general)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self.body.addWidget(self._general)
        self.file = SettingsFile(preferences, tasks)
        self._rows = Rows()
        self._column.addLayout(self._rows)
        self._add_settings(environment, tray=tray)
        self._add_autostart()
        self._column.addWidget(self.file)
        self.finished.connect(self._left)

    def _make_tabs(self) -> PageList:
        tabs = PageList()
        for name in (words.page("general"), *self._makers):
            tabs.addTab(name)
        tabs.setAccessibleName(_(labels.PAGES))
        tabs.setVisible(bool(self._makers))
        tabs.currentChanged.connect(lambda at: self._turn_to(tabs.tabText(at) if at else ""))
        return tabs

    def _add_list(self) -> None:
        """Add the list of pages at the left, beneath what looks for a setting in all of them."""
        self._search.setPlaceholderText(_(labels.FIND_A_SETTING))
        self._search.setAccessibleName(_(labels.FIND_A_SETTING))
        self._search.textChanged.connect(self._look_for)
        self._search.returnPressed.connect(self._go_to_found)
        self._none.setWordWrap(True)
        set_style(self._none, TextStyle.SMALL, "text2")
        self._none.hide()
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._search, self._none, self._tabs):
            column.addWidget(part)
        column.addStretch(1)
        beside.setMinimumWidth(scaled(LIST))
        beside.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.add_beside_body(beside)

    def _look_for(self, text: str) -> None:
        """Leave the pages on which it is found by its title, and turn to the first of them."""
        sought = words_of(text)
        found = [
            number
            for number, key in enumerate(self._keys())
            if holds(plain(" ".join((words.page(key), *words.titles(key, offered(key))))), sought)
        ]
        for number in range(self._tabs.count()):
            self._tabs.setTabVisible(number, number in found)
        self._none.setVisible(not found)
        self._tabs.setVisible(bool(found))
        self._shown.setVisible(bool(found))
        if found and self._tabs.currentIndex() not in found:
            self._tabs.setCurrentIndex(found[0])

    def _go_to_found(self) -> None:
        """Give the keyboard to the first setting of the page whose title has the words."""
        sought = words_of(self._search.text())
        for part in self._shown.findChildren(QWidget):
            said = f"{part.accessibleName()} {part.property('text') or ''}"
            if is_stop(part) and part.isVisible() and holds(plain(said), sought):
                part.setFocus()
                return
        self._begin()

    def _keys(self) -> list[str]:
        """Return the words of the pages that there are, in the order of the list."""
        shown = {self._tabs.tabText(it) for it in range(self._tabs.count())}
        return [key for key in words.PAGES if words.page(key) in shown]

    @property
    def page(self) -> str:
        """The page that is shown, one of `PAGES` in `words/settings.py`."""
        return tuple(words.PAGES)[self._tabs.currentIndex()]

    def turn_to(self, name: str) -> None:
        """Turn to the page of that name."""
        names = [self._tabs.tabText(it) for it in range(self._tabs.count())]
        self._tabs.setCurrentIndex(names.index(name))

    def _turn_to(self, name: str) -> None:
        if name and name not in self._made:
            self._made[name] = self._makers[name]()
            self.body.addWidget(self._made[name])
        before, self._shown = self._shown, self._made[name] if name else self._general
        self._shown.show()
        if self.isVisible() and not (self._tabs.hasFocus() or self._search.hasFocus()):
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

    def _add_settings(self, environment: Environment | None, *, tray: bool) -> None:
        every = offered("general")
        closing = every["closing"]
        every["closing"] = closing._replace(values=("hide" if tray else "", "quit"))
        for setting, choices in every.items():
            self._rows.add_setting(setting, choices, self._preferences)
            if setting == "reminders" and environment and environment.is_scaling:
                self._add_own(environment, choices.values)

    def _add_own(self, environment: Environment, usual: Sequence[Minutes]) -> None:
        own = self._preferences.settings.reminders_of
        now = own.get(environment.id)
        choices: list[tuple[str, Minutes | None]] = [(_(labels.SAME_AS_ABOVE), None)]
        known = usual if now is None or now in usual else (now, *usual)
        choices += [(reminding.minutes(it), it) for it in known]

        def chosen(minutes: Minutes | None) -> None:
            kept = dict(self._preferences.settings.reminders_of)
            kept.pop(environment.id, None)
            if minutes is not None:
                kept[environment.id] = minutes
            self._preferences.change(reminders_of=kept)

        title = _(labels.IN_ENVIRONMENT).format(environment=environment.name)
        self._rows.add_choices(title, choices, now, chosen)

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
