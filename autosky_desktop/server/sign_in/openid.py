"""Signs people in at a company's provider of identities: authorization code with PKCE.

The desktop only opens a browser and waits on a port of its own; verifier and nonce never leave the
control plane. Who brings the code must also have the ticket, which no browser sees: nobody can be
made to finish a sign-in that somebody else began.
"""

import hmac
import logging
import secrets
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.sign_in import (
    OpenIdAnswer,
    OpenIdBegun,
    OpenIdRequest,
    SignInTokens,
    SignInWay,
)
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.sign_in import tickets
from autosky_desktop.server.sign_in.openid_people import person_of_claims
from autosky_desktop.server.sign_in.openid_provider import (
    OpenIdProvider,
    OpenIdTrouble,
    verifier,
)
from autosky_desktop.server.sign_in.sessions import SignInSessions
from autosky_desktop.server.sign_in.tickets import GOOD_FOR, Tickets, take
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

STATE_BYTES = 24
LOOPBACKS = frozenset({"127.0.0.1", "::1"})
"""Not `localhost`: whoever may write names of this computer could take what comes back there."""

log = logging.getLogger(__name__)


class OpenIdSignIn:
    """Sends people to the provider and takes them in when they come back."""

    def __init__(
        self,
        provider: OpenIdProvider,
        engine: AsyncEngine,
        unit_of_work: UnitOfWork,
        sessions: SignInSessions,
        now: Now,
    ) -> None:
        self._provider, self._engine, self._unit_of_work = provider, engine, unit_of_work
        self._sessions, self._now = sessions, now
        self._tickets = Tickets(unit_of_work, now)

    async def begin(self, request: OpenIdRequest) -> OpenIdBegun:
        """Return where to send the browser. Raises Refusal."""
        if not _is_own_port(request.redirect_uri):
            raise Refusal(Code.INVALID_REQUEST, "redirectUri is no port of the caller's computer")
        details = {
            "redirect_uri": request.redirect_uri,
            "state": secrets.token_urlsafe(STATE_BYTES),
            "nonce": secrets.token_urlsafe(STATE_BYTES),
            "verifier": verifier(),
        }
        try:
            url = await self._provider.address(**details)
        except OpenIdTrouble as error:
            raise _refused(error) from error
        ticket = await self._tickets.hand_out(
            tickets.OPENID, device=request.device, details=details
        )
        until = self._now() + GOOD_FOR[tickets.OPENID]
        return OpenIdBegun(url=url, state=details["state"], ticket=ticket, until=until)

    async def finish(self, answer: OpenIdAnswer, address: str) -> SignInTokens:
        """Return tokens for what the browser came back with. Raises Refusal."""
        row = await self._tickets.tried(tickets.OPENID, answer.ticket)
        async with self._unit_of_work.without_events() as connection:
            await take(connection, tickets.OPENID, answer.ticket)
        details = dict(row.details)
        if not hmac.compare_digest(details.pop("state").encode(), answer.state.encode()):
            raise Refusal(Code.TICKET_OVER, "the browser came back from another sign-in")
        now = self._now()
        try:
            if not await self._provider.issues(answer.iss):
                raise OpenIdTrouble("the browser came back from another provider")
            claims = await self._provider.claims(answer.code, **details, now=now)
        except OpenIdTrouble as error:
            raise _refused(error) from error
        settings = self._provider.settings
        async with self._unit_of_work.without_events() as connection:
            person = await person_of_claims(connection, settings, claims, now)
        if person is None:
            raise Refusal(Code.NOT_LET_IN, "the provider knows you; here nobody does")
        return await self._sessions.begin(person, SignInWay.OPENID, row.device, address)


def _refused(error: OpenIdTrouble) -> Refusal:
    log.warning("OpenID Connect: %s", error)
    return Refusal(Code.OPENID_FAILED, f"the provider of identities: {error}")


def _is_own_port(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return False
    plain = not (parts.username or parts.password or parts.fragment)
    return parts.scheme == "http" and parts.hostname in LOOPBACKS and bool(port) and plain
