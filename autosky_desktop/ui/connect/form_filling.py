"""The filling of the form, as it becomes known, and what is made of it afterwards."""

import asyncio
import logging
from collections.abc import Callable, Sequence

import msgspec

from autosky_desktop.actions.connect.destination import ways
from autosky_desktop.actions.connect.services import ConnectServices, is_near
from autosky_desktop.domain.connecting import CannotConnect, ConnectRequest
from autosky_desktop.domain.endpoint import Endpoint, Protocol, Route, address
from autosky_desktop.domain.environment import Environment, Instance
from autosky_desktop.domain.errors import AutoskyError, CannotWrite
from autosky_desktop.domain.secrets import Credential, KeychainFailed, KeychainState, Subject
from autosky_desktop.domain.server import Server
from autosky_desktop.domain.text import title
from autosky_desktop.ui.connect.form import ConnectForm
from autosky_desktop.words import connect_form as words
from autosky_desktop.words import connecting
from autosky_desktop.words.errors import sentence

log = logging.getLogger(__name__)

MOST_ACCOUNTS = 200
"""Servers of which the last account is known; the oldest is forgotten first."""


class FormFilling:
    """Fills the form, and keeps what was filled in.

    `changed` is called when there is more to show; `account` is whom a person asked for.
    """

    def __init__(
        self,
        form: ConnectForm,
        environment: Environment,
        server: Server | Instance,
        services: ConnectServices,
        changed: Callable[[], None],
        account: str = "",
    ) -> None:
        self.endpoint: Endpoint | None = None
        self._changed = changed
        self._form, self._environment, self._server = form, environment, server
        self._services, self._account = services, account
        self._work: asyncio.Task[None] | None = None
        self._keychain = KeychainState.READY
        self._looks = True
        form.account_changed.connect(self._show_kept)
        form.copy_asked.connect(self._copy)
        form.console_asked.connect(self._open_console)

    def ask(self) -> None:
        """Ask where to connect to, and whether there is a keychain."""
        self._form.error.clear()
        self._work = self._services.tasks.spawn(self._fill(), name="endpoint")
        self._changed()

    def waits(self) -> bool:
        return self.endpoint is None

    def look_no_more(self) -> None:
        """Stop looking: the connection looks for itself now."""
        self._looks = False

    def close(self) -> None:
        if self._work:
            self._work.cancel()

    def problem(self) -> str:
        if self.endpoint is None or not ways(self.endpoint):
            return words.unknown()
        protocol = Protocol(self.endpoint.protocol)
        account = self._form.account()
        launcher = self._services.access.launcher(protocol)
        typed = launcher is None or launcher.takes_password
        command = self._services.preferences.settings.vault_command
        return self._form.fits(protocol, needed=typed and not (self._kept(account) or command))

    async def keep(self, request: ConnectRequest) -> None:
        """Remember who it was, and the password if that was wished. Failing costs comfort alone."""
        self._keep_account(request)
        known = self._kept(request.account)
        try:
            if self._form.remembers and self._form.password.text():
                await self._remember(request, known)
            elif known and self._form.forgets:
                await self._services.credentials.forget(known.id)
        except (KeychainFailed, CannotWrite) as cause:
            log.warning("The password was not kept: %s", cause)

    async def forget_kept(self) -> None:
        """Forget the password that the server refused: it serves nobody."""
        await self._services.forget(self._environment.id, self._server.id, self._form.account())
        self._show_kept()

    def why(self, trouble: CannotConnect, request: ConnectRequest) -> str:
        """Say why there is no session, in this form's terms."""
        hop = request.endpoint.gateway if request.way is Route.GATEWAY else None
        return connecting.why(
            trouble,
            server=self._server.name,
            address=address(request.endpoint, request.way),
            account=request.account,
            word=request.endpoint.protocol,
            through=hop.host if hop else "",
        )

    async def _fill(self) -> None:
        try:
            self.endpoint = await self._services.endpoint(self._server)
        except AutoskyError as cause:
            self._form.error.tell(sentence(cause), take_focus=False)
            return
        self._show_endpoint(self.endpoint)
        self._changed()
        self._form.begin()
        self._keychain = await self._services.credentials.keychain.state()
        self._form.show_keychain(self._keychain)
        self._show_kept()
        await self._look_around(self.endpoint)

    def _show_endpoint(self, endpoint: Endpoint) -> None:
        form, server = self._form, self._services.server(self._environment.id, self._server)
        last = self._services.preferences.settings.last_accounts.get(server.id, "")
        known = self._services.credentials.accounts(server.id, self._environment.id)
        named = title(endpoint.account)  # whoever is signed in as can be read first
        chosen = self._account or last or named or next(iter(known), "")
        form.offer_accounts((chosen, last, named, *known), chosen)
        there = ways(endpoint)
        shown = [way for way in Route if way in there or way in (Route.PRIVATE, Route.PUBLIC)]
        form.offer_ways(
            {way: words.way(endpoint, way) for way in shown},
            [way for way in shown if way not in there],
        )
        for way in shown:
            no_end = way is Route.TUNNEL and not self._services.access.opens_tunnels()
            self._explain(endpoint, way, False if no_end else None)
        if there:
            form.choose_way(_usual(endpoint))
        offers = endpoint.console if isinstance(server, Server) and not there else None
        form.offer_console(words.console(server, graphical=offers.graphical) if offers else "")
        self.tell_first()
        people = connecting.present(endpoint.present, self._services.now())
        form.present.setText(people)
        form.present.setVisible(bool(people))
        self._show_kept()

    def tell_first(self) -> None:
        """Tell what is to be known before one connects, of the server as it is now."""
        if self.endpoint is not None:
            server = self._services.server(self._environment.id, self._server)
            told = words.know_first(self._environment, server, self.endpoint)
            self._form.notice.tell(told)

    def _explain(self, endpoint: Endpoint, way: Route, reaches: bool | None) -> None:
        near = is_near(endpoint, way)
        self._form.explain_way(
            way, words.way_is(endpoint, way, reaches, near=near, of=self._server)
        )

    async def _look_around(self, endpoint: Endpoint) -> None:
        """Find out which addresses this computer reaches, and choose the first one that answers."""
        there = [way for way in ways(endpoint) if way in (Route.PRIVATE, Route.PUBLIC)]
        if not there:
            return
        if Protocol(endpoint.protocol) is Protocol.SSH:
            await self._look_for_first(endpoint, there)
            return
        server = self._services.server(self._environment.id, self._server)
        reached = await asyncio.gather(
            *(self._services.reaches(endpoint, server, way) for way in there)
        )
        for way, reaches in zip(there, reached, strict=True):
            self._explain(endpoint, way, reaches)
        usual = _usual(endpoint)
        first = next((way for way, it in zip(there, reached, strict=True) if it), usual)
        if self._form.way() is usual:
            self._form.choose_way(first)

    async def _look_for_first(self, endpoint: Endpoint, there: Sequence[Route]) -> None:
        """Look at the addresses one by one until one answers: servers count who looks at them."""
        usual = _usual(endpoint)
        server = self._services.server(self._environment.id, self._server)
        for way in there:
            if not self._looks:
                return
            reaches = await self._services.reaches(endpoint, server, way)
            self._explain(endpoint, way, reaches)
            if reaches:
                if self._form.way() is usual:
                    self._form.choose_way(way)
                return

    def _show_kept(self) -> None:
        known = self._kept(self._form.account())
        self._form.show_kept(known is not None, words.kept(known, self._server) if known else "")
        if self.endpoint is None:
            return
        launcher = self._services.access.launcher(Protocol(self.endpoint.protocol))
        command = bool(self._services.preferences.settings.vault_command)
        takes = launcher is None or launcher.takes_password
        self._form.hint(
            words.placeholder(self.endpoint.protocol, kept=known is not None, command=command),
            "" if takes else words.asks_itself(),
        )
        self._form.copy.setVisible(not takes)

    def _open_console(self) -> None:
        self._services.tasks.spawn(self._show_console(), name="console")

    async def _show_console(self) -> None:
        server, endpoint = self._server, self.endpoint
        if endpoint is None or not isinstance(server, Server):
            return
        account = self._form.account() or endpoint.account or "console"
        try:
            await self._services.open_console(endpoint, server, account)
        except CannotConnect as cause:
            text = connecting.why(cause, server=server.name, word=endpoint.protocol)
            self._form.error.tell(text, again=False, take_focus=False)
        except AutoskyError as cause:
            self._form.error.tell(sentence(cause), take_focus=False)

    def _copy(self) -> None:
        """Copy the password: for a client that cannot be handed one, and only when pressed."""
        from autosky_desktop.ui.connect.clipboard import SecretClipboard

        self._clipboard = SecretClipboard(self._form.window().parent())
        with self._form.password.secret() as secret:
            self._clipboard.copy(secret)

    def _kept(self, account: str) -> Credential | None:
        """Return the remembered password; without a keychain, what is listed cannot be had."""
        if self._keychain is KeychainState.NONE:
            return None
        return self._services.remembered(self._environment.id, self._server.id, account)

    def _keep_account(self, request: ConnectRequest) -> None:
        settings = self._services.preferences.settings
        known = {k: v for k, v in settings.last_accounts.items() if k != request.server.id}
        while len(known) >= MOST_ACCOUNTS:
            known.pop(next(iter(known)))
        kept = {**known, request.server.id: request.account}
        self._services.preferences.keep(msgspec.structs.replace(settings, last_accounts=kept))

    async def _remember(self, request: ConnectRequest, known: Credential | None) -> None:
        scope, server = self._form.scope(), request.server
        subjects = {
            "server": Subject(server.id, server.name),
            "environment": Subject(self._environment.id, self._environment.name),
        }
        subject = subjects.get(scope.value, Subject())
        if known:
            scope, subject = known.scope, known.subject
        with self._form.password.secret() as secret:
            await self._services.credentials.remember(request.account, scope, subject, secret)


def _usual(endpoint: Endpoint) -> Route:
    """Return the route to begin with where nothing is known of what answers: near, else through the
    gateway, else public, else through the tunnel.
    """
    there = ways(endpoint)
    if Route.PRIVATE in there and is_near(endpoint, Route.PRIVATE):
        return Route.PRIVATE
    order = (Route.GATEWAY, Route.PUBLIC, Route.TUNNEL, Route.PRIVATE)
    return next(way for way in order if way in there)
