"""The question before sessions are ended, in words."""

from collections.abc import Sequence
from html import escape

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.session import Session
from autosky_desktop.words import counts
from autosky_desktop.words.asking import Ask, Consequence
from autosky_desktop.words.language import _, ngettext
from autosky_desktop.words.sessions import end, question

NAMED = 8
"""Accounts that a question names; the others are counted."""


def ask(environment: Environment, chosen: Sequence[Session]) -> Ask:
    """Word the question before sessions are ended."""
    named = ", ".join(escape(it.account) for it in chosen[:NAMED])
    if rest := len(chosen) - NAMED if len(chosen) > NAMED else 0:
        named = _("{accounts} and {n} more").format(accounts=named, n=rest)
    number = len(chosen)
    ends = Consequence(
        "users",
        "bad",
        ngettext(
            "<b>{sessions}</b> ends at once: {accounts}.",
            "<b>{sessions}</b> end at once: {accounts}.",
            number,
        ).format(sessions=counts.sessions(number), accounts=named),
        _("Users get no warning. Unsaved work in them is lost."),
    )
    stays = Consequence(
        "layers",
        "ok",
        _("The instances keep running; users can sign in again."),
    )
    return Ask(
        _("End sessions"),
        question(chosen, environment.name),
        (ends, stays),
        end(number),
        _("Ending…"),
        hurts=True,
    )
