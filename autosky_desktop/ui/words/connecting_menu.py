"""The sentences about connections in menus and the tray, without what only their window needs."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from autosky_desktop.ui.words.language import translate
from autosky_desktop.ui.words.times import clock

if TYPE_CHECKING:
    from autosky_desktop.actions.connecting import OpenSession

SOON = timedelta(minutes=30)
"""The time before a shutdown in which an open connection to its server is in the way."""


def close(session: "OpenSession") -> str:
    text = translate("connect", "Close connection as {account}, open since {time}")
    return text.format(account=session.wish.account, time=clock(session.since))


def is_open(session: "OpenSession") -> str:
    text = translate("connect", "{server} as {account}, open since {time}")
    return text.format(
        server=session.wish.server.name, account=session.wish.account, time=clock(session.since)
    )


def connected(sessions: "Sequence[OpenSession]") -> str:
    """Say as whom one is connected to a server by these sessions; empty when there are none."""
    accounts = dict.fromkeys(it.wish.account for it in sessions)
    if not accounts:
        return ""
    text = translate("connect", "You are connected to it as {account}.")
    return text.format(account=", ".join(accounts))


def in_the_way(sessions: "Sequence[OpenSession]", at: datetime, now: datetime) -> str:
    """Say which connections a shutdown that comes soon would cut; empty when it does not come soon
    or there are none.
    """
    return connected(sessions) if at - now <= SOON else ""


def unfinished(waiting: Iterable[str], owed: int) -> list[str]:
    """Say what becomes of connections when one quits: those that wait for a server to start
    (`waiting`), and the number not yet recorded (`owed`).
    """
    starts = translate(
        "connect",
        "{server} is being started so that you can connect. It keeps starting, but no "
        "connection opens.",
    )
    lines = [starts.format(server=name) for name in waiting]
    if owed == 1:
        lines.append(translate(
            "connect", "One connection is not recorded yet. It is recorded when Autosky Desktop is "
            "started again.",
        ))  # fmt: skip
    elif owed:
        text = translate(
            "connect", "{n} connections are not recorded yet. They are recorded when Autosky "
            "Desktop is started again.",
        )  # fmt: skip
        lines.append(text.format(n=owed))
    return lines
