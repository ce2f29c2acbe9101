"""The keychain that other tests use, and what there is of other systems' here."""

import subprocess
import sys
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringLocked, NoKeyringError, PasswordSetError

from autosky_desktop.domain.secrets import KeychainFailed, KeychainState
from autosky_desktop.system.connect import keyring_entries
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.system_keychain import SystemKeychain
from tests.contracts.keychain import KeychainContract, failure
from tests.support.keychain import FakeKeychain
from tests.support.keyring_in_memory import InMemory


class TestFakeKeychain(KeychainContract):
    @pytest.fixture
    def made(self) -> tuple[FakeKeychain, FakeKeychain]:
        keychain = FakeKeychain()
        return keychain, keychain


def test_nothing_heavy_is_imported_before_the_keychain_is_asked() -> None:
    look = (
        "import sys; from pathlib import Path;"
        "from autosky_desktop.system.connect import credentials, system_keychain, vault;"
        "credentials.Credentials(system_keychain.SystemKeychain(), Path('/nowhere'));"
        "print({'keyring', 'secretstorage', 'jeepney', 'cryptography'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert said.stdout == "set()\n"


class Attended:
    """The turn of somebody who waits, and counts how often the person may have been asked."""

    given_up = False
    asked = 0

    def asks(self) -> None:
        self.asked += 1


class PlaintextOfAnother(InMemory):
    """Recommends itself, as the ones of some makers do."""

    priority = 2.0  # type: ignore[assignment]


class NotRecommended(InMemory):
    priority = 0.5  # type: ignore[assignment]


class Odd(InMemory):
    def get_password(self, service: str, username: str) -> str | None:
        raise ZeroDivisionError(f"{service} {username}")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration of a person's own, and no session bus."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    return tmp_path


def configure(home: Path, backend: str) -> None:
    folder = home / "python_keyring"
    folder.mkdir()
    (folder / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring={backend}\n")


async def test_each_entry_has_a_service_of_its_own_in_the_keychain_a_person_has_configured(
    qloop: object, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InMemory, "kept", {})
    configure(home, f"{InMemory.__module__}.InMemory")
    keychain = SystemKeychain()
    assert await keychain.state() is KeychainState.READY
    await keychain.put("3f2a", Secret("secret"))
    assert InMemory.kept == {("autosky-desktop/3f2a", "3f2a"): "secret"}
    found = await keychain.get("3f2a")
    assert found
    assert found.reveal() == b"secret"
    for _ in range(2):
        await keychain.delete("3f2a")
    assert await keychain.get("3f2a") is None


async def test_the_keychain_named_in_the_environment_comes_before_the_file(
    qloop: object, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(home, "keyring.backends.null.Keyring")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"{InMemory.__module__}.InMemory")
    assert await SystemKeychain().state() is KeychainState.READY


PLAIN = [
    "keyring.backends.null.Keyring",
    "keyring.backends.fail.Keyring",
    f"{__name__}.PlaintextOfAnother",
    f"{__name__}.NotRecommended",
]


@pytest.mark.parametrize("backend", PLAIN)
async def test_a_configured_keychain_that_keeps_no_secrets_is_refused(
    qloop: object, home: Path, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InMemory, "kept", {})
    configure(home, backend)
    keychain = SystemKeychain()
    assert await keychain.state() is KeychainState.PLAIN
    assert await failure(keychain) is KeychainState.PLAIN
    assert not InMemory.kept


def test_a_chain_is_as_safe_as_the_least_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def chain(*backends: KeyringBackend) -> ChainerBackend:
        monkeypatch.setattr(ChainerBackend, "backends", backends)
        return ChainerBackend()  # type: ignore[no-untyped-call]

    assert keyring_entries.keeps_secrets(chain(InMemory()))  # type: ignore[no-untyped-call]
    plain = chain(InMemory(), PlaintextOfAnother())  # type: ignore[no-untyped-call]
    assert not keyring_entries.keeps_secrets(plain)
    assert not keyring_entries.keeps_secrets(chain())


@pytest.mark.parametrize(
    "backend", ["keyring_nowhere.Backend", "keyring.backends.null.Nothing", "nonsense", ""]
)
async def test_a_configured_keychain_that_cannot_be_loaded_is_told(
    qloop: object, home: Path, backend: str
) -> None:
    configure(home, backend)
    assert await SystemKeychain().state() is KeychainState.UNUSABLE
    assert await failure(SystemKeychain()) is KeychainState.UNUSABLE


async def test_an_error_that_only_its_maker_foresaw_breaks_a_keychain_and_says_no_secret(
    qloop: object, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    configure(home, f"{__name__}.Odd")
    with pytest.raises(KeychainFailed) as failed:
        await SystemKeychain().get("3f2a")
    assert failed.value.state is KeychainState.BROKEN
    assert "The keychain failed unexpectedly: ZeroDivisionError" in caplog.text
    assert "3f2a" not in caplog.text


def test_a_keychain_that_does_not_say_when_it_asks_may_always_ask(home: Path) -> None:
    configure(home, f"{InMemory.__module__}.InMemory")
    turn = Attended()
    keyring_entries.KeyringEntries().get("3f2a", turn)
    assert turn.asked == 1


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (NoKeyringError, KeychainState.NONE),
        (KeyringLocked, KeychainState.LOCKED),
        (PasswordSetError, KeychainState.BROKEN),
    ],
)
def test_each_error_of_keyring_says_how_the_keychain_is(
    home: Path, error: type[Exception], state: KeychainState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise error

    configure(home, f"{InMemory.__module__}.InMemory")
    monkeypatch.setattr(InMemory, "set_password", fails)
    with pytest.raises(KeychainFailed) as failed:
        keyring_entries.KeyringEntries().put("3f2a", "secret", Attended())
    assert failed.value.state is state
