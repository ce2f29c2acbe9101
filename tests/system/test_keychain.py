"""The keychain that other tests use, and what there is of other systems' here."""

import subprocess
import sys

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, NoKeyringError, PasswordDeleteError

from autosky_desktop.system.connect import keyring_entries
from autosky_desktop.system.connect.keychain import KeychainState
from tests.contracts.keychain import KeychainContract
from tests.support.keychain import FakeKeychain


class TestFakeKeychain(KeychainContract):
    @pytest.fixture
    def made(self) -> tuple[FakeKeychain, FakeKeychain]:
        keychain = FakeKeychain()
        return keychain, keychain


def test_nothing_heavy_is_imported_before_the_keychain_is_asked() -> None:
    look = (
        "import sys; from pathlib import Path;"
        "from autosky_desktop.system.connect import credentials, keychain, vault;"
        "credentials.Credentials(keychain.SystemKeychain(), Path('/nowhere'));"
        "print({'keyring', 'secretstorage', 'jeepney', 'cryptography'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n"


class InMemory(KeyringBackend):
    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


def test_with_keyring_each_entry_has_a_service_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = InMemory()
    monkeypatch.setattr(keyring_entries, "backend", lambda: memory)
    keyring_entries.put("3f2a", "secret")
    assert memory.kept == {("autosky-desktop/3f2a", "3f2a"): "secret"}
    found = keyring_entries.get("3f2a")
    assert found
    assert found.reveal() == b"secret"
    for _ in range(2):
        keyring_entries.delete("3f2a")
    assert keyring_entries.get("3f2a") is None


def test_with_keyring_no_other_backend_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setattr(sys, "platform", "plan9")
    with pytest.raises(NoKeyringError):
        keyring_entries.put("3f2a", "secret")
    assert keyring_entries.state_of(NoKeyringError()) is KeychainState.NONE
    assert keyring_entries.state_of(KeyringLocked()) is KeychainState.LOCKED
    assert keyring_entries.state_of(OSError()) is KeychainState.BROKEN
