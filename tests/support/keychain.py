"""Keychains for tests: one in memory, and real ones on a bus and in a home of their own."""

from autosky_desktop.system.connect.keychain import SECONDS, KeychainFailed, KeychainState
from autosky_desktop.system.connect.secret import Secret


class FakeKeychain:
    """`now` is how it is; `kept` are the secrets by their entries, in clear for the test."""

    def __init__(self, now: KeychainState = KeychainState.READY) -> None:
        self.now = now
        self.kept: dict[str, str] = {}
        self.asked: list[str] = []

    async def state(self) -> KeychainState:
        self.asked.append("state")
        return self.now

    async def get(self, entry: str, *, seconds: float = SECONDS) -> Secret | None:
        self._ask("get")
        return Secret(self.kept[entry]) if entry in self.kept else None

    async def put(self, entry: str, secret: Secret, *, seconds: float = SECONDS) -> None:
        self._ask("put")
        self.kept[entry] = secret.reveal().decode()

    async def delete(self, entry: str, *, seconds: float = SECONDS) -> None:
        self._ask("delete")
        self.kept.pop(entry, None)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.now is not KeychainState.READY:
            raise KeychainFailed(self.now)
