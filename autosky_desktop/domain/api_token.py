"""API tokens: what a program signs in with, in the name of the person who made the token."""

from typing import Annotated

from msgspec import Meta

from autosky_desktop.domain.people import Role
from autosky_desktop.domain.sign_in import LONGEST_DESCRIPTION
from autosky_desktop.domain.wire import Instant, Intent, Statement

MOST_ADDRESSES = 50
MOST_ENVIRONMENTS = 1_000
LONGEST_ADDRESS = 64

Address = Annotated[str, Meta(min_length=1, max_length=LONGEST_ADDRESS)]
Addresses = Annotated[list[Address], Meta(max_length=MOST_ADDRESSES)]
Environments = Annotated[
    list[Annotated[str, Meta(min_length=1, max_length=64)]], Meta(max_length=MOST_ENVIRONMENTS)
]


class ApiTokenRequest(Intent, frozen=True, kw_only=True):
    """A request for a token that is good until then, from these addresses and networks (none: from
    anywhere), for at most this role, in these environments (None: in all that its maker sees).
    """

    description: Annotated[str, Meta(min_length=1, max_length=LONGEST_DESCRIPTION)]
    role: Role
    until: Instant
    addresses: Addresses = []
    environments: Environments | None = None


class ApiToken(Statement, frozen=True, kw_only=True):
    """A token as it is listed: without what a program would need to use it."""

    id: str
    description: str
    role: str
    at: Instant
    until: Instant
    addresses: list[str] = []
    environments: list[str] | None = None


class ApiTokenList(Statement, frozen=True, kw_only=True):
    """The tokens that a person made and that are not revoked, the newest first."""

    tokens: list[ApiToken]


class MadeApiToken(Statement, frozen=True, kw_only=True):
    """A new token, and what a program sends: it is told this once."""

    made: ApiToken
    token: str
