"""Remote Desktop Connection of Windows: mstsc, with a credential that lives for a moment.

No .rdp file: since April 2026 Windows warns of each one that is opened. Read in the public
documentation of wincred.h and of mstsc, and not yet run on a Windows.
"""

import threading
from pathlib import Path
from typing import Protocol

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system.connect import process
from autosky_desktop.system.connect.launcher import Ended
from autosky_desktop.system.connect.process import Child, ClientFailed, ClientMissing
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target

TAKEN_AWAY_SECONDS = 30.0
PREFIX = "TERMSRV/"


class SystemCredentials(Protocol):
    """The Credential Manager, as far as it is needed here."""

    def account(self, name: str) -> str | None:
        """Return whom the entry of that name signs in; None if there is no such entry."""

    def write(self, name: str, account: str, secret: Secret) -> None:
        """Write an entry for this session of the person only. Raises OSError."""

    def delete(self, name: str) -> None:
        """Delete the entry; nothing happens when it is not there."""


def arguments(program: str, target: Target) -> list[str]:
    host = f"[{target.host}]" if ":" in target.host else target.host
    words = [program, f"/v:{host}:{target.port}"]
    if target.gateway:
        words.append(f"/g:{target.gateway.host}")
    return words


class Mstsc:
    takes_password = True

    def __init__(self, program: Path, credentials: SystemCredentials) -> None:
        self._program = program
        self._credentials = credentials

    async def open(self, target: Target, secret: Secret | None) -> "MstscSession":
        loan = Loan(self._credentials, f"{PREFIX}{target.host}")
        account = f"{target.domain}\\{target.account}" if target.domain else target.account
        if secret:
            loan.begin(account, secret)
        try:
            child = process.start(arguments(str(self._program), target))
        except (ClientMissing, ClientFailed):
            loan.end()
            raise
        return MstscSession(child, loan)


class Loan:
    """A credential that was not there before and is taken away again; never somebody else's."""

    def __init__(self, credentials: SystemCredentials, name: str) -> None:
        self._credentials = credentials
        self._name = name
        self._turn = threading.Lock()
        self._ours = False
        self._timer: threading.Timer | None = None

    def begin(self, account: str, secret: Secret) -> None:
        """Write the credential, unless this account has one already, which mstsc takes then.

        Raises ClientFailed where it is another account's: mstsc would sign that one in.
        """
        own = self._credentials.account(self._name)
        if own is not None:
            if own.casefold() != account.casefold():
                raise ClientFailed("other-credential")
            return
        try:
            self._credentials.write(self._name, account, secret)
        except OSError as cause:
            raise ClientFailed("credential") from cause
        self._ours = True
        self._timer = threading.Timer(TAKEN_AWAY_SECONDS, self.end)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        with self._turn:
            if self._timer:
                self._timer.cancel()
            if self._ours:
                self._ours = False
                self._credentials.delete(self._name)


class MstscSession:
    def __init__(self, child: Child, loan: Loan) -> None:
        self._child = child
        self._loan = loan

    @property
    def pid(self) -> int:
        return self._child.pid

    async def begun(self) -> bool:
        return True

    async def shown(self) -> bool:
        return self._child.code is None

    async def ended(self) -> Ended:
        code = await self._child.ended()
        self._loan.end()
        return Ended(outcome=ConnectionOutcome.CLOSED, code=code)

    def close(self) -> None:
        self._child.end()

    def leave(self) -> None:
        self._loan.end()
