"""The keychain on a real KWallet."""

import gc

import pytest

from autosky_desktop.domain.secrets import KeychainState
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.system_keychain import SystemKeychain
from tests.contracts.keychain import ODD
from tests.support.kwallet import kwallet
from tests.support.program import Desk


async def test_a_password_is_kept_read_replaced_and_forgotten(
    qloop: object, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kwallet(desk):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desk.bus)
        for text in ("first", ODD):
            await SystemKeychain().put("entry", Secret(text))
            found = await SystemKeychain().get("entry")
            assert found
            assert found.reveal().decode() == text
        keychain = SystemKeychain()
        assert await keychain.get("other") is None
        await keychain.delete("entry")
        assert await keychain.get("entry") is None
        assert await keychain.state() is KeychainState.READY
        gc.collect()  # a connection that was not closed would be told now
