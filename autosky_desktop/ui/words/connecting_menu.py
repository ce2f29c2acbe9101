"""Open connections as lines of menus, without what only their window needs."""

from typing import TYPE_CHECKING

from autosky_desktop.ui.words.language import translate
from autosky_desktop.ui.words.times import clock

if TYPE_CHECKING:
    from autosky_desktop.actions.connecting import Session


def close(session: "Session") -> str:
    text = translate("connect", "Close connection as {account}, open since {time}")
    return text.format(account=session.wish.account, time=clock(session.since))


def is_open(session: "Session") -> str:
    text = translate("connect", "{server} as {account}, open since {time}")
    return text.format(
        server=session.wish.server.name, account=session.wish.account, time=clock(session.since)
    )
