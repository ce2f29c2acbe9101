"""The keychains and vault commands in words: how they are, and why no password came."""

from collections.abc import Mapping

from autosky_desktop.domain.secrets import (
    Credential,
    KeychainFailed,
    KeychainState,
    Scope,
    VaultFailed,
    VaultFailure,
)
from autosky_desktop.words import errors
from autosky_desktop.words.language import N_, _

STATES: Mapping[KeychainState, str] = {
    KeychainState.READY: N_(
        "Passwords are kept in the system keychain, and nowhere else. It is ready."
    ),
    KeychainState.LOCKED: N_(
        "The system keychain is locked. Your system asks you to unlock it when it is needed.",
    ),
    KeychainState.NONE: N_("This system has no keychain. You are asked each time."),
    KeychainState.BROKEN: N_("The system keychain does not answer. You are asked until it does."),
    KeychainState.PLAIN: N_(
        "No password is kept: the keychain configured for Python programs would keep it "
        "in plain text, or nowhere. You are asked each time. To use the system keychain, "
        "remove the other from keyringrc.cfg or PYTHON_KEYRING_BACKEND.",
    ),
    KeychainState.UNUSABLE: N_(
        "The keychain configured for Python programs cannot be loaded here. You are asked "
        "each time. To use the system keychain, remove the other from keyringrc.cfg or "
        "PYTHON_KEYRING_BACKEND.",
    ),
}

REFUSALS: Mapping[KeychainState, str] = {
    KeychainState.LOCKED: N_(
        "The system keychain stayed locked, or did not allow it. Unlock it and try again."
    ),
    KeychainState.NONE: N_("This system has no keychain now. Start its service and try again."),
    KeychainState.BROKEN: N_(
        "The system keychain does not answer. Try again, or sign in to the system again."
    ),
    KeychainState.PLAIN: N_(
        "The keychain configured for Python programs would keep passwords in plain text, "
        "or nowhere, so it is not used. Remove it from keyringrc.cfg or "
        "PYTHON_KEYRING_BACKEND.",
    ),
    KeychainState.UNUSABLE: N_(
        "The keychain configured for Python programs cannot be loaded here. Remove it "
        "from keyringrc.cfg or PYTHON_KEYRING_BACKEND.",
    ),
}

VAULT: Mapping[VaultFailure, str] = {
    VaultFailure.MISSING: N_(
        "The vault command could not be started. Check its name and that it is installed."
    ),
    VaultFailure.FAILED: N_(
        "The vault command failed with code {code}. Run it in a terminal to see why."
    ),
    VaultFailure.TIMED_OUT: N_(
        "The vault command took too long and was ended. Unlock the vault and try again."
    ),
    VaultFailure.EMPTY: N_(
        "The vault command printed nothing. Its first line should be the password."
    ),
    VaultFailure.UNREADABLE: N_(
        "What the vault command printed is not a password: it is too long, or not text."
    ),
    VaultFailure.HOSTILE: N_(
        "The vault command was not started: the name of the server, environment or user "
        "contains characters that may not be passed to it. Type the password.",
    ),
}


def state(how: KeychainState) -> str:
    return _(STATES[how])


def sentence(error: Exception) -> str:
    """Word an error as `errors.sentence` does, and those of keychains and vault commands too."""
    if isinstance(error, KeychainFailed):
        return _(REFUSALS[error.state])
    if isinstance(error, VaultFailed):
        return _(VAULT[error.why]).format(code=error.code)
    return errors.sentence(error)


def serves(credential: Credential) -> str:
    """Say for which servers a remembered password is used."""
    if credential.scope is Scope.EVERYWHERE:
        return _("Every server")
    if credential.scope is Scope.ENVIRONMENT:
        text = _("Every server of {environment}")
        return text.format(environment=credential.subject.name)
    return credential.subject.name
