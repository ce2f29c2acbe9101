"""The mail server: chosen, tried with an email to oneself, kept, its password in no file."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from autosky_desktop.domain.secrets import KeychainState
from autosky_desktop.ui.desktop import Desktop
from autosky_desktop.ui.widgets.input.number import Number
from autosky_desktop.ui.widgets.input.select import Select
from tests.support.desktop import At, desktop_at
from tests.support.keychain import FakeKeychain
from tests.support.mail_server import HOST, Letterbox, mail_server
from tests.support.person import Person, visible
from tests.support.process import Embedded

MARKER = "M4rker-of-mail"
SENDER = "autosky@erp.example"


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with Embedded(tmp_path_factory.mktemp("plane") / "data") as plane:
        yield plane


@pytest.fixture
def keychain() -> FakeKeychain:
    return FakeKeychain()


@asynccontextmanager
async def the_page(plane: Embedded, keychain: FakeKeychain, folder: Path) -> AsyncIterator[Desktop]:
    async with desktop_at(At(plane.line["url"], plane.line["token"])) as desktop:
        desktop.keychain = keychain  # type: ignore[assignment]
        me = Person()
        await me.until(lambda: desktop.follow.plane, "a control plane")
        await me.presses("Settings")
        await me.opens_tab("Email")
        yield desktop
        await me.presses("Close")


def write(name: str, text: str) -> None:
    field, *_ = [it for it in visible(QLineEdit) if it.accessibleName() == name]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Tab)


def choose_port(port: int) -> None:
    field, *_ = [it for it in visible(Number) if it.accessibleName() == "Port"]
    field.setValue(port)


def choose_encryption(name: str) -> None:
    field, *_ = [it for it in visible(Select) if it.accessibleName() == "Encryption"]
    field.setCurrentIndex(field.findText(name))
    field.activated.emit(field.currentIndex())


def fill(box: Letterbox) -> None:
    write("Mail server", HOST)
    choose_encryption("None")
    choose_port(box.port)
    write("Sender", SENDER)
    write("Send an email to yourself", "ana@erp.example")


def sends_mail(plane: Embedded) -> bool:
    with plane.client() as client:
        answer = client.post("environments/payroll/publications/preview", json={})
    return bool(answer.json()["sendsMail"])


async def test_an_email_to_oneself_comes_and_others_will_too(
    qloop: object, me: Person, plane: Embedded, keychain: FakeKeychain, tmp_path: Path
) -> None:
    with mail_server() as box:
        async with the_page(plane, keychain, tmp_path):
            fill(box)
            await me.presses("Send test email")
            await me.sees(
                "The mail server accepted an email to ana@erp.example. Check that it arrives."
            )
            assert box.reached == [["ana@erp.example"]]
            assert box.letters[0]["From"] == SENDER
            await me.until(lambda: sends_mail(plane), "a control plane that sends")
            write("Mail server", " ")
            await me.until(lambda: not sends_mail(plane), "one that does not any more")


async def test_why_it_does_not_come_is_told_with_what_to_do(
    qloop: object, me: Person, plane: Embedded, keychain: FakeKeychain, tmp_path: Path
) -> None:
    with mail_server() as box:
        box.refuses.add("ana@erp.example")
        async with the_page(plane, keychain, tmp_path):
            fill(box)
            await me.presses("Send test email")
            await me.sees("Not delivered to ana@erp.example (550 nobody here).")
            choose_encryption("TLS")
            choose_port(box.port)
            await me.presses("Send test email")
            await me.sees("could not be encrypted")
            await me.sees("Check the port: STARTTLS is usual at 587, TLS at 465.")


async def test_what_cannot_be_sent_by_is_said_beside_the_field(
    qloop: object, me: Person, plane: Embedded, keychain: FakeKeychain, tmp_path: Path
) -> None:
    async with the_page(plane, keychain, tmp_path):
        write("Mail server", "mail.erp.example")
        await me.sees("Enter the address that emails are sent from.")
        write("Sender", "auto..sky@erp.example")
        await me.sees("No email can be sent to or from 'auto..sky@erp.example'.")
        write("Sender", SENDER)
        write("Account (optional)", "ana")
        choose_encryption("None")
        await me.sees("A password is not sent without encryption.")
        await me.until(lambda: not sends_mail(plane), "a control plane that sends none")


async def test_the_port_follows_the_encryption_unless_it_was_chosen(
    qloop: object, me: Person, plane: Embedded, keychain: FakeKeychain, tmp_path: Path
) -> None:
    async with the_page(plane, keychain, tmp_path) as desktop:
        choose_encryption("TLS")
        assert desktop._preferences.settings.mail_port == 465
        choose_encryption("None")
        assert desktop._preferences.settings.mail_port == 25
        choose_port(2525)
        choose_encryption("STARTTLS")
        assert desktop._preferences.settings.mail_port == 2525


async def test_the_password_is_in_the_keychain_alone(
    qloop: object, me: Person, plane: Embedded, keychain: FakeKeychain, tmp_path: Path
) -> None:
    async with the_page(plane, keychain, tmp_path) as desktop:
        write("Account (optional)", "ana")
        write("Password", MARKER)
        await me.until(lambda: keychain.kept == {"mail-server": MARKER}, "a kept password")
        folder = desktop._preferences._folder
        files = [it for it in folder.rglob("*") if it.is_file()]
        assert MARKER.encode() not in b"".join(it.read_bytes() for it in files)
        write("Password", "\b")
        await me.until(lambda: not keychain.kept, "a forgotten password")


async def test_a_keychain_that_keeps_nothing_lets_it_serve_until_the_end(
    qloop: object, me: Person, plane: Embedded, keychain: FakeKeychain, tmp_path: Path
) -> None:
    keychain.now = KeychainState.NONE
    async with the_page(plane, keychain, tmp_path) as desktop:
        write("Account (optional)", "ana")
        write("Password", MARKER)
        await me.sees("The password is used until you quit.")
        assert not desktop._preferences.settings.mail_password


async def test_a_server_is_pasted_with_its_port(
    qloop: object, me: Person, plane: Embedded, keychain: FakeKeychain, tmp_path: Path
) -> None:
    async with the_page(plane, keychain, tmp_path) as desktop:
        write("Mail server", "smtp.example.com:2525")
        settings = desktop._preferences.settings
        assert (settings.mail_host, settings.mail_port) == ("smtp.example.com", 2525)
        write("Mail server", "::1")
        assert desktop._preferences.settings.mail_host == "::1"
