"""The card that tells which version the instances run, and how many people are on it."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.domain.environment import Environment, Instance
from autosky_desktop.store.store import LineStatus
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.theme.style import wear
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.notices import Remark
from autosky_desktop.words import counts, states
from autosky_desktop.words import sessions as session_words
from autosky_desktop.words.labels import servers as labels
from autosky_desktop.words.language import _

WIDTH = 316
LEAST_FOR_NAMES, MOST_FOR_NAMES = 54, 100
"""The width of the column of names, in pixels at text of usual size."""
MOST = 4
"""Instances with a row of their own; the others are counted."""


class InstancesCard(Card):
    """Shows what runs, the sessions, the current version and the busiest instances.

    It is one line when compact. `all_asked`: the person wants to see every instance, and who is on
    it; `menu_asked`: the menu of an instance, at a place on the screen.
    """

    all_asked = Signal()
    menu_asked = Signal(object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_(labels.INSTANCES), "", icon="layers", parent=parent)
        self._show_all = Button(_(labels.SHOW_ALL), "link")
        self._show_all.setAccessibleName(_(labels.SHOW_ALL_INSTANCES))
        self._show_all.clicked.connect(self.all_asked)
        self.add_action(self._show_all)
        self._figures = Figures()
        self._rows = [BusyInstance() for _number in range(MOST)]
        for busy in self._rows:
            busy.menu_asked.connect(self.menu_asked)
        self._more, self._line = QLabel(), QLabel()
        self._warning = Remark("alert-triangle", "warn")
        self._short_warning = Remark("alert-triangle", "warn")
        set_style(self._more, TextStyle.SMALL, "text2")
        self._line.setTextFormat(Qt.TextFormat.RichText)
        self._grid = QWidget()
        grid = QVBoxLayout(self._grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        grid.addWidget(self._figures)
        for row in self._rows:
            grid.addWidget(row)
        grid.addWidget(self._more)
        grid.addWidget(self._warning)
        grid.addStretch(1)
        self.body.addWidget(self._grid)
        self.add_beside_title(self._line)
        self.add_beside_title(self._short_warning)
        self.set_compact(compact=False)

    def begin(self) -> None:
        """Put the keyboard back on "Show all", by which the person went to all instances."""
        self._show_all.setFocus()

    def set_compact(self, compact: bool) -> None:
        self._grid.setVisible(not compact)
        self._line.setVisible(compact)
        self._compact = compact
        self._short_warning.setVisible(compact and bool(self._warning.text()))
        self.set_body_visible(not compact)
        low, free = QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred
        self.setMinimumWidth(0 if compact else scaled(WIDTH))
        self.setMaximumWidth(16777215 if compact else scaled(WIDTH))
        self.setSizePolicy(free, low if compact else free)

    def show_instances(
        self,
        instances: Sequence[Instance],
        environment: Environment | None,
        line: LineStatus,
        *,
        loaded: bool,
    ) -> None:
        version = environment.current_version if environment else None
        sessions = environment.sessions if environment else None
        self._figures.show_figures(len(instances) if loaded else None, sessions, version)
        self._figures.show_live(line.live)
        behind = _left_behind(instances, version)
        busiest = sorted(instances, key=lambda it: (-(it.sessions or 0), it.name))
        # the warning takes the place of a row: the card stays as high as the one beside it
        shown = busiest[: MOST - 1 if behind and len(busiest) > MOST else MOST]
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(shown))
            if number < len(shown):
                row.show_instance(shown[number], version, live=line.live)
        room = max((row.wanted_for_name for row in self._rows[: len(shown)]), default=0)
        for row in self._rows:
            row.give_name(min(max(room, scaled(LEAST_FOR_NAMES)), scaled(MOST_FOR_NAMES)))
        none = "" if instances else session_words.no_instance(environment)
        self._say_rest(len(busiest) - len(shown), loaded=loaded, none=none)
        self._warn(behind)
        self._say_all(len(instances), sessions, version, loaded=loaded)

    def _say_rest(self, number: int, *, loaded: bool, none: str) -> None:
        self._more.setVisible(loaded and (bool(none) or number > 0))
        if none:
            self._more.setText(none)
            self._more.setWordWrap(True)
        else:
            self._more.setText(_(labels.AND_N_MORE).format(n=number))

    _compact = False

    def _warn(self, behind: Sequence[Instance]) -> None:
        number = sum(it.sessions or 0 for it in behind)
        versions = ", ".join(str(it) for it in sorted({it.version for it in behind}))
        still = session_words.still_on(number, versions)
        short = session_words.on_version(number, versions)
        for label, text in ((self._warning, still), (self._short_warning, short)):
            label.tell(text if number else "")
        self._warning.setVisible(number > 0)
        self._short_warning.setVisible(number > 0 and self._compact)

    def _say_all(
        self, running: int, sessions: int | None, version: int | None, *, loaded: bool
    ) -> None:
        self.setAccessibleName(session_words.spoken(running, sessions, version))
        line = session_words.in_one_line(running, sessions, version)
        self._line.setText(line if loaded else "")


def _left_behind(instances: Sequence[Instance], version: int | None) -> list[Instance]:
    if version is None:
        return []
    return [it for it in instances if it.version < version and it.sessions]


class Figures(QWidget):
    """Shows the three numbers, each over its word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 4)
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(0)
        words = (_(labels.RUNNING), _(labels.SESSIONS_INSIDE), _(labels.CURRENT_VERSION))
        self._numbers = [QLabel("–") for _word in words]
        for column, (number, word) in enumerate(zip(self._numbers, words, strict=True)):
            below = QLabel(word)
            set_style(number, TextStyle.FIGURE)
            set_style(below, TextStyle.SMALL, "text2")
            grid.addWidget(number, 0, column)
            grid.addWidget(below, 1, column)
        grid.setColumnStretch(2, 1)

    def show_figures(self, *figures: int | None) -> None:
        for label, figure in zip(self._numbers, figures, strict=True):
            label.setText("–" if figure is None else str(figure))

    def show_live(self, live: bool) -> None:
        """Show the numbers in grey while nobody confirms them."""
        for label in self._numbers:
            wear(label, "tone", "" if live else "text3")


