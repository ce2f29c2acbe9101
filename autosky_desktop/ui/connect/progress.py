"""The progress of a connection: its steps, and what may be said of them."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from autosky_desktop.actions.connect.connecting import Connecting
from autosky_desktop.domain.endpoint import address
from autosky_desktop.ui.connect.steps import Steps, StepWords
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.words import connecting as words
from autosky_desktop.words.labels import connect as labels
from autosky_desktop.words.language import _


class Progress(QWidget):
    """Shows the steps, and below them what went wrong, with "Try again" where that may help."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_(labels.CONNECTING))
        self._now = now
        self._steps, self._said, self.error = Steps(), QLabel(), ErrorBox()
        self._said.setWordWrap(True)
        set_style(self._said, TextStyle.SMALL, "text2")
        self._late = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (self._steps, self._said, self.error):
            column.addWidget(widget)

    def show_steps(self, it: Connecting) -> None:
        request, now = it.request, self._now()
        to, word = address(request.endpoint, request.way), request.endpoint.protocol
        self._steps.show_steps([
            StepWords(
                words.step_name(step, account=request.account, word=word),
                words.step_time(step, address=to, port=request.endpoint.port, word=word, now=now),
                step.state,
            )
            for step in it.steps
        ])  # fmt: skip
        self._say(it, now)

    def tell(self, text: str, *, again: bool) -> None:
        self._said.hide()
        self.error.tell(text, again=again)

    def _say(self, it: Connecting, now: datetime) -> None:
        late = next(filter(None, (words.late(step, now) for step in it.steps)), "")
        if late and not self._late:
            announce(self, late)
        self._late = late
        stays = _(labels.PASSWORD_STAYS_IN_MEMORY)
        word = it.request.endpoint.protocol
        asks = words.asks_there(it.steps[-1], now, word=word, fetches=it.fetches)
        self._said.setText(late or asks or (stays if it.starts else ""))
        self._said.setVisible(bool(self._said.text()) and it.trouble is None)
        if it.trouble is None:
            self.error.clear()
