"""The card that shows what users will see, at the start and in the last minute.

It follows each key stroke.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.domain.plan import Reconnection, rendered
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.tabs import Segments
from autosky_desktop.words.labels import publish as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.scheduling import clock_there, in_zone


class MessagePreview(Card):
    """Draws a message as on a user's screen: nothing in it can be pressed."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(_(labels.WHAT_USERS_WILL_SEE), "", parent=parent)
        self._now = now
        self._shown: tuple[Reconnection, int, str] | None = None
        self._tabs = Segments("", _(labels.LAST_MINUTE), small=True)
        self._title, self._clock, self._text = QLabel(), QLabel(), QLabel()
        for label, style in (
            (self._title, TextStyle.SMALL),
            (self._clock, TextStyle.SMALL),
            (self._text, TextStyle.BODY),
        ):
            set_style(label, style)
        self._text.setWordWrap(True)
        self.add_action(self._tabs)
        self.body.addWidget(self._screen())
        self._tabs.currentChanged.connect(self._show)

    def show_environment(self, name: str) -> None:
        self._title.setText(name)

    def show_message(self, asked: Reconnection, version: int, time_zone: str) -> None:
        self._shown = (asked, version, time_zone)
        self._tabs.setTabText(0, _(labels.AT_N_MIN).format(n=asked.minutes))
        self._show()

    def show_problem(self, problem: str) -> None:
        """Say why there is no preview: an older message would not be true."""
        self._shown = None
        self._clock.clear()
        text = _(labels.NO_PREVIEW_PROBLEM).format(problem=problem)
        self._text.setText(text)
        self.setAccessibleName(text)

    def _show(self) -> None:
        if self._shown is None:
            return
        asked, version, time_zone = self._shown
        left = 1 if self._tabs.currentIndex() else asked.minutes
        end = self._now() + timedelta(minutes=asked.minutes)
        time = f"{in_zone(end, time_zone):%H:%M}"
        text = rendered(asked.message, minutes=left, version=version, time=time)
        self._clock.setText(clock_there(end - timedelta(minutes=left), time_zone))
        self._text.setText(text)
        self.setAccessibleName(_(labels.WHAT_USERS_WILL_SEE_TEXT).format(text=text))

    def _screen(self) -> QFrame:
        screen, window, bar = QFrame(), QFrame(), QFrame()
        screen.setProperty("kind", "seen")
        window.setProperty("kind", "box")
        bar.setProperty("kind", "line")
        head = QHBoxLayout(bar)
        head.setContentsMargins(12, 6, 12, 6)
        head.addWidget(self._title, 1)
        head.addWidget(self._clock)
        inside = QVBoxLayout(window)
        inside.setContentsMargins(1, 1, 1, 12)
        inside.setSpacing(10)
        inside.addWidget(bar)
        text = QVBoxLayout()
        text.setContentsMargins(14, 0, 14, 4)
        text.addWidget(self._text)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setMinimumHeight(3 * self._text.fontMetrics().lineSpacing())
        inside.addLayout(text)
        around = QVBoxLayout(screen)
        around.setContentsMargins(20, 16, 20, 16)
        around.addWidget(window)
        return screen
