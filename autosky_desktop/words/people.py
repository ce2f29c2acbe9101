"""People and what they may do, in words."""

from collections.abc import Mapping, Sequence

from autosky_desktop.domain.people import Role
from autosky_desktop.words.language import N_, _

_ROLES: Mapping[Role, str] = {
    Role.VIEWER: N_("viewer"),
    Role.OPERATOR: N_("operator"),
    Role.MANAGER: N_("manager"),
}


def role_name(word: str | None) -> str:
    """Return the role as it reads inside a sentence; one from the future reads as it came."""
    known = _ROLES.get(Role(word or ""))
    return _(known) if known else word or "?"


MOST_NAMED = 3


def whom_to_ask(managers: Sequence[str]) -> str:
    """Say who may give the role, to stand behind a sentence; "" when nobody is known."""
    *others, last = managers[:MOST_NAMED] or [""]
    if not last:
        return ""
    names = _("{names} or {last}").format(names=", ".join(others), last=last) if others else last
    return " " + _("Ask {names} for it.").format(names=names)
