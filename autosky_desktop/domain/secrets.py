"""The passwords that are remembered or asked for, as far as they are told: never one itself."""

from enum import StrEnum

from msgspec import Struct

from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.domain.wire import Instant


class KeychainState(StrEnum):
    """The state of a keychain. `locked` includes one that has yet to be made: the person is asked
    for both at first use.

    The last two are said of one that was configured for all Python programs: `plain` keeps what
    it is given where everybody can read it, or nowhere, and `unusable` cannot be loaded here.
    """

    READY = "ready"
    LOCKED = "locked"
    NONE = "none"
    BROKEN = "broken"
    PLAIN = "plain"
    UNUSABLE = "unusable"


class KeychainFailed(AutoskyError):
    """The keychain read, kept or deleted nothing. `state` says why and is never `ready`."""

    def __init__(self, state: KeychainState) -> None:
        super().__init__(state.value)
        self.state = state


class VaultFailure(StrEnum):
    """The failure of a command. `hostile`: one of the names may not be handed to it. `unreadable`:
    it said no line of text.
    """

    MISSING = "missing"
    FAILED = "failed"
    TIMED_OUT = "timed-out"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    HOSTILE = "hostile"


class VaultFailed(AutoskyError):
    """The command said no password. `code` is its exit code when it is `failed`."""

    def __init__(self, why: VaultFailure, code: int | None = None) -> None:
        super().__init__(why.value if code is None else f"{why.value} {code}")
        self.why = why
        self.code = code


class Scope(StrEnum):
    """The servers that a credential serves; the narrowest scope first."""

    SERVER = "server"
    ENVIRONMENT = "environment"
    EVERYWHERE = "everywhere"


class Subject(Struct, frozen=True):
    """The server or environment that a credential is for; empty for one that serves everywhere."""

    id: str = ""
    name: str = ""


class Credential(Struct, frozen=True, kw_only=True):
    """A remembered password as far as it is known here; `id` is its entry in the keychain."""

    id: str
    account: str
    scope: Scope
    subject: Subject
    kept_at: Instant
    used_at: Instant

    def serves(self, server: str, environment: str) -> bool:
        """Return whether it is for that server (ids)."""
        ids = {Scope.SERVER: server, Scope.ENVIRONMENT: environment, Scope.EVERYWHERE: ""}
        return self.subject.id == ids[self.scope]
