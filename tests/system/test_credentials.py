"""Remembered passwords: found by where they serve, and nothing secret in the file."""

import logging
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.domain.secrets import KeychainFailed, KeychainState, Scope, Subject
from autosky_desktop.system.connect.credentials import Credentials
from autosky_desktop.system.connect.secrets import Secret
from tests.support.keychain import FakeKeychain

MARKER = "M4rker-of-a-credential"
PREP, WEB = Subject("prep", "PREP-ERP-PROD-01"), Subject("web", "WEB-ERP-PROD-01")
ERP, CRM = Subject("erp", "ERP Production"), Subject("crm", "CRM")
ANYWHERE = Subject()


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 18, 33, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def keychain() -> FakeKeychain:
    return FakeKeychain()


@pytest.fixture
def credentials(keychain: FakeKeychain, tmp_path: Path) -> Credentials:
    return Credentials(keychain, tmp_path / "settings", Clock())


def again(credentials: Credentials) -> Credentials:
    """After a restart."""
    return Credentials(credentials.keychain, credentials._file.path.parent, Clock())


def index(credentials: Credentials) -> Path:
    return credentials._file.path


async def remember(credentials: Credentials, account: str, *where: Subject) -> None:
    for subject in where:
        scope = Scope.SERVER if subject in (PREP, WEB) else Scope.ENVIRONMENT
        scope = scope if subject.id else Scope.EVERYWHERE
        secret = Secret(f"{account} at {subject.id}")
        await credentials.remember(account, scope, subject, secret)


async def test_the_most_specific_one_is_found(qloop: object, credentials: Credentials) -> None:
    assert credentials.find(server="prep", environment="erp") is None
    for where, expected in ((ANYWHERE, ""), (ERP, "erp"), (PREP, "prep"), (WEB, "prep")):
        await remember(credentials, "ana", where)
        found = again(credentials).find(server="prep", environment="erp", account="ana")
        assert found
        assert found.subject.id == expected
        secret = await credentials.secret(found)
        assert secret
        assert secret.reveal() == f"ana at {expected}".encode()
    elsewhere = credentials.find(server="db", environment="crm", account="ana")
    assert elsewhere
    assert elsewhere.scope is Scope.EVERYWHERE


async def test_an_account_is_taken_to_the_letter(qloop: object, credentials: Credentials) -> None:
    await remember(credentials, "ERP\\ana", PREP)
    await remember(credentials, "root", ANYWHERE)
    assert credentials.find(server="prep", environment="erp", account="ana") is None
    found = credentials.find(server="prep", environment="erp", account="root")
    assert found
    assert found.scope is Scope.EVERYWHERE
    anybody = credentials.find(server="prep", environment="erp")
    assert anybody
    assert anybody.account == "ERP\\ana"


async def test_accounts_come_by_their_last_use(qloop: object, credentials: Credentials) -> None:
    await remember(credentials, "ana", PREP, ERP)
    await remember(credentials, "bia", ERP)
    await remember(credentials, "caio", CRM, WEB)
    assert credentials.accounts("prep", "erp") == ("bia", "ana")
    used = credentials.find(server="prep", environment="erp", account="ana")
    assert used
    assert await credentials.secret(used)
    assert again(credentials).accounts("prep", "erp") == ("ana", "bia")


async def test_remembering_again_takes_the_place_of_the_older(
    qloop: object, credentials: Credentials, keychain: FakeKeychain
) -> None:
    await remember(credentials, "ana", PREP)
    first = credentials.entries[0]
    renamed = Subject("prep", "PREP-NEW")
    second = await credentials.remember("ana", Scope.SERVER, renamed, Secret("newer"))
    assert credentials.entries == (second,)
    assert second.id == first.id
    assert keychain.kept == {first.id: "newer"}


async def test_everywhere_has_no_subject(qloop: object, credentials: Credentials) -> None:
    kept = await credentials.remember("ana", Scope.EVERYWHERE, PREP, Secret("x"))
    assert kept.subject == ANYWHERE


