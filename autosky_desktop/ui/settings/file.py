"""The row of Settings that takes them to another computer, or has them from one."""

import asyncio
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from autosky_desktop.system import settings_file
from autosky_desktop.system.settings import Preferences
from autosky_desktop.system.settings_file import FoundSettings, NoSettings
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.widgets.async_action import AsyncAction
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.dialog import FileKind, choose_file
from autosky_desktop.ui.widgets.notices import Result
from autosky_desktop.ui.widgets.wrapping import WrappingRow
from autosky_desktop.words import settings as words
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import settings as labels
from autosky_desktop.words.language import _

NAME = "autosky-desktop-settings.json"


class SettingsFile(QWidget):
    """Writes a file of settings, and reads one: `read` tells what was found in it."""

    read = Signal(object)

    def __init__(self, preferences: Preferences, tasks: Nursery) -> None:
        super().__init__()
        self._preferences = preferences
        self._result = Result()
        self._result.hide()
        row = WrappingRow(spacing=8)
        for text, work in (
            (_(labels.EXPORT_SETTINGS), self._export),
            (_(labels.IMPORT_SETTINGS), self._import),
        ):
            button = Button(text)
            action = AsyncAction(text, work, self._failed, tasks, self)
            button.clicked.connect(action.trigger)
            row.add(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(row)
        column.addWidget(self._result)

    def tell(self, found: FoundSettings) -> None:
        """Say what was taken."""
        text = words.taken(len(found.values), found.refused)
        self._result.tell(text, "bad" if found.refused else "ok")

    async def _export(self) -> None:
        kind = FileKind(_(labels.SETTINGS_FILE), "json")
        target = await choose_file(self, NAME, _(labels.EXPORT_SETTINGS), kind)
        if target is not None:
            await asyncio.to_thread(settings_file.export, self._preferences.settings, target)
            self._result.tell(_(labels.SETTINGS_EXPORTED).format(name=target.name), "ok")

    async def _import(self) -> None:
        source = await self._asked()
        if source is None:
            return
        try:
            found = await asyncio.to_thread(settings_file.read, source)
        except NoSettings:
            self._result.tell(_(labels.NO_SETTINGS_FILE).format(name=source.name), "bad")
        except OSError as cause:
            why = _(labels.FILE_NOT_READ)
            told = why.format(name=source.name, cause=cause.strerror or cause)
            self._result.tell(told, "bad")
        else:
            self.read.emit(found)

    async def _asked(self) -> Path | None:
        """Ask which file; None when the person thinks better of it."""
        dialog = QFileDialog(self.window(), _(labels.IMPORT_SETTINGS))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([_(labels.SETTINGS_FILE)])
        answered = asyncio.Event()
        dialog.finished.connect(answered.set)
        dialog.open()
        try:
            await answered.wait()
            accepted = dialog.result() == QFileDialog.DialogCode.Accepted
            files = dialog.selectedFiles() if accepted else []
            return Path(files[0]) if files else None
        finally:
            dialog.close()
            dialog.deleteLater()

    def _failed(self, cause: Exception) -> None:
        self._result.tell(sentence(cause), "bad")
