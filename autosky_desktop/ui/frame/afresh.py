"""The question before the control plane on this computer begins with an empty data folder."""

import asyncio
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from autosky_desktop.system import embedded
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.async_action import AsyncAction
from autosky_desktop.ui.widgets.dialog import Dialog
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.ui.widgets.open_log import data_folder
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import desktop as buttons
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _


class AfreshQuestion(Dialog):
    """Asks whether to begin without what cannot be read. Its folder is kept under another name;
    `begun` is called when that is done.
    """

    def __init__(self, window: QWidget, tasks: Nursery, begun: Callable[[], None]) -> None:
        super().__init__(
            window,
            _(labels.START_AFRESH_QUESTION),
            kind="destructive",
            acting=_(labels.START_AFRESH_ACT),
            safe=_(buttons.GO_BACK),
            stays=True,
        )
        self._begun = begun
        where = _(labels.DATA_FOLDER_NOW).format(folder=data_folder())
        for text, tone in (
            (_(labels.FOLDER_IS_RENAMED), ""),
            (_(labels.WHAT_IS_LEFT_BEHIND), ""),
            (where, "text2"),
        ):
            line = QLabel(text)
            line.setWordWrap(True)
            line.setTextFormat(Qt.TextFormat.PlainText)
            set_style(line, TextStyle.BODY, tone)
            self.body.addWidget(line)
        self._error = ErrorBox()
        self.body.addWidget(self._error)
        action = AsyncAction(self.acting.text(), self._begin, self._failed, tasks, self)
        self.acted.connect(action.trigger)
        self._error.again.connect(action.trigger)
        action.busy_changed.connect(self._show_busy)
        self.finished.connect(self.deleteLater)

    async def _begin(self) -> None:
        self._error.clear()
        try:
            await asyncio.to_thread(embedded.set_aside, data_folder())
        except OSError as cause:
            told = _(labels.FOLDER_NOT_RENAMED)
            self._error.tell(told.format(cause=cause.strerror or cause))
            return
        self.accept()
        self._begun()

    def _failed(self, cause: Exception) -> None:
        self._error.tell(sentence(cause))

    def _show_busy(self, busy: bool) -> None:
        self.safe.setEnabled(not busy)
        if busy:
            self.acting.show_busy(_(labels.STARTING_AFRESH))
        else:
            self.acting.show_ready()
