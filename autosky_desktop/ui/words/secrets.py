"""The keychains and vault commands in words: how they are, and why no password came."""

from collections.abc import Mapping

from autosky_desktop.system.connect.credentials import Credential, Scope
from autosky_desktop.system.connect.keychain import KeychainFailed, KeychainState
from autosky_desktop.system.connect.vault import VaultFailed, VaultFailure
from autosky_desktop.ui.words import errors
from autosky_desktop.ui.words.language import QT_TRANSLATE_NOOP, translate

STATES: Mapping[KeychainState, str] = {
    KeychainState.READY: QT_TRANSLATE_NOOP(
        "secret", "Passwords are kept in the system keychain, and nowhere else. It is ready."
    ),
    KeychainState.LOCKED: QT_TRANSLATE_NOOP(
        "secret",
        "The system keychain is locked. Your system asks you to unlock it when it is needed.",
    ),
    KeychainState.NONE: QT_TRANSLATE_NOOP(
        "secret", "This system has no keychain. You are asked each time."
    ),
    KeychainState.BROKEN: QT_TRANSLATE_NOOP(
        "secret", "The system keychain does not answer. You are asked until it does."
    ),
    KeychainState.PLAIN: QT_TRANSLATE_NOOP(
        "secret",
        "No password is kept: the keychain configured for Python programs would keep it "
        "in plain text, or nowhere. You are asked each time. To use the system keychain, "
        "remove the other from keyringrc.cfg or PYTHON_KEYRING_BACKEND.",
    ),
    KeychainState.UNUSABLE: QT_TRANSLATE_NOOP(
        "secret",
        "The keychain configured for Python programs cannot be loaded here. You are asked "
        "each time. To use the system keychain, remove the other from keyringrc.cfg or "
        "PYTHON_KEYRING_BACKEND.",
    ),
}

REFUSALS: Mapping[KeychainState, str] = {
    KeychainState.LOCKED: QT_TRANSLATE_NOOP(
        "secret", "The system keychain stayed locked, or did not allow it. Unlock it and try again."
    ),
    KeychainState.NONE: QT_TRANSLATE_NOOP(
        "secret", "This system has no keychain now. Start its service and try again."
    ),
    KeychainState.BROKEN: QT_TRANSLATE_NOOP(
        "secret", "The system keychain does not answer. Try again, or sign in to the system again."
    ),
    KeychainState.PLAIN: QT_TRANSLATE_NOOP(
        "secret",
        "The keychain configured for Python programs would keep passwords in plain text, "
        "or nowhere, so it is not used. Remove it from keyringrc.cfg or "
        "PYTHON_KEYRING_BACKEND.",
    ),
    KeychainState.UNUSABLE: QT_TRANSLATE_NOOP(
        "secret",
        "The keychain configured for Python programs cannot be loaded here. Remove it "
        "from keyringrc.cfg or PYTHON_KEYRING_BACKEND.",
    ),
}

VAULT: Mapping[VaultFailure, str] = {
    VaultFailure.MISSING: QT_TRANSLATE_NOOP(
        "secret", "The vault command could not be started. Check its name and that it is installed."
    ),
    VaultFailure.FAILED: QT_TRANSLATE_NOOP(
        "secret", "The vault command failed with code {code}. Run it in a terminal to see why."
    ),
    VaultFailure.TIMED_OUT: QT_TRANSLATE_NOOP(
        "secret", "The vault command took too long and was ended. Unlock the vault and try again."
    ),
    VaultFailure.EMPTY: QT_TRANSLATE_NOOP(
        "secret", "The vault command printed nothing. Its first line should be the password."
    ),
    VaultFailure.UNREADABLE: QT_TRANSLATE_NOOP(
        "secret", "What the vault command printed is not a password: it is too long, or not text."
    ),
    VaultFailure.HOSTILE: QT_TRANSLATE_NOOP(
        "secret",
        "The vault command was not started: the name of the server, environment or user "
        "contains characters that may not be passed to it. Type the password.",
    ),
}


def state(how: KeychainState) -> str:
    return translate("secret", STATES[how])


def sentence(error: Exception) -> str:
    """Word an error as `errors.sentence` does, and those of keychains and vault commands too."""
    if isinstance(error, KeychainFailed):
        return translate("secret", REFUSALS[error.state])
    if isinstance(error, VaultFailed):
        return translate("secret", VAULT[error.why]).format(code=error.code)
    return errors.sentence(error)


def serves(credential: Credential) -> str:
    """Say for which servers a remembered password is used."""
    if credential.scope is Scope.EVERYWHERE:
        return translate("secret", "Every server")
    if credential.scope is Scope.ENVIRONMENT:
        text = translate("secret", "Every server of {environment}")
        return text.format(environment=credential.subject.name)
    return credential.subject.name