class BusyInstance(QWidget):
    """Shows one instance: INST-01, its sessions and its version.

    There is no bar: how many sessions an instance is meant for is not known, and one that is filled
    by the busiest of them reads as overloaded.
    """

    menu_asked = Signal(object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._sessions, self._version = ElidedLabel(), ElidedLabel(), QLabel()
        set_style(self._name, TextStyle.SMALL_MEDIUM)
        set_style(self._sessions, TextStyle.SMALL, "text2")
        set_style(self._version, TextStyle.SMALL, "text2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._name)
        row.addWidget(self._sessions, 1)
        row.addWidget(self._version)

    @property
    def wanted_for_name(self) -> int:
        """Return the width in pixels at which the name is shown whole."""
        return self._name.sizeHint().width()

    def give_name(self, width: int) -> None:
        """Give the name so many pixels, as in the other rows: sessions stand beneath each other."""
        self._name.setFixedWidth(width)

    _instance: Instance | None = None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._instance:
            self.menu_asked.emit(self._instance, event.globalPos())

    def show_instance(self, it: Instance, current: int | None, *, live: bool) -> None:
        self._instance = it
        self._name.setText(it.name)
        self._name.setToolTip(tip(f"{it.name}, {states.instance_state(it.status)}"))
        old = current is not None and it.version < current
        wear(self._sessions, "tone", "text2" if live else "text3")
        wear(self._version, "tone", "warn" if old else "text2")
        sessions = _(labels.NOT_REPORTED)
        self._sessions.setText(sessions if it.sessions is None else counts.sessions(it.sessions))
        self._version.setText(_(labels.VERSION_N).format(n=it.version))
