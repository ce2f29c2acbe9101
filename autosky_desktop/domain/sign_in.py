"""The requests and answers with which people sign in to a control plane of a team.

Passwords, codes and tokens travel in these, in bodies and never in an address. The control plane
keeps hashes of them, and what it tells of a sign-in afterwards holds none.
"""

from typing import Annotated

from msgspec import Meta

from autosky_desktop.domain.wire import Count, Instant, Intent, Statement, Word

LONGEST_EMAIL = 254
LONGEST_TYPED = 256
"""Characters of a password as it is sent: more than the rule allows, so that the rule answers."""
LONGEST_SECRET = 128
LONGEST_DEVICE = 100
LONGEST_DESCRIPTION = 200
LONGEST_PASSED_ON = 4_096
"""Characters of what a provider of identities may send by way of a browser."""

Email = Annotated[str, Meta(min_length=3, max_length=LONGEST_EMAIL)]
Typed = Annotated[str, Meta(min_length=1, max_length=LONGEST_TYPED)]
Secret = Annotated[str, Meta(min_length=1, max_length=LONGEST_SECRET)]
Device = Annotated[str, Meta(max_length=LONGEST_DEVICE)]
PassedOn = Annotated[str, Meta(min_length=1, max_length=LONGEST_PASSED_ON)]


class SignInWay(Word):
    """The way in which somebody signed in."""

    PASSWORD = "password"  # noqa: S105 - a word for a way
    INVITATION = "invitation"
    OPENID = "openid"
    UNKNOWN = "unknown"


class PasswordFault(Word):
    """The reason for which a password is not taken."""

    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    NO_UPPER = "no-upper"
    NO_LOWER = "no-lower"
    NO_DIGIT = "no-digit"
    NO_SPECIAL = "no-special"
    COMMON = "common"
    LIKE_EMAIL = "like-email"
    UNKNOWN = "unknown"


class SignInRequest(Intent, frozen=True, kw_only=True):
    """A request to sign in by e-mail and password. `device` is what the sign-in is listed as."""

    email: Email
    password: Typed
    device: Device = ""


class CodeRequest(Intent, frozen=True, kw_only=True):
    """The second half of a sign-in: a one-time code, or a recovery code instead."""

    ticket: Secret
    code: Secret


class InvitationRequest(Intent, frozen=True, kw_only=True):
    """The answer to an invitation: a password of one's own choice."""

    ticket: Secret
    password: Typed
    device: Device = ""


class RefreshRequest(Intent, frozen=True, kw_only=True):
    """A request for new tokens of the same sign-in."""

    refresh_token: Secret


class SignInTokens(Statement, frozen=True, kw_only=True):
    """The tokens that a sign-in is used with. The access token is sent with each request. The
    refresh token is for one use, and gets two new ones; `until` the sign-in ends for good, however
    often it is refreshed.
    """

    session: str
    access_token: str
    access_until: Instant
    refresh_token: str
    refresh_until: Instant
    until: Instant


class SignInAnswer(Statement, frozen=True, kw_only=True):
    """Tokens, or a ticket with which a one-time code has to be sent until then."""

    tokens: SignInTokens | None = None
    ticket: str | None = None
    ticket_until: Instant | None = None


class OpenIdRequest(Intent, frozen=True, kw_only=True):
    """A request to sign in at the company's provider of identities. The browser comes back to
    `redirect_uri`, a port of the person's own computer.
    """

    redirect_uri: Annotated[str, Meta(max_length=LONGEST_TYPED)]
    device: Device = ""


class OpenIdBegun(Statement, frozen=True, kw_only=True):
    """The address to send the browser to. It has to come back with this `state`; the `ticket` is
    for the control plane, and no browser sees it.
    """

    url: str
    state: str
    ticket: str
    until: Instant


class OpenIdAnswer(Intent, frozen=True, kw_only=True):
    """The parameters that the browser came back with."""

    ticket: Secret
    state: Secret
    code: PassedOn
    iss: PassedOn | None = None


class SignInSession(Statement, frozen=True, kw_only=True):
    """One sign-in that has not ended. `address` is where it began; `current`: who asks uses it."""

    id: str
    way: str
    device: str
    address: str
    at: Instant
    used_at: Instant
    until: Instant
    current: bool = False


class SignInSessionList(Statement, frozen=True, kw_only=True):
    """The sign-ins of one person, the newest first."""

    sessions: list[SignInSession]


class SignInState(Statement, frozen=True, kw_only=True):
    """The ways in which a person can sign in: whether they have a password, whether it wants a code
    besides, and how many recovery codes are left.
    """

    email: str
    password: bool
    code: bool
    recovery_codes: Count


class PasswordChange(Intent, frozen=True, kw_only=True):
    """A new password; the `current` one has to be there where there is one."""

    password: Typed
    current: Typed | None = None


class CodeEnrolmentRequest(Intent, frozen=True, kw_only=True):
    """A request for a secret to make one-time codes from."""

    password: Typed


class CodeEnrolment(Statement, frozen=True, kw_only=True):
    """The secret, for typing and as an address that an authenticator reads as a picture. It counts
    once a code made from it has come.
    """

    secret: str
    uri: str


class CodeConfirmation(Intent, frozen=True, kw_only=True):
    """A code that was made from the secret."""

    code: Secret


class CodeRemoval(Intent, frozen=True, kw_only=True):
    """A request to sign in without codes again."""

    password: Typed
    code: Secret


class RecoveryCodes(Statement, frozen=True, kw_only=True):
    """Codes for who has lost their authenticator, each for one use. They are told once."""

    codes: list[str]


class Invitation(Statement, frozen=True, kw_only=True):
    """A ticket with which a person chooses a password, once, until then. It is told once."""

    ticket: str
    until: Instant


class InviteRequest(Intent, frozen=True, kw_only=True):
    """A request for an invitation. `without_code`: the person has lost their authenticator too."""

    without_code: bool = False


class SignInWays(Statement, frozen=True, kw_only=True):
    """The ways in which one can sign in at a control plane. `openid` is what its provider of
    identities is called on a button, None where there is none.
    """

    password: bool = True
    openid: str | None = None
