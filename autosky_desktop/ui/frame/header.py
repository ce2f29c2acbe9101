"""The header of the window: the environment's name, whether what is shown is live, and the tabs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.store.store import STALE, Line, LineStatus, is_stale
from autosky_desktop.ui.theme.fonts import TextStyle, growth, scaled, set_style
from autosky_desktop.ui.theme.style import wear
from autosky_desktop.ui.widgets.button import MenuButton
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.ui.widgets.label_tag import LabelTag
from autosky_desktop.ui.widgets.status import StatusPill
from autosky_desktop.ui.widgets.tabs import PADDING, PageTabs
from autosky_desktop.ui.widgets.wording import Wording
from autosky_desktop.words import states
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.states import StatusKind
from autosky_desktop.words.times import about, clock_or_moment

if TYPE_CHECKING:  # not needed for the first paint
    from autosky_desktop.ui.frame.provider_update import ProviderUpdate


BUTTON = 32
NO_ROOM_FOR_DEMO = 1.75
"""With letters so much larger, the tag would cover the name."""
ROOM_FOR_WORDS = 620
"""In a narrower header the button for the provider update has its icon alone."""
NAME = 160
"""The width that the name of an environment keeps, when there is little room."""
TABS = ("servers", "publish", "activity")


class Header(QFrame):
    """The header above the page. `tab_chosen` carries the word of the tab: servers, publish or
    activity.
    """

    tab_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("region", "header")
        self._stripe = QFrame()
        self._stripe.setProperty("region", "stripe")
        self._stripe.setFixedHeight(3)
        self._title = ElidedLabel()
        set_style(self._title, TextStyle.TITLE)
        self._tag = LabelTag()
        self._demo = LabelTag()
        self._state = StatusPill(soft=False)
        self._state.let_shrink()
        self.menu_button = MenuButton()
        self.menu_button.hide()
        self.tabs = self._make_tabs()
        self.pace = PaceLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stripe)
        column.addLayout(self._title_row())
        column.addLayout(self._tab_row())
        self.set_margin(24)
        Wording(self, self._word)
        self.show_environment(None)

    def _word(self) -> None:
        self._demo.show_label("demo", _(labels.DEMO))
        self._demo.setToolTip(_(labels.SIMULATED_HERE))
        for at, text in enumerate((labels.SERVERS, labels.PUBLISH, labels.ACTIVITY)):
            self.tabs.setTabText(at, _(text))
        # like nothing that can be shown, so that whatever is shown next is worded anew
        self._shown: tuple[str, str, bool] | None = ("", "", False)

    def set_margin(self, margin: int) -> None:
        """Set the page's margin: 24, or 16 in a narrow window."""
        self._row.setContentsMargins(margin, 12, margin, 12)
        self._tabs_row.setContentsMargins(margin - PADDING, 0, margin, 0)

    def show_environment(self, environment: Environment | None) -> None:
        shown = (environment.name, environment.label, environment.demo) if environment else None
        if shown == self._shown:
            return
        self._shown = shown
        for widget in (self._title, self._tag, self.tabs):
            widget.setVisible(environment is not None)
        demo = environment is not None and environment.demo
        self.pace.setVisible(demo)
        self._demo.setVisible(demo and growth() < NO_ROOM_FOR_DEMO)
        label = environment.label if environment else ""
        wear(self._stripe, "label", label)
        if environment:
            word = states.label(environment.label)
            self._title.setText(environment.name)
            # the state gives up its letters first, the name when there is nothing else to give
            # a pixel more, as the width of a text may have been rounded down
            room = self._title.fontMetrics().horizontalAdvance(environment.name) + 1
            self._title.setMinimumWidth(min(room, scaled(NAME)))
            self._title.setAccessibleName(
                _(labels.NAME_LABEL_ENVIRONMENT).format(name=environment.name, label=word)
            )
            self._tag.show_label(environment.label, word)

    def show_connection(
        self, line: LineStatus, environment: Environment | None, *, now: datetime
    ) -> timedelta | None:
        """Show the state of the connection; returns after how long its words may change by time
        alone.
        """
        at = environment.confirmed_at if environment else None
        kind, text = connection_look(line, at, now=now)
        self._state.show_status(kind, text)
        spoken = _(labels.CONNECTION_STATE).format(state=text.replace(" · ", ", "))
        self._state.setAccessibleName(spoken)
        if line.line is not Line.LIVE or at is None:
            return None
        return min(max(timedelta(seconds=1), at + STALE - now), STALE)

    def choose(self, tab: str) -> None:
        """Mark that tab; a page that is of no tab was come to from the servers."""
        with QSignalBlocker(self.tabs):
            self.tabs.setCurrentIndex(TABS.index(tab) if tab in TABS else 0)

    def add_update(self, update: "ProviderUpdate") -> None:
        """Add the provider update at the right; what it says stands in the place of the connection
        state.
        """
        self._update = update
        self._row.addSpacing(6)
        self._row.addWidget(update)
        QWidget.setTabOrder(update.button, self.tabs)
        update.says.connect(lambda speaks: self._state.setVisible(not speaks))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._update:
            self._update.show_brief(brief=self.width() < scaled(ROOM_FOR_WORDS))

    _update: "ProviderUpdate | None" = None

    def _title_row(self) -> QHBoxLayout:
        self._row = QHBoxLayout()
        self._row.setSpacing(10)
        self._row.addWidget(self.menu_button)
        self._row.addWidget(self._title)
        self._row.addWidget(self._tag)
        self._row.addWidget(self._demo)
        self._row.addStretch(1)
        self._row.addWidget(self._state)
        self._row.addStrut(scaled(BUTTON))
        return self._row

    def _tab_row(self) -> QHBoxLayout:
        self._tabs_row = QHBoxLayout()
        self._tabs_row.addWidget(self.tabs)
        self._tabs_row.addSpacing(16)
        self._tabs_row.addWidget(self.pace, 1)
        return self._tabs_row

    def _pressed(self, index: int) -> None:
        """Lead back to the marked tab from a page within it."""
        if index == self.tabs.currentIndex():
            self.tab_chosen.emit(TABS[index])

    def _make_tabs(self) -> PageTabs:
        tabs = PageTabs()
        for _tab in TABS:
            tabs.addTab("")
        tabs.currentChanged.connect(lambda index: self.tab_chosen.emit(TABS[index]))
        tabs.tabBarClicked.connect(self._pressed)
        return tabs


