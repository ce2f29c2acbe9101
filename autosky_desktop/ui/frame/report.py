"""The report of a problem: it is shown whole before anybody copies or saves it."""

import asyncio
import getpass
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from autosky_desktop.domain.redacting import Redactor
from autosky_desktop.store.store import Store
from autosky_desktop.system import report
from autosky_desktop.system.settings import Settings
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.system.writing import WholeFile
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.async_action import AsyncAction
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.dialog import DETAILS, Dialog, FileKind, choose_file
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import help as labels
from autosky_desktop.words.language import _

HEIGHT = 300
"""Pixels of the text."""
CONTROL_PLANE = ("uvicorn", "litestar", "sqlalchemy", "alembic", "dbos", "aiosqlite", "botocore")
"""The libraries of the control plane, whose loggers are no hosts."""
Pairs = report.Pairs


class ReportDialog(Dialog):
    """Shows the report, struck through, and copies or saves what is shown."""

    def __init__(self, window: QWidget, tasks: Nursery) -> None:
        super().__init__(window, _(labels.REPORT_A_PROBLEM), width=DETAILS)
        what = QLabel(_(labels.WHAT_IS_STRUCK_OUT))
        what.setWordWrap(True)
        set_style(what, TextStyle.BODY)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setMinimumHeight(scaled(HEIGHT))
        self._text.setAccessibleName(_(labels.THE_REPORT))
        self._text.setPlainText(_(labels.PUTTING_IT_TOGETHER))
        self._said = QLabel()
        self._said.setWordWrap(True)
        set_style(self._said, TextStyle.SMALL, "text2")
        for part in (what, self._text, self._said):
            self.body.addWidget(part)
        self._copy, self._save = Button(_(labels.COPY)), Button(_(labels.SAVE_REPORT))
        self._copy.setAccessibleName(_(labels.COPY_THE_REPORT))
        self._copy.clicked.connect(self._put_on_clipboard)
        saving = AsyncAction(self._save.text(), self._write, self._failed, tasks, self)
        self._save.clicked.connect(saving.trigger)
        for button in (self._copy, self._save):
            button.setEnabled(False)
            self.add_at_foot(button)
        self.finished.connect(self.deleteLater)

    @property
    def shown(self) -> bool:
        """Return whether the report is there to be read."""
        return self._save.isEnabled()

    def show_report(self, text: str) -> None:
        self._text.setPlainText(text)
        for button in (self._copy, self._save):
            button.setEnabled(True)

    def _put_on_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())
        self._said.setText(_(labels.IT_WAS_COPIED))

    async def _write(self) -> None:
        kind = FileKind(_(labels.TEXT_FILE), "txt")
        target = await choose_file(self, "autosky-desktop.txt", _(labels.SAVE_REPORT), kind)
        if target is not None:
            await asyncio.to_thread(_write, target, self._text.toPlainText())
            self._said.setText(_(labels.WRITTEN_TO_NAME).format(name=target.name))

    def _failed(self, cause: Exception) -> None:
        self._said.setText(sentence(cause))


def show_report(
    window: QWidget, store: Store, settings: Settings, about: Pairs, data: Path, tasks: Nursery
) -> None:
    """Show the report of a problem. It is put together beside the Qt thread."""
    dialog = ReportDialog(window, tasks)
    names = [*_names(store)]

    async def gather() -> None:
        text = await asyncio.to_thread(report.sections, about, settings, data)
        redact = Redactor(names, {*sys.modules, *sys.stdlib_module_names, *CONTROL_PLANE})
        dialog.show_report(await asyncio.to_thread(redact, text))

    tasks.spawn(gather(), name="report")
    dialog.open()


def _names(store: Store) -> Iterator[str]:
    """Yield every name that is known here: of this computer, its user, environments and servers."""
    with suppress(OSError, KeyError, ImportError):  # a user without a name
        yield getpass.getuser()
    yield socket.gethostname()
    if store.me:
        yield store.me.operator
    for environment in store.environments:
        yield from (environment.name, environment.id)
        if environment.preparation:
            yield environment.preparation.name
    for opened in map(store.details, store.opened):
        for table in (opened.servers, opened.instances):
            yield from (it.name for it in table)
        yield from (run.publisher for run in opened.publications)
        yield from (it.account for it in opened.activity if it.account)


def _write(target: Path, text: str) -> None:
    """Write the file whole or not at all. Raises CannotWrite."""
    file = WholeFile(target)
    try:
        file.write(text)
        file.keep()
    finally:
        file.drop()
