"""Puts the parts of signing in together, for a control plane of a team."""

from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.sign_in import SignInWays
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.sign_in.api_tokens import ApiTokens
from autosky_desktop.server.sign_in.commands import SignInCommands
from autosky_desktop.server.sign_in.hashes import Passwords
from autosky_desktop.server.sign_in.openid_settings import OpenIdSettings
from autosky_desktop.server.sign_in.own_commands import OwnSignIn, is_program
from autosky_desktop.server.sign_in.sessions import SignInSessions
from autosky_desktop.server.sign_in.team import TeamAuthenticator
from autosky_desktop.server.sign_in.tickets import Tickets
from autosky_desktop.server.sign_in.tries import Tries
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from autosky_desktop.server.sign_in.openid import OpenIdSignIn


class SignInDoor:
    """Holds the parts of signing in. `own` is the control plane's own token and who has it."""

    def __init__(
        self,
        engine: AsyncEngine,
        unit_of_work: UnitOfWork,
        now: Now,
        own: tuple[str, str] | None = None,
        openid: OpenIdSettings | None = None,
    ) -> None:
        passwords = Passwords()
        self.sessions = SignInSessions(engine, unit_of_work, now)
        self.api_tokens = ApiTokens(engine, unit_of_work, now)
        self.commands = SignInCommands(engine, unit_of_work, self.sessions, passwords, now)
        self.own = OwnSignIn(engine, unit_of_work, self.sessions, passwords, self.commands, now)
        self.authenticator = TeamAuthenticator(engine, self.sessions, self.api_tokens, own)
        self.ways = SignInWays(openid=None if openid is None else openid.name)
        self._openid = None
        if openid is not None:
            self._openid = _openid(openid, engine, unit_of_work, self.sessions, now)
        self._tries, self._tickets = Tries(unit_of_work, now), Tickets(unit_of_work, now)

    def openid(self) -> "OpenIdSignIn":
        """Return the way over a provider of identities. Raises Refusal where there is none."""
        if self._openid is None:
            raise Refusal(Code.NOT_FOUND, "this control plane has no provider of identities")
        return self._openid

    def person(self, principal: Principal) -> str:
        """Return the id of the person who asks. Raises Refusal for a program."""
        if is_program(principal) or principal.session is None:
            raise Refusal(Code.FORBIDDEN, "only a person who has signed in may")
        return principal.id

    async def purge(self) -> None:
        """Forget what has run out."""
        await self._tries.purge()
        await self._tickets.purge()
        await self.sessions.purge()


def _openid(
    settings: OpenIdSettings,
    engine: AsyncEngine,
    unit_of_work: UnitOfWork,
    sessions: SignInSessions,
    now: Now,
) -> "OpenIdSignIn":
    """Return the way over this provider; what it needs is loaded where there is one."""
    from autosky_desktop.server.sign_in.openid import OpenIdSignIn
    from autosky_desktop.server.sign_in.openid_provider import OpenIdProvider

    return OpenIdSignIn(OpenIdProvider(settings), engine, unit_of_work, sessions, now)
