"""The button that writes the record into a file: which file, whether to replace it, how far it is.

No dialog of this runs a loop of its own: each is opened and awaited.
"""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QWidget

from autosky_desktop.actions.exporting import ExportSource, Row, export
from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.activity import Activity, ActivityPage
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.async_action import AsyncAction
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.dialog import Dialog, FileKind, choose_file
from autosky_desktop.ui.widgets.hints import tip
from autosky_desktop.words import activity as words
from autosky_desktop.words import counts
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import activity as labels
from autosky_desktop.words.language import _


class Exporting(QObject):
    """Exports a record into a file. `news` says how it goes, `failed` why there is no file."""

    news = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        source: ExportSource[Any],
        tasks: Nursery,
        wanted: Callable[[], Mapping[str, str]],
        name: Callable[[], str],
        parent: QWidget,
        *,
        what: str = "",
        failure: str = "",
    ) -> None:
        """Make the button. `what` is its name and `failure` the text for a failed export; without
        them both speak of the activity.
        """
        super().__init__(parent)
        self._window = parent
        self._source = source
        self._wanted = wanted
        self._name = name
        self.button = Button(_(labels.EXPORT), small=True)
        self.button.make_room_for(_(labels.EXPORTING))
        self._what = what or _(labels.EXPORT_ACTIVITY)
        self._failure = failure or _(labels.ACTIVITY_WAS_NOT_EXPORTED_WHY)
        self.button.setAccessibleName(self._what)
        self._action = AsyncAction(self.button.text(), self._run, self._failed, tasks, self)
        self.button.clicked.connect(self._action.trigger)

    def allow(self, reason: str) -> None:
        """Permit the export, or say why not."""
        self._action.allow(reason)
        self.button.setEnabled(not reason)
        self.button.setToolTip(tip(reason))
        self.button.setAccessibleDescription(reason)

    async def _run(self) -> None:
        wanted, csv = self._wanted(), FileKind(_(labels.TABLE_CSV), "csv")
        target = await choose_file(self._window, self._name(), self._what, csv)
        if target is None or not await self._may_replace(target):
            return
        self.button.show_busy(_(labels.EXPORTING))
        try:
            number = await export(self._source, wanted, target, self._tell)
        finally:
            self._ready()
        done = _(labels.ENTRIES_WRITTEN_TO_NAME)
        self.news.emit(done.format(entries=counts.entries(number), name=target.name))

    def _tell(self, number: int) -> None:
        self.news.emit(counts.entries_so_far(number))

    def _ready(self) -> None:
        self.button.show_ready()
        self.button.setAccessibleName(self._what)
        self.button.setEnabled(not self._action.statusTip())

    def _failed(self, cause: Exception) -> None:
        self.failed.emit(self._failure.format(why=sentence(cause)))

    async def _may_replace(self, target: Path) -> bool:
        if not await asyncio.to_thread(target.exists):
            return True
        question = Dialog(
            self._window,
            _(labels.REPLACE_NAME).format(name=target.name),
            window_title=self._what,
            acting=_(labels.REPLACE),
            safe=_(labels.GO_BACK),
        )
        label = QLabel(_(labels.FILE_EXISTS))
        label.setWordWrap(True)
        set_style(label, TextStyle.BODY)
        question.body.addWidget(label)
        return await question.answer()


def activity_of(environment: str, intents: Intents) -> ExportSource[ActivityPage]:
    """Return the activity of one environment as a source for the export."""
    return ExportSource(
        lambda wanted: intents.activity(environment, wanted),
        heads(),
        lambda page: [row(it) for it in page.entries],
    )


def heads() -> Row:
    return [
        _(labels.TIME),
        _(labels.WHAT),
        _(labels.KIND),
        _(labels.BY_WHOM),
        _(labels.SERVER),
        _(labels.ACCOUNT),
        _(labels.VERSION),
        _(labels.RESULT),
        _(labels.ENDED),
        _(labels.REASON),
    ]


def row(entry: Activity) -> Row:
    """Write an entry as a row: times with the zone of this computer, words as they are read on the
    screen.
    """
    ended = entry.ended_at.astimezone().isoformat(timespec="seconds") if entry.ended_at else ""
    return [
        entry.at.astimezone().isoformat(timespec="seconds"),
        words.what(entry),
        words.kind(entry.kind),
        words.by(entry),
        entry.target,
        entry.account,
        "" if entry.version is None else str(entry.version),
        words.outcome_word(entry),
        ended,
        words.reason(entry),
    ]
