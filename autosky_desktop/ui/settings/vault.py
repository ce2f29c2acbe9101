"""The vault command: a field that keeps what can be kept, and a test that tells no more than
whether a password came.
"""

import asyncio

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from autosky_desktop.domain.secrets import VaultFailed
from autosky_desktop.system.connect import vault
from autosky_desktop.system.settings import Preferences
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.notices import Result
from autosky_desktop.words import secrets
from autosky_desktop.words.labels import settings as labels
from autosky_desktop.words.language import _


class Example(Struct, frozen=True, kw_only=True):
    """The names that a test is made with."""

    server: str
    environment: str
    account: str


class VaultCommand(QWidget):
    """The field of the vault command and its test. Each change is kept once it is whole. Call
    `leave` before it goes.
    """

    def __init__(self, preferences: Preferences, example: Example, tasks: Nursery) -> None:
        super().__init__()
        self._preferences, self._example, self._tasks = preferences, example, tasks
        self._running: asyncio.Task[None] | None = None
        label, self._hint, self._result = QLabel(_(labels.VAULT_COMMAND)), QLabel(), Result()
        self._field = QLineEdit(vault.text(preferences.settings.vault_command))
        self._field.setPlaceholderText(labels.VAULT_COMMAND_EXAMPLE)
        label.setBuddy(self._field)
        self._field.setAccessibleName(label.text())
        self._test = Button(_(labels.TEST))
        self._test.make_room_for(_(labels.TESTING))
        self._hint.setText(_(labels.WHAT_A_VAULT_COMMAND_IS))
        set_style(label, TextStyle.BODY_STRONG)
        set_style(self._hint, TextStyle.SMALL, "text2")
        self._lay_out(label)
        self._field.editingFinished.connect(self._keep)
        self._field.textEdited.connect(self._edited)
        self._test.clicked.connect(self._try)
        self._edited()

    def leave(self) -> None:
        if self._field.isModified():
            self._keep()
        if self._running:
            self._running.cancel()

    def _lay_out(self, label: QLabel) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._field, 1)
        row.addWidget(self._test)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label)
        column.addLayout(row)
        self._hint.setWordWrap(True)
        column.addWidget(self._result)
        column.addWidget(self._hint)

    def _edited(self) -> None:
        self._result.hide()
        self._test.setEnabled(bool(self._field.text().strip()) and self._running is None)

    def _keep(self) -> bool:
        """Keep the command; returns False when it cannot be kept as it stands, and says why."""
        try:
            command = vault.words(self._field.text())
        except ValueError:
            self._result.tell(_(labels.QUOTATION_MARK_NOT_CLOSED), "bad")
            return False
        self._preferences.keep(replace(self._preferences.settings, vault_command=command))
        self._field.setModified(False)
        if doubt := self._doubt():
            self._result.tell(doubt, "warn")
        return True

    def _doubt(self) -> str:
        """Warn of unknown names, which are kept all the same: braces may be meant for the command
        itself.
        """
        unknown = vault.unknown(self._preferences.settings.vault_command)
        text = _(labels.UNKNOWN_NAME)
        return text.format(unknown=unknown) if unknown else ""

    def _try(self) -> None:
        if self._running is None and self._keep():
            self._field.setFocus()  # a busy button would hand it on, to one that forgets
            self._test.show_busy(_(labels.TESTING))
            self._running = self._tasks.spawn(self._ask(), name="test the vault command")

    async def _ask(self) -> None:
        command, names = self._preferences.settings.vault_command, self._example
        server, account = names.server, names.account
        try:
            secret = await vault.ask(
                command, server=server, environment=names.environment, account=account
            )
            secret.forget()
            text, tone = _(labels.COMMAND_RETURNED_PASSWORD), "ok"
            text = text.format(account=account, server=server)
        except VaultFailed as cause:
            text, tone = f"{secrets.sentence(cause)} {self._doubt()}".rstrip(), "bad"
        self._running = None
        self._test.show_ready()
        self._edited()
        self._result.tell(text, tone)
