"""The page with what is remembered, and the vault command with its test."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from autosky_desktop.domain.secrets import KeychainState, Scope, Subject
from autosky_desktop.system.connect.credentials import Credentials
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.ui.widgets.button import Button
from tests.support.evening import NOW, Evening, an_evening
from tests.support.keychain import FakeKeychain
from tests.support.person import Person, texts, visible

MARKER = "M4rker-of-the-page"


@asynccontextmanager
async def the_page(
    folder: Path, keychain: FakeKeychain
) -> AsyncIterator[tuple[Evening, Credentials]]:
    """Open, with three passwords; none of the real keychain's."""
    moments = (NOW - timedelta(days=4, seconds=10 - at) for at in count())
    credentials = Credentials(keychain, folder, lambda: next(moments))
    state, keychain.now = keychain.now, KeychainState.READY
    for account, scope, subject in (
        ("ERP\\svc-deploy", Scope.EVERYWHERE, Subject()),
        ("administrator", Scope.ENVIRONMENT, Subject("erp-production", "ERP Production")),
        ("ana", Scope.SERVER, Subject("prep", "PREP-ERP-PROD-01")),
    ):
        await credentials.remember(account, scope, subject, Secret(MARKER))
    keychain.now = state
    async with an_evening() as evening:
        evening.desktop.keychain = keychain  # type: ignore[assignment]
        evening.preferences.go_to(folder)
        await Person().presses("Settings")
        await Person().opens_tab("Passwords")
        yield evening, credentials
        await Person().presses("Close")


def command(*code: str) -> str:
    return f"{sys.executable} -S -c {' '.join(code)}"


