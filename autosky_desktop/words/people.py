"""People and what they may do, in words."""

from collections.abc import Mapping

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