async def test_what_is_forgotten_is_gone_from_both(
    qloop: object, credentials: Credentials, keychain: FakeKeychain
) -> None:
    await remember(credentials, "ana", PREP, ERP)
    for credential in credentials.entries:
        await credentials.forget(credential.id)
    assert keychain.kept == {}
    assert again(credentials).entries == ()


async def test_a_password_that_is_gone_from_the_keychain_is_known_no_longer(
    qloop: object, credentials: Credentials, keychain: FakeKeychain
) -> None:
    await remember(credentials, "ana", PREP)
    keychain.kept.clear()
    assert await credentials.secret(credentials.entries[0]) is None
    assert credentials.entries == ()


async def test_a_keychain_that_refuses_changes_nothing(
    qloop: object, credentials: Credentials, keychain: FakeKeychain
) -> None:
    await remember(credentials, "ana", PREP)
    before = credentials.entries
    keychain.lock()
    calls = (
        credentials.remember("bia", Scope.SERVER, PREP, Secret(MARKER)),
        credentials.secret(before[0]),
        credentials.forget(before[0].id),
    )
    for call in calls:
        with pytest.raises(KeychainFailed) as failed:
            await call
        assert failed.value.state is KeychainState.LOCKED
    assert credentials.entries == before


async def test_looking_does_not_touch_the_keychain(
    qloop: object, credentials: Credentials, keychain: FakeKeychain
) -> None:
    await remember(credentials, "ana", PREP)
    keychain.asked.clear()
    looking = again(credentials)
    assert looking.find(server="prep", environment="erp")
    assert looking.accounts("prep", "erp") == ("ana",)
    assert len(looking.entries) == 1
    assert keychain.asked == []


async def test_where_the_list_cannot_be_kept_the_keychain_keeps_nothing_either(
    qloop: object, credentials: Credentials, keychain: FakeKeychain, tmp_path: Path
) -> None:
    (tmp_path / "settings").write_text("a file where the folder should be")
    with pytest.raises(CannotWrite):
        await credentials.remember("ana", Scope.SERVER, PREP, Secret(MARKER))
    assert keychain.kept == {}


async def test_the_file_is_private_and_holds_no_secret(
    qloop: object, credentials: Credentials, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    old = os.umask(0)
    try:
        kept = await credentials.remember("ana", Scope.SERVER, PREP, Secret(MARKER))
    finally:
        os.umask(old)
    file = index(credentials)
    assert "PREP-ERP-PROD-01" in file.read_text("utf-8")
    files = list(file.parent.iterdir())
    said = (*(it.read_text("utf-8") for it in files), caplog.text, repr(kept))
    assert not [text for text in (*said, repr(credentials.entries)) if MARKER in text]
    assert {stat.S_IMODE(it.stat().st_mode) for it in files} == {0o600}


@pytest.mark.parametrize("content", ["{", "[1]", '[{"id": "a"}]', "\udcff"])
async def test_a_damaged_file_starts_afresh(
    qloop: object, credentials: Credentials, caplog: pytest.LogCaptureFixture, content: str
) -> None:
    caplog.set_level(logging.INFO)
    await remember(credentials, "ana", PREP)
    index(credentials).write_bytes(content.encode(errors="surrogateescape"))
    assert credentials.entries == ()
    assert "could not be read" in caplog.text
    await remember(credentials, "bia", PREP)
    assert [it.account for it in again(credentials).entries] == ["bia"]


async def test_a_file_that_may_not_be_read_is_not_written_anew(
    qloop: object, credentials: Credentials, keychain: FakeKeychain
) -> None:
    index(credentials).parent.mkdir()
    index(credentials).symlink_to(index(credentials))  # whoever runs the tests may read all else
    with pytest.raises(CannotWrite):
        await remember(credentials, "ana", PREP)
    assert index(credentials).is_symlink()
    assert keychain.kept == {}
