"""A password is remembered only when that was wished, and forgotten only then as well."""

import asyncio

import pytest
from PySide6.QtWidgets import QApplication

from autosky_desktop.domain.secrets import KeychainState, Scope, Subject
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.ui.connect.dialog import ConnectDialog
from autosky_desktop.words import connecting as words
from tests.support.connect_window import FILE, connectable
from tests.support.person import Person


def window() -> ConnectDialog:
    found = QApplication.activeModalWidget()
    assert isinstance(found, ConnectDialog)
    return found


async def test_a_password_is_remembered_only_when_wished(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await it.asks()
        await it.connects()
        await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")
        assert not it.credentials.entries
        await it.asks()
        await me.until(lambda: window().form.remember.box.isEnabled(), "a keychain")
        await me.presses("Remember in the system keychain")
        await it.connects()
        await me.until(lambda: it.credentials.entries, "the entry")
        assert it.credentials.entries[0].scope is Scope.SERVER


async def test_connecting_before_the_keychain_has_answered_forgets_nothing(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        keychain = it.credentials.keychain
        asked, answers = asyncio.Event(), asyncio.Event()

        async def state() -> KeychainState:
            """Hangs the first time only: the window's own question."""
            if not asked.is_set():
                asked.set()
                await answers.wait()
            return KeychainState.READY

        with Secret("marker") as secret:
            subject = Subject(FILE.id, FILE.name)
            await it.credentials.remember("ERPPROD\\svc-maintenance", Scope.SERVER, subject, secret)
        keychain.state = state  # type: ignore[method-assign]
        await it.asks()
        await asked.wait()
        assert not window().form.remember.box.isEnabled()
        await me.presses("Connect")
        await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")
        answers.set()
        assert len(it.credentials.entries) == 1


async def test_without_a_keychain_what_was_kept_in_it_is_asked_for(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        with Secret("marker") as secret:
            subject = Subject(FILE.id, FILE.name)
            await it.credentials.remember("ERPPROD\\svc-maintenance", Scope.SERVER, subject, secret)
        it.credentials.keychain.now = KeychainState.NONE  # type: ignore[attr-defined]
        await it.asks()
        await me.sees("This system has no keychain. You are asked each time.")
        await me.until(lambda: "keychain" not in window().form.password.placeholderText(), "it")
        await me.presses("Connect")
        await me.sees("Enter the password.")
        assert not it.heard
        assert len(it.credentials.entries) == 1
        await me.presses("Cancel")


async def test_while_the_keychain_asks_the_person_is_sent_there(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "ASKING", 0)
    async with connectable() as it:
        answers = asyncio.Event()

        async def get(_entry: str) -> Secret:
            await answers.wait()
            return Secret("marker")

        with Secret("marker") as secret:
            subject = Subject(FILE.id, FILE.name)
            await it.credentials.remember("ERPPROD\\svc-maintenance", Scope.SERVER, subject, secret)
        it.credentials.keychain.get = get  # type: ignore[method-assign]
        await it.asks()
        await me.presses("Connect")
        await me.sees("If your keychain or password manager asks for something")
        answers.set()
        await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")
        assert it.access.there
        assert it.access.there.passwords == ["marker"]