def connection_look(
    connection: LineStatus, confirmed: datetime | None, *, now: datetime
) -> states.Look:
    """Return the state of the connection: Live, with the moment the provider was last read; or what
    is in the way.
    """
    line = connection.line
    if confirmed and confirmed - now > STALE:
        confirmed = None  # a clock was wrong: it says nothing
    if line is Line.LIVE and confirmed and is_stale(confirmed, now=now):
        ago = about((now - confirmed).total_seconds())
        return StatusKind.WARN, _(labels.CONFIRMED_TIME_AGO).format(time=ago)
    kind, text = {
        Line.STARTING: (StatusKind.BUSY, _(labels.STARTING_CONTROL_PLANE)),
        Line.LIVE: (StatusKind.OK, _(labels.LIVE)),
        Line.OFFLINE: (StatusKind.UNKNOWN, _(labels.OFFLINE)),
        Line.RESTARTING: (StatusKind.BUSY, _(labels.STARTING_AGAIN)),
        Line.REFUSED: (StatusKind.BAD, _(labels.REFUSED)),
        Line.FAILED: (StatusKind.BAD, _(labels.NOT_STARTED)),
    }[line]
    if confirmed and line in (Line.LIVE, Line.OFFLINE):
        at = clock_or_moment(confirmed, now=now, seconds=True)
        text = _(labels.STATE_CONFIRMED_TIME).format(state=text, time=at)
    return kind, text


class PaceLabel(QLabel):
    """A label for the first of its texts that fits, else the last; the first is always said."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: Sequence[str] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setRetainSizeWhenHidden(True)  # the tabs beside it stay where they are
        self.setSizePolicy(policy)
        set_style(self, TextStyle.SMALL, "text2")

    def say(self, texts: Sequence[str], more: str) -> None:
        """Show one of `texts`. `more` is told by the tool tip, after the first text."""
        self._texts = texts
        self.setAccessibleName(texts[0])
        self.setAccessibleDescription(more)
        self.setToolTip(tip(f"{texts[0]} {more}"))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        measure = self.fontMetrics().horizontalAdvance
        fitting = [text for text in self._texts if measure(text) <= self.width()]
        text = fitting[0] if fitting else "".join(self._texts[-1:])
        if text != self.text():
            self.setText(text)
