"""The page of the settings with what is remembered, and with the person's own vault command."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.domain.secrets import Credential, KeychainFailed
from autosky_desktop.system.connect.credentials import Credentials
from autosky_desktop.system.settings import Preferences
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.settings.remembered import Remembered
from autosky_desktop.ui.settings.vault import Example, VaultCommand
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.words import secrets
from autosky_desktop.words.labels import settings as labels
from autosky_desktop.words.language import _


class CredentialsPage(QWidget):
    """The remembered passwords, and `vault` under them. Call `leave` before the page goes."""

    def __init__(
        self,
        credentials: Credentials,
        vault: VaultCommand,
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self._credentials, self._tasks, self._now = credentials, tasks, now
        self._vault = vault
        self._keychain = _text(_(labels.LOOKING_AT_SYSTEM_KEYCHAIN))
        self._empty = _text(_(labels.NO_PASSWORD_IS_REMEMBERED))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._error = ErrorBox()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (_heading(_(labels.REMEMBERED_PASSWORDS)), self._keychain, self._empty):
            column.addWidget(part)
        column.addLayout(self._rows)
        column.addWidget(self._error)
        column.addWidget(_rule())
        column.addWidget(vault)
        self._error.button.hide()
        self._show()
        self._works = [tasks.spawn(self._look(), name="look at the keychain")]

    def leave(self) -> None:
        self._vault.leave()
        for work in self._works:
            work.cancel()

    async def _look(self) -> None:
        self._keychain.setText(secrets.state(await self._credentials.keychain.state()))

    def _show(self) -> None:
        while item := self._rows.takeAt(0):
            if row := item.widget():
                row.hide()
                row.deleteLater()
        entries = self._credentials.entries
        for credential in entries:
            row = Remembered(credential, self._now())
            row.forget.connect(lambda it=credential: self._forget(it))
            self._rows.addWidget(row)
        self._empty.setVisible(not entries)

    def _forget(self, credential: Credential) -> None:
        self._error.clear()
        self.setEnabled(False)
        work = self._tasks.spawn(self._forgetting(credential), name="forget a password")
        self._works.append(work)

    async def _forgetting(self, credential: Credential) -> None:
        self._keychain.setText(_(labels.KEYCHAIN_MAY_ASK))
        told = _(labels.PASSWORD_OF_USER_IS_FORGOTTEN).format(user=credential.account)
        problem = ""
        try:
            await self._credentials.forget(credential.id)
        except KeychainFailed as cause:
            problem = _(labels.NOT_FORGOTTEN_WHY).format(why=secrets.sentence(cause))
        except CannotWrite:
            problem = _(labels.FORGOTTEN_BUT_NOT_WRITTEN)
        self.setEnabled(True)
        self._show()
        if problem:
            self._error.tell(problem, again=False)
        else:
            announce(self, told)
        await self._look()


def credentials_page(
    credentials: Credentials,
    preferences: Preferences,
    environment: Environment | None,
    tasks: Nursery,
    now: Callable[[], datetime],
) -> CredentialsPage:
    """Make the page; its vault command is tested for the `environment`'s preparation server."""
    known = (it.account for it in credentials.entries)
    preparation = environment.preparation if environment else None
    example = Example(
        server=preparation.name if preparation else "server",
        environment=environment.name if environment else "environment",
        account=next(known, "administrator"),
    )
    return CredentialsPage(credentials, VaultCommand(preferences, example, tasks), tasks, now)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    set_style(label, TextStyle.BODY_STRONG)
    return label


def _text(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    set_style(label, TextStyle.SMALL, "text2")
    return label


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("kind", "rule")
    rule.setFixedHeight(1)
    return rule
