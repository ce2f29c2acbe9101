"""The page of the settings with the mail server, and a letter to oneself to try it."""

import asyncio
from collections.abc import Awaitable, Callable

from msgspec.structs import replace
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.mail import USUAL_PORTS, Encryption, host_and_port, is_address
from autosky_desktop.domain.secrets import KeychainFailed
from autosky_desktop.flows.mailing import Mailing, is_whole
from autosky_desktop.system.settings import Preferences, Settings
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.theme.fonts import TextStyle, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.input.labelled import Labelled
from autosky_desktop.ui.widgets.input.number import Number
from autosky_desktop.ui.widgets.input.password_field import PasswordField
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.ui.widgets.notices import Result
from autosky_desktop.words import mail as words
from autosky_desktop.words import secrets
from autosky_desktop.words.labels import settings as labels
from autosky_desktop.words.language import _


class MailPage(QWidget):
    """The mail server's page. A change is kept and counts at once. Call `leave` before it goes."""

    def __init__(self, preferences: Preferences, mailing: Mailing, tasks: Nursery) -> None:
        super().__init__()
        self._preferences, self._mailing, self._tasks = preferences, mailing, tasks
        self._working: asyncio.Task[None] | None = None
        self._make_fields()
        self._result = Result()
        self._lay_out()
        self._fill()
        self._connect()
        self._check()

    def leave(self) -> None:
        self._keep()
        if self._password.isModified():
            self._tasks.spawn(self._remember(), name="keep the password of the mail server")

    def _make_fields(self) -> None:
        self._host, self._port = QLineEdit(), Number(1, 65535)
        self._encryption = Select()
        self._sender, self._account = QLineEdit(), QLineEdit()
        self._password, self._to = PasswordField(), QLineEdit()
        self._send = Button(_(labels.SEND_TEST_EMAIL))
        self._send.make_room_for(_(labels.SENDING))
        for how, name in (
            (Encryption.STARTTLS, _(labels.STARTTLS)),
            (Encryption.TLS, _(labels.TLS)),
            (Encryption.NONE, _(labels.NONE)),
        ):
            self._encryption.addItem(name, how)
        self._host.setPlaceholderText("smtp.example.com")
        self._port.name(_(labels.PORT))
        self._sender.setPlaceholderText("autosky@example.com")
        self._to.setPlaceholderText("name@example.com")
        self._rows = {
            "host": Labelled(_(labels.MAIL_SERVER), self._host),
            "port": Labelled(_(labels.PORT), self._port),
            "encryption": Labelled(_(labels.ENCRYPTION), self._encryption),
            "sender": Labelled(_(labels.SENDER), self._sender),
            "account": Labelled(_(labels.ACCOUNT_OPTIONAL), self._account),
            "password": Labelled(_(labels.PASSWORD), self._password),
            "to": Labelled(_(labels.SEND_EMAIL_TO_YOURSELF), self._to, button=self._send),
        }

    def _lay_out(self) -> None:
        about = _text(_(labels.WHAT_EMAIL_IS_FOR))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        places = ("host", 0, 0, 2), ("port", 0, 2, 1), ("encryption", 0, 3, 1)
        for name, row, at, span in (*places, ("sender", 1, 0, 4)):
            grid.addWidget(self._rows[name], row, at, 1, span)
        grid.addWidget(self._rows["account"], 2, 0, 1, 2)
        grid.addWidget(self._rows["password"], 2, 2, 1, 2)
        for number in range(4):
            grid.setColumnStretch(number, 1)
        rule = QFrame()
        rule.setProperty("kind", "rule")
        rule.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(about)
        column.addLayout(grid)
        column.addWidget(rule)
        column.addWidget(self._rows["to"])
        column.addWidget(self._result)

    def _fill(self) -> None:
        it = self._preferences.settings
        self._host.setText(it.mail_host)
        self._port.setValue(it.mail_port)
        at = self._encryption.findData(it.mail_encryption)
        self._encryption.setCurrentIndex(max(at, 0))
        self._sender.setText(it.mail_sender)
        self._account.setText(it.mail_account)
        self._to.setText(it.mail_sender)
        if it.mail_password:
            self._password.setPlaceholderText(_(labels.KEPT_IN_SYSTEM_KEYCHAIN))

    def _connect(self) -> None:
        self._host.editingFinished.connect(self._part_port)
        for field in (self._host, self._sender, self._account):
            field.editingFinished.connect(self._keep)
            field.textEdited.connect(self._check)
        self._to.textEdited.connect(self._check)
        self._port.valueChanged.connect(lambda: self._keep())
        self._encryption.activated.connect(self._encrypt)
        self._password.editingFinished.connect(self._password_typed)
        self._send.clicked.connect(self._try)

    def _encrypt(self) -> None:
        """Replace the usual port of the encryption chosen before by the usual one of this."""
        if self._port.value() in USUAL_PORTS.values():
            self._port.setValue(USUAL_PORTS[Encryption(self._encryption.currentData())])
        self._keep()

    def _part_port(self) -> None:
        """Move a port from the server's field to its own: people paste the server with its port."""
        if found := host_and_port(self._host.text()):
            host, port = found
            self._host.setText(host)
            self._port.setValue(port)

    def _typed(self) -> Settings:
        return replace(
            self._preferences.settings,
            mail_host=self._host.text().strip(),
            mail_port=self._port.value(),
            mail_encryption=Encryption(self._encryption.currentData()),
            mail_sender=self._sender.text().strip(),
            mail_account=self._account.text().strip(),
        )

    def _keep(self) -> None:
        self._check()
        if self._typed() != self._preferences.settings:
            self._preferences.keep(self._typed())
            self._mailing.changed()

    def _check(self) -> None:
        """Say beside each field what is wrong with it; a letter can be tried once nothing is."""
        typed, sender, to = self._typed(), self._sender.text().strip(), self._to.text().strip()
        no_address = _(labels.NO_EMAIL_CAN_BE_SENT)
        begun = bool(typed.mail_host or sender)
        wrong_sender = no_address.format(text=sender) if sender and not is_address(sender) else ""
        if begun and not sender:
            wrong_sender = _(labels.ENTER_THE_SENDER)
        self._rows["sender"].tell(wrong_sender)
        bare = typed.mail_account and typed.mail_encryption is Encryption.NONE
        self._rows["password"].tell(_(labels.NO_PASSWORD_WITHOUT_ENCRYPTION) if bare else "")
        odd = bool(to) and not is_address(to)
        self._rows["to"].tell(no_address.format(text=to) if odd else "")
        ready = is_whole(typed) and is_address(to) and self._working is None
        self._send.setEnabled(ready)

    def _password_typed(self) -> None:
        if self._password.isModified():
            self._work(self._remember)

    def _try(self) -> None:
        self._keep()
        if self._working is None:
            self._to.setFocus()  # a busy button would hand it on
            self._send.show_busy(_(labels.SENDING))
            self._work(self._sending)

    def _work(self, work: Callable[[], Awaitable[None]]) -> None:
        self._working = self._tasks.spawn(self._working_on(work), name="try the mail server")

    async def _working_on(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        finally:
            self._working = None
            self._send.show_ready()
            self._check()

    async def _remember(self) -> None:
        self._password.setModified(False)
        try:
            await self._mailing.remember(self._password.secret())
        except KeychainFailed as cause:
            text = _(labels.PASSWORD_USED_UNTIL_YOU_QUIT)
            self._result.tell(text.format(why=secrets.sentence(cause)), "warn")
        self._mailing.changed()

    async def _sending(self) -> None:
        if self._password.isModified():
            await self._remember()
        to = self._to.text().strip()
        try:
            state = await self._mailing.send_test_email(to)
        except AutoskyError as cause:
            self._result.tell(secrets.sentence(cause), "bad")
            return
        if state.trouble:
            self._result.tell(words.trouble(state.trouble, state.detail), "bad")
        else:
            text = _(labels.EMAIL_WAS_ACCEPTED)
            self._result.tell(text.format(to=to), "ok")


def _text(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    set_style(label, TextStyle.SMALL, "text2")
    return label