async def test_what_is_remembered_is_told_and_no_password(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with the_page(tmp_path, FakeKeychain()):
        for told in (
            "ana", "PREP-ERP-PROD-01, since Fri 20 Nov 18:33", "administrator",
            "Every server of ERP Production, since", "ERP\\svc-deploy", "Every server, since",
            "Passwords are kept in the system keychain, and nowhere else. It is ready.",
        ):  # fmt: skip
            await me.sees(told)
        assert not [text for text in texts() if MARKER in text]


async def test_one_for_a_server_is_forgotten_at_once(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    keychain = FakeKeychain()
    async with the_page(tmp_path, keychain) as (_, credentials):
        await me.presses("Forget password of ana")
        await me.no_longer_sees("PREP-ERP-PROD-01, since")
        assert [it.account for it in credentials.entries] == ["administrator", "ERP\\svc-deploy"]
        assert len(keychain.kept) == 2


async def test_one_for_several_servers_takes_a_second_press(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    keychain = FakeKeychain()
    async with the_page(tmp_path, keychain) as (_, credentials):
        await me.presses("Forget password of administrator")
        await me.sees("Every server it is used for will ask for it again.")
        await me.presses("Go back")
        await me.no_longer_sees("will ask for it again")
        assert len(credentials.entries) == len(keychain.kept) == 3
        for _ in range(2):
            await me.presses("Forget password of administrator")
        await me.until(lambda: len(credentials.entries) == 2, "a shorter list")
        assert len(keychain.kept) == 2


async def test_the_last_one_leaves_a_sentence(qloop: object, me: Person, tmp_path: Path) -> None:
    async with the_page(tmp_path, FakeKeychain()):
        await me.presses("Forget password of ana")
        for user in ("administrator", "ERP\\svc-deploy"):
            await me.until(lambda user=user: me.offers(f"Forget password of {user}"), user)
            for _ in range(2):
                await me.presses(f"Forget password of {user}")
        await me.sees("No password is remembered.")


async def test_a_locked_keychain_forgets_nothing_and_says_what_to_do(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with the_page(tmp_path, FakeKeychain(KeychainState.LOCKED)) as (_, credentials):
        await me.sees("The system keychain is locked.")
        await me.presses("Forget password of ana")
        await me.sees(
            "Not forgotten. The system keychain stayed locked, or did not allow it. "
            "Unlock it and try again."
        )
        assert len(credentials.entries) == 3


async def test_without_a_keychain_that_is_said(qloop: object, me: Person, tmp_path: Path) -> None:
    async with the_page(tmp_path, FakeKeychain(KeychainState.NONE)):
        await me.sees("This system has no keychain. You are asked each time.")


async def test_a_vault_command_is_kept_and_tested(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with the_page(tmp_path, FakeKeychain()) as (evening, _):
        said = tmp_path / "said"
        code = f"\"import sys; open('{said}', 'w').write(' '.join(sys.argv)); print('{MARKER}')\""
        await me.types("Vault command", command(code, "{server} {environment} {account}"))
        await me.presses("Test")
        await me.sees("The command returned a password for ana on PREP-ERP-PROD-01.")
        assert not me.offers("Testing…")
        focused = QApplication.focusWidget()
        assert focused
        assert focused.accessibleName() == "Vault command"
        assert not [text for text in texts() if MARKER in text and "print" not in text]
        kept = evening.desktop._preferences.settings.vault_command
        assert kept[-3:] == ("{server}", "{environment}", "{account}")
        assert words_of(said) == "-c PREP-ERP-PROD-01 ERP Production ana"


async def test_a_test_says_why_no_password_came(qloop: object, me: Person, tmp_path: Path) -> None:
    async with the_page(tmp_path, FakeKeychain()):
        await me.types("Vault command", command('"import sys; sys.exit(3)"'))
        await me.presses("Test")
        await me.sees("The vault command failed with code 3.")
        await me.types("Vault command", "/nowhere/op read")
        await me.presses("Test")
        await me.sees("The vault command could not be started.")


async def test_half_a_command_is_not_kept(qloop: object, me: Person, tmp_path: Path) -> None:
    async with the_page(tmp_path, FakeKeychain()) as (evening, _):
        field = next(it for it in visible(QLineEdit) if it.accessibleName() == "Vault command")
        field.setFocus()
        await me.until(field.hasFocus, "the cursor in the field")
        await me.types("Vault command", 'pass "show')
        me.key(Qt.Key.Key_Return)
        await me.sees("Not saved: a quotation mark is not closed.")
        assert evening.desktop._preferences.settings.vault_command == ()
        field.setFocus()
        await me.types("Vault command", "pass show")
        me.key(Qt.Key.Key_Tab)
        assert evening.desktop._preferences.settings.vault_command == ("pass", "show")


async def test_leaving_during_a_test_ends_the_command(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with the_page(tmp_path, FakeKeychain()) as (evening, _):
        await me.types("Vault command", "sleep 300")
        await me.presses("Test")
        await me.sees("Testing…")
        busy = next(it for it in visible(Button) if it.text() == "Testing…")
        assert busy.width() >= busy.sizeHint().width()  # no letter of it is cut off
    assert not evening.desktop.tasks._tasks


def words_of(file: Path) -> str:
    return file.read_text()


async def test_a_placeholder_that_is_none_is_told_and_kept(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    unknown = "{user} is not a known name and is passed on as it is. The known names are "
    async with the_page(tmp_path, FakeKeychain()) as (evening, _):
        field = next(it for it in visible(QLineEdit) if it.accessibleName() == "Vault command")
        field.setFocus()
        await me.types("Vault command", command('"import sys; sys.exit(3)"', "{server}/{user}"))
        me.key(Qt.Key.Key_Return)
        await me.sees(unknown)
        assert evening.desktop._preferences.settings.vault_command[-1] == "{server}/{user}"
        await me.presses("Test")
        await me.sees("Run it in a terminal to see why. " + unknown)
        field.setFocus()
        await me.types("Vault command", command('"pass"', "{server}/{account}"))
        me.key(Qt.Key.Key_Return)
        await me.no_longer_sees("is not a known name")
