"""The reasons why a server cannot be started, stopped or restarted now, in words."""

from collections.abc import Sequence

from autosky_desktop.domain.server import Power, Server, ServerState, possible
from autosky_desktop.words import states
from autosky_desktop.words.language import _


def why_offline() -> str:
    return _("No connection to the control plane")


def why_not(server: Server, power: Power, *, live: bool) -> str:
    """Say why it cannot be asked now; empty when it can."""
    if not live:
        return why_offline()
    if power in possible(server.status):
        return ""
    state = ServerState(server.status)
    if power is Power.START and state is ServerState.RUNNING:
        return _("Already running")
    if power is Power.STOP and state is ServerState.STOPPED:
        return _("Already stopped")
    word = states.as_received(server.status).lower()
    return _("Not while it is {state}").format(state=word)


def why_none(reasons: Sequence[str]) -> str:
    """Say why none of several servers can be asked."""
    alike = len(set(reasons)) == 1
    return reasons[0] if alike else _("Not in their present states")
