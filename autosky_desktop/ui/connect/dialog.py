"""The window "Connect as": the form, then the way to the session."""

import asyncio
import logging
from enum import Enum, auto
from typing import NamedTuple

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from autosky_desktop.actions.connect.connecting import Connecting, OpenSession
from autosky_desktop.actions.connect.services import ConnectServices
from autosky_desktop.domain.connecting import (
    CannotConnect,
    ConnectRequest,
    HostCheck,
    Trouble,
    starts_first,
)
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.environment import Environment, Instance
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.server import Server, ServerRole
from autosky_desktop.domain.text import title
from autosky_desktop.ui.connect.form import ConnectForm
from autosky_desktop.ui.connect.form_filling import FormFilling
from autosky_desktop.ui.connect.progress import Progress
from autosky_desktop.ui.connect.trust import FingerprintView
from autosky_desktop.ui.widgets.button import ButtonKind
from autosky_desktop.ui.widgets.dialog import CONNECT, Dialog
from autosky_desktop.ui.widgets.refreshing import SECOND, Ticking
from autosky_desktop.ui.widgets.status import StatusPill
from autosky_desktop.words import connect_form, states
from autosky_desktop.words import connecting as words
from autosky_desktop.words.labels import connect as labels
from autosky_desktop.words.language import _
from autosky_desktop.words.names import shown

log = logging.getLogger(__name__)


class View(Enum):
    FORM = auto()
    PROGRESS = auto()
    TRUST = auto()


class ConnectDialog(Dialog):
    """Asks as whom to connect, and then shows how the connection comes about.

    Escape forgets what was typed. Closing it while a server starts goes on waiting, without the
    password. `said` is why it is asked again.
    """

    def __init__(
        self, parent: QWidget, environment: Environment, server: Server | Instance,
        services: ConnectServices, *, account: str = "", said: str = "",
    ) -> None:  # fmt: skip
        super().__init__(
            parent, shown(server.name), width=CONNECT, stays=True,
            window_title=_(labels.CONNECT_AS),
            acting=_(labels.CONNECT),
            safe=_(labels.CANCEL),
        )  # fmt: skip
        self.setAccessibleName(_(labels.CONNECT_TO_SERVER).format(server=title(server.name)))
        self.environment, self._first, self._services = environment, server, services
        self._state = View.FORM
        self._connecting: Connecting | None = None
        self._work: asyncio.Task[None] | None = None
        self._answer: asyncio.Future[bool] | None = None
        self._pill = StatusPill()
        self.form = ConnectForm(environment.name, to_instance=isinstance(server, Instance))
        self._progress = Progress(services.now)
        self._trust = FingerprintView()
        self._asking = FormFilling(self.form, environment, server, services, self._refresh, account)
        self._dress()
        self._ticking = Ticking(self, self._tick)
        self.acted.connect(self._go_on)
        self._progress.error.again.connect(self._connect)
        self.form.error.again.connect(self._asking.ask)
        self.finished.connect(self._over)
        self._watch()
        self._show(View.FORM)
        self._asking.ask()
        if said:
            self.form.error.tell(said, again=False, take_focus=False)

    def reject(self) -> None:
        """Cancel, wherever the connection is; a server that was asked to start keeps starting."""
        if self._answer and not self._answer.done():
            self._answer.set_result(False)
            return
        if self._work and not self._work.done():
            self._work.cancel()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        waiting = self._work and not self._work.done() and self._state is View.PROGRESS
        if waiting and self._connecting and self._connecting.starts:
            self._connecting.let_go()
            self.done(int(self.DialogCode.Rejected))
        super().closeEvent(event)

    @property
    def server(self) -> Server | Instance:
        return self._services.server(self.environment.id, self._first)

    def _go_on(self) -> None:
        if self._state is View.FORM:
            self._connect()
        elif self._answer and not self._answer.done():
            self._answer.set_result(True)
        elif self._connecting and mended_in_settings(self._connecting):
            self.reject()
            self._services.choose_client()
        else:
            self._show(View.FORM)

    def _connect(self) -> None:
        endpoint, way = self._asking.endpoint, self.form.way()
        problem = self._asking.problem()
        if problem or endpoint is None or way is None:
            self._missing = problem
            self.form.error.tell(problem, again=False, take_focus=False)
            self._show(View.FORM)
            return
        self._asking.look_no_more()
        request = ConnectRequest(
            environment=self.environment.id, server=self.server, endpoint=endpoint,
            account=self.form.account(), way=way,
        )  # fmt: skip
        source = self._services.source(
            self.environment, request.server, request.account, self.form.password.secret()
        )
        self._connecting = self._services.connecting(
            request, source, self._refresh, self._ask_trust
        )
        self.form.error.clear()
        self._show(View.PROGRESS)
        self._work = self._services.tasks.spawn(self._run(self._connecting), name="connect")

    async def _run(self, connecting: Connecting) -> None:
        session = await self._services.run(connecting)
        if connecting.only_waits:
            self._services.ready(connecting.request, connecting.trouble)
        elif session:
            await self._opened(session)
        elif connecting.trouble:
            await self._failed(connecting, connecting.trouble)

    async def _opened(self, session: OpenSession) -> None:
        self._services.follow(session)
        with guarded(log, "Keeping who connected"):
            await self._asking.keep(session.request)
        self.accept()

    async def _failed(self, connecting: Connecting, trouble: CannotConnect) -> None:
        request = connecting.request
        text = self._asking.why(trouble, request)
        if trouble.trouble is Trouble.DECLINED:
            self._show(View.FORM)
        elif trouble.trouble in (ConnectionOutcome.WRONG_PASSWORD, Trouble.NO_SECRET):
            if trouble.trouble is ConnectionOutcome.WRONG_PASSWORD:
                await self._asking.forget_kept()
            self._show(View.FORM)
            self.form.error.tell(text, again=False, take_focus=False)
            self.form.begin()
        elif isinstance(trouble.cause, HostCheck):
            self._show(View.TRUST)
            self._trust.show_look(trouble.cause, text)
        else:
            self._progress.tell(text, again=trouble.trouble not in words.AGAIN)
            self._show_buttons()

    async def _ask_trust(self, look: HostCheck) -> bool:
        """Ask whether to trust the server, in place of the steps; nothing was sent yet."""
        self._answer = asyncio.get_running_loop().create_future()
        word = self._connecting.request.endpoint.protocol if self._connecting else ""
        name = shown(self.server.name)
        self._trust.show_look(look, connect_form.trust_question(look, server=name, word=word))
        self._show(View.TRUST)
        trusted = await self._answer
        self._answer = None
        self._show(View.PROGRESS)
        return trusted

    def _show(self, view: View) -> None:
        self._state = view
        self.form.setVisible(view is View.FORM)
        self._progress.setVisible(view is View.PROGRESS)
        self._trust.setVisible(view is View.TRUST)
        self._refresh()
        if view is View.FORM and not self._asking.waits():
            self.form.begin()
        elif view is View.PROGRESS:
            self._progress.setFocus()  # an Enter too many is no Cancel
        elif view is View.TRUST:
            self.safe.setFocus()

    def _refresh(self, _diff: object = None) -> None:
        self._show_status()
        if self._connecting and self._state is View.PROGRESS:
            self._progress.show_steps(self._connecting)
        self._asking.tell_first()
        self._show_buttons()
        self._ticking.now()

    def _show_buttons(self) -> None:
        starts = starts_first(self.server)
        asked = self._answer is not None
        foot = buttons(self._state, self._connecting, starts=starts, asked=asked)
        self.set_kind(foot.kind)
        self.acting.setText(foot.acting)
        self.acting.setVisible(bool(foot.acting))
        self.acting.setEnabled(self._state is not View.FORM or not self._asking.waits())
        self.safe.setText(foot.safe)
        self.set_note(foot.note)

    def _tick(self) -> int | None:
        if self._state is View.PROGRESS and self._connecting:
            self._progress.show_steps(self._connecting)
        if self._state is View.FORM and not starts_first(self.server):
            return None
        self._show_status()
        return SECOND

    def _show_status(self) -> None:
        server = self.server
        if isinstance(server, Instance):
            self._pill.show_status(*states.instance_look(server))
        else:
            self._pill.show_status(*states.server_look(server, now=self._services.now()))

    def _watch(self) -> None:
        details = self._services.store.details(self.environment.id)
        details.servers.watch(self._refresh)
        details.instances.watch(self._refresh)
        self.form.edited.connect(self._filled_in)

    _missing = ""

    def _filled_in(self) -> None:
        """Say what is missing no longer than it is."""
        told = self._missing and self.form.error.text() == self._missing
        if told and self._asking.problem() != self._missing:
            self.form.error.clear()

    def _over(self) -> None:
        details = self._services.store.details(self.environment.id)
        details.servers.unwatch(self._refresh)
        details.instances.unwatch(self._refresh)
        self._asking.close()
        self.form.password.wipe()
        self.deleteLater()

    def _dress(self) -> None:
        label, server = self.environment.label, self._first
        self.tag.show_label(label, states.label(label))
        self.add_beside_title(self._pill)
        self.set_subtitle(subtitle(server, self.environment))
        for view in (self.form, self._progress, self._trust):
            self.body.addWidget(view)


