"""The sentences about connections in menus and the tray, without what only their window needs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from autosky_desktop.domain.environment import Instance, InstanceState
from autosky_desktop.words import states
from autosky_desktop.words.language import _, ngettext
from autosky_desktop.words.power import why_offline
from autosky_desktop.words.times import clock_or_moment

if TYPE_CHECKING:
    from autosky_desktop.domain.connecting import ConnectRequest

SOON = timedelta(minutes=30)
"""The time before a shutdown in which an open connection to its server is in the way."""


def close(request: "ConnectRequest", since: datetime, now: datetime) -> str:
    text = _("Close connection as {account}, open since {time}")
    return text.format(account=request.account, time=clock_or_moment(since, now=now))


def why_not_to(instance: Instance, *, live: bool) -> str:
    """Say why one cannot connect to the instance now; empty when one can."""
    if not live:
        return why_offline()
    if InstanceState(instance.status) is not InstanceState.AVAILABLE:
        return _("Not while it is {state}").format(state=states.instance_state(instance.status))
    if not (instance.public_ip or instance.private_ip):
        return _("The provider tells no address of it")
    return ""


def is_open(request: "ConnectRequest", since: datetime, now: datetime) -> str:
    text = _("{server} as {account}, open since {time}")
    time = clock_or_moment(since, now=now)
    return text.format(server=request.server.name, account=request.account, time=time)


def connected(wishes: "Iterable[ConnectRequest]") -> str:
    """Say as whom one is connected to a server by these connections; empty when there are none."""
    accounts = dict.fromkeys(it.account for it in wishes)
    if not accounts:
        return ""
    text = _("You are connected to it as {account}.")
    return text.format(account=", ".join(accounts))


def in_the_way(wishes: "Iterable[ConnectRequest]", at: datetime, now: datetime) -> str:
    """Say which connections a shutdown that comes soon would cut; empty when it does not come soon
    or there are none.
    """
    return connected(wishes) if at - now <= SOON else ""


def unfinished(waiting: Iterable[str], owed: int) -> list[str]:
    """Say what becomes of connections when one quits: those that wait for a server to start
    (`waiting`), and the number not yet recorded (`owed`).
    """
    starts = _(
        "{server} is being started so that you can connect. It keeps starting, but no "
        "connection opens.",
    )
    lines = [starts.format(server=name) for name in waiting]
    if owed == 1:
        lines.append(_(
            "One connection is not recorded yet. It is recorded when Autosky Desktop is "
            "started again."
        ))  # fmt: skip
    elif owed:
        text = ngettext(
            "{n} connection is not recorded yet. It is recorded when Autosky Desktop is "
            "started again.",
            "{n} connections are not recorded yet. They are recorded when Autosky Desktop is "
            "started again.",
            owed,
        )
        lines.append(text.format(n=owed))
    return lines
