"""The page of the settings with the clients of this computer, and with whom it trusts."""

from collections.abc import Callable
from datetime import datetime

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.system.connect import client_check, clients
from autosky_desktop.system.connect.trust import Pin, Trust, Untrustworthy
from autosky_desktop.system.settings import Preferences
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.settings.rows import Rows
from autosky_desktop.ui.theme.fonts import TextStyle, scaled, set_style
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.elided import ElidedLabel
from autosky_desktop.ui.widgets.hints import announce
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.ui.widgets.notices import ErrorBox
from autosky_desktop.words import connecting as words
from autosky_desktop.words.connect_form import fingerprint_groups
from autosky_desktop.words.errors import sentence
from autosky_desktop.words.labels import settings as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.times import moment

SELECT_WIDTH = 240


class ConnectingPage(QWidget):
    """The clients of this computer, and the trusted servers. Call `leave` before the page goes."""

    def __init__(
        self, preferences: Preferences, trust: Trust, tasks: Nursery, now: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self._trust, self._now = trust, now
        self._clients = [
            ClientChoice(
                Protocol.RDP, _(labels.REMOTE_DESKTOP_CLIENT), "rdp_client", preferences, tasks
            ),
            ClientChoice(Protocol.SSH, _(labels.SSH_TERMINAL), "terminal", preferences, tasks),
        ]
        settings = Rows()
        settings.add_page("connecting", preferences)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._empty, self._error = QLabel(_(labels.NO_SERVER_IS_TRUSTED_YET)), ErrorBox()
        set_style(self._empty, TextStyle.SMALL, "text2")
        title = QLabel(_(labels.TRUSTED_SERVERS))
        set_style(title, TextStyle.BODY_STRONG)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for client in self._clients:
            column.addWidget(client)
        column.addLayout(settings)
        column.addWidget(title)
        column.addWidget(self._empty)
        column.addLayout(self._rows)
        column.addWidget(self._error)
        self._show()

    def leave(self) -> None:
        for client in self._clients:
            client.leave()

    def _show(self) -> None:
        while item := self._rows.takeAt(0):
            if row := item.widget():
                row.hide()
                row.deleteLater()
        pins = self._pins()
        for pin in pins:
            row = Trusted(pin, self._now())
            row.forget.clicked.connect(lambda _on=False, it=row: self._forget(it))
            self._rows.addWidget(row)
        self._empty.setVisible(not pins)

    def _pins(self) -> list[Pin]:
        try:
            return self._trust.pins
        except Untrustworthy as cause:
            text = _(labels.TRUSTED_SERVERS_UNREAD)
            self._error.tell(text.format(file=cause.aside), again=False, take_focus=False)
            return []

    def _forget(self, row: "Trusted") -> None:
        """Forget a trusted server. Its row stays, so that no second press meets the next one."""
        pin = row.pin
        try:
            self._trust.forget(pin.server, pin.protocol)
        except (CannotWrite, Untrustworthy) as cause:
            self._error.tell(sentence(cause), again=False)
            return
        self.setFocus()
        row.show_forgotten()
        told = _(labels.SERVER_IS_FORGOTTEN)
        announce(self, told.format(server=pin.name))


class ClientChoice(QWidget):
    """The choice of the client for a protocol, or what to install where there is none."""

    def __init__(
        self, protocol: Protocol, name: str, field: str, preferences: Preferences, tasks: Nursery
    ) -> None:
        super().__init__()
        self._preferences, self._tasks, self._field = preferences, tasks, field
        self._found = clients.found(protocol)
        self._work: object = None
        title, self._said = QLabel(name), QLabel()
        self._said.setWordWrap(True)
        set_style(self._said, TextStyle.SMALL, "text2")
        self._select = Select()
        self._select.setAccessibleName(name)
        self._select.setFixedWidth(scaled(SELECT_WIDTH))
        title.setBuddy(self._select)
        self._test = Button(_(labels.TEST))
        self._test.setAccessibleName(_(labels.TEST_THE_CLIENT).format(client=name))
        self._offer(protocol)
        self._select.activated.connect(self._choose)
        self._test.clicked.connect(self._try)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(title, 1)
        row.addWidget(self._select)
        row.addWidget(self._test)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._said)

    def leave(self) -> None:
        if self._work:
            self._work.cancel()  # type: ignore[attr-defined]

    def _offer(self, protocol: Protocol) -> None:
        for client in self._found:
            file = client.path.name
            name = client.name if client.name == file else f"{client.name} ({file})"
            self._select.addItem(name)
        taken = clients.chosen(protocol, *self._preferences.settings.wanted(protocol))
        self._select.setCurrentIndex(self._found.index(taken) if taken else 0)
        for widget in (self._select, self._test):
            widget.setEnabled(bool(self._found))
        self._said.hide()
        if not self._found:
            self._select.addItem(_(labels.NONE_FOUND))
            self._say(words.install(clients.advice(protocol)))
        else:
            self._explain()

    def _choose(self, row: int) -> None:
        chosen = {self._field: self._found[row].id}
        settings = self._preferences.settings
        self._preferences.keep(msgspec.structs.replace(settings, **chosen))
        self._explain()

    def _explain(self) -> None:
        client = self._found[self._select.currentIndex()]
        asks = _(labels.CLIENT_ASKS_ITSELF)
        self._say("" if client.takes_password else asks.format(client=client.name))

    def _try(self) -> None:
        self._select.setFocus()  # a button that turns grey would hand it on, to one that forgets
        self._test.setEnabled(False)
        self._work = self._tasks.spawn(self._trying(), name="test a client")

    async def _trying(self) -> None:
        client = self._found[self._select.currentIndex()]
        works = await client_check.works(client)
        yes = _(labels.CLIENT_STARTS)
        no = _(labels.CLIENT_DOES_NOT_START)
        self._say((yes if works else no).format(client=client.name))
        announce(self, self._said.text())
        self._test.setEnabled(True)

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setVisible(bool(text))


class Trusted(QFrame):
    """One trusted server: how and where it is reached, and since when it is trusted."""

    def __init__(self, pin: Pin, now: datetime) -> None:
        super().__init__()
        self.pin = pin
        self.setProperty("kind", "line")
        name, below = ElidedLabel(pin.name), ElidedLabel()
        set_style(name, TextStyle.BODY_MEDIUM)
        set_style(below, TextStyle.SMALL, "text2")
        said = _(labels.PROTOCOL_AT_ADDRESS_SINCE_WHEN)
        below.setText(
            said.format(
                protocol=words.protocol(pin.protocol.value), address=pin.address,
                when=moment(pin.since, now=now, inside=True),
            )
        )  # fmt: skip
        fingerprint = QLabel(fingerprint_groups(pin.fingerprint))
        fingerprint.setTextFormat(Qt.TextFormat.PlainText)
        set_style(fingerprint, TextStyle.SMALL, "text2")
        self.forget = Button(_(labels.FORGET), small=True)
        text = _(labels.FORGET_FINGERPRINT_OF_SERVER).format(server=pin.name)
        self.forget.setAccessibleName(text)
        self.forget.setAccessibleDescription(f"{below.text()}, {pin.fingerprint}")
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(name)
        texts.addWidget(below)
        texts.addWidget(fingerprint)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 10, 8)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        row.addWidget(self.forget)

    def show_forgotten(self) -> None:
        self.forget.setText(_(labels.FORGOTTEN))
        self.forget.setEnabled(False)