def subtitle(server: Server | Instance, environment: Environment) -> str:
    if isinstance(server, Instance):
        kind = _(labels.INSTANCE_OF_VERSION).format(n=server.version)
    elif server.role == ServerRole.PREPARATION:
        kind = _(labels.PREPARATION_SERVER)
    else:
        kind = _(labels.SUPPORT_SERVER)
        if server.type:
            kind = _(labels.SUPPORT_SERVER_OF_TYPE).format(type=states.server_type(server.type))
    return f"{kind} · {environment.name}"


class Foot(NamedTuple):
    """The buttons and the note at the foot of the window; `acting` empty: one can only leave."""

    acting: str
    safe: str
    kind: ButtonKind = "primary"
    note: str = ""


def buttons(state: View, connecting: Connecting | None, *, starts: bool, asked: bool) -> Foot:
    """Return the foot of the window in that state.

    `starts`: the server does not run. `asked`: somebody waits for whether it is trusted.
    """
    cancel, close = _(labels.CANCEL), _(labels.CLOSE)
    if state is View.FORM:
        start = _(labels.START_AND_CONNECT)
        return Foot(start if starts else _(labels.CONNECT), cancel)
    if asked:
        return Foot(_(labels.TRUST_AND_CONNECT), cancel)
    if connecting and connecting.trouble:
        change = "" if state is View.TRUST else _(labels.CHANGE)
        return Foot(mended_in_settings(connecting) or change, close, "plain")
    if connecting and connecting.starts:
        note = _(labels.SERVER_KEEPS_STARTING)
        return Foot("", _(labels.STOP_WAITING), note=note)
    return Foot("", cancel)


def mended_in_settings(connecting: Connecting) -> str:
    """Return the words of the button that leads to the settings; empty: they mend nothing."""
    trouble = connecting.trouble and connecting.trouble.trouble
    if trouble in (Trouble.NO_CLIENT, Trouble.NO_TERMINAL):
        return _(labels.CHOOSE_ONE)
    return _(labels.TRUSTED_SERVERS) if trouble is Trouble.CHANGED else ""
