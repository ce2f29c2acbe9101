"""The routes of signing in, of one's own sign-ins, and of API tokens.

None of them keeps its answer for a repeated request: most answers hold a secret that is kept
nowhere. Signing in again instead does no harm.
"""

from typing import Any

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, RawBody

from autosky_desktop.domain.api_token import ApiTokenList, ApiTokenRequest, MadeApiToken
from autosky_desktop.domain.sign_in import (
    CodeConfirmation,
    CodeEnrolment,
    CodeEnrolmentRequest,
    CodeRemoval,
    CodeRequest,
    Invitation,
    InvitationRequest,
    InviteRequest,
    OpenIdAnswer,
    OpenIdBegun,
    OpenIdRequest,
    PasswordChange,
    RecoveryCodes,
    RefreshRequest,
    SignInAnswer,
    SignInRequest,
    SignInSessionList,
    SignInState,
    SignInTokens,
    SignInWays,
)
from autosky_desktop.server.api.bodies import AuthenticatedRequest, plain, strictly
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.people.requires import ADMINISTRATOR, OPEN, REQUIRES, SIGNED_IN
from autosky_desktop.server.sign_in.door import SignInDoor

ANYBODY: dict[str, Any] = {"opt": {REQUIRES: OPEN}, "security": [{}]}
WHOEVER_SIGNED_IN: dict[str, Any] = {"opt": {REQUIRES: SIGNED_IN}}
SIGN_IN_PROBLEMS = specs(400, 403, 404, 409, 413, 415, 422, 429, 503, 507)

Door = NamedDependency[SignInDoor]


@get("/sign-in", responses=specs(), operation_id="signInWays", **ANYBODY)
async def ways(sign_in: Door) -> Response[SignInWays]:
    """Return in which ways one can sign in here."""
    return plain(sign_in.ways)


@post("/sign-in", status_code=200, responses=SIGN_IN_PROBLEMS, operation_id="signIn", **ANYBODY)
async def by_password(
    request: AuthenticatedRequest, sign_in: Door, data: JSONBody[SignInRequest], body: RawBody
) -> Response[SignInAnswer]:
    """Sign in by e-mail and password. Return tokens, or a ticket that wants a one-time code."""
    asked = strictly(data, body)
    return plain(await sign_in.commands.by_password(asked, _address(request)))


@post(
    "/sign-in/code",
    status_code=200,
    responses=SIGN_IN_PROBLEMS,
    operation_id="signInWithCode",
    **ANYBODY,
)
async def by_code(
    request: AuthenticatedRequest, sign_in: Door, data: JSONBody[CodeRequest], body: RawBody
) -> Response[SignInAnswer]:
    """Send the one-time code, or a recovery code, and return tokens."""
    return plain(await sign_in.commands.by_code(strictly(data, body), _address(request)))


@post(
    "/sign-in/invitation",
    status_code=200,
    responses=SIGN_IN_PROBLEMS,
    operation_id="acceptInvitation",
    **ANYBODY,
)
async def by_invitation(
    request: AuthenticatedRequest, sign_in: Door, data: JSONBody[InvitationRequest], body: RawBody
) -> Response[SignInAnswer]:
    """Choose a password, by an invitation, and return tokens. All older sign-ins end."""
    asked = strictly(data, body)
    return plain(await sign_in.commands.by_invitation(asked, _address(request)))


@post(
    "/sign-in/refresh",
    status_code=200,
    responses=SIGN_IN_PROBLEMS,
    operation_id="refreshSignIn",
    **ANYBODY,
)
async def refresh(
    sign_in: Door, data: JSONBody[RefreshRequest], body: RawBody
) -> Response[SignInTokens]:
    """Return new tokens for a refresh token, which is used by that. A used one that comes again
    ends the sign-in, but for a repetition within seconds: it gets the same refresh token again.
    """
    return plain(await sign_in.commands.refresh(strictly(data, body).refresh_token))


@post(
    "/sign-in/openid",
    status_code=200,
    responses=SIGN_IN_PROBLEMS,
    operation_id="beginOpenId",
    **ANYBODY,
)
async def begin_openid(
    sign_in: Door, data: JSONBody[OpenIdRequest], body: RawBody
) -> Response[OpenIdBegun]:
    """Begin to sign in at the provider of identities. Return where to send the browser."""
    return plain(await sign_in.openid().begin(strictly(data, body)))


@post(
    "/sign-in/openid/finish",
    status_code=200,
    responses=SIGN_IN_PROBLEMS,
    operation_id="finishOpenId",
    **ANYBODY,
)
async def finish_openid(
    request: AuthenticatedRequest, sign_in: Door, data: JSONBody[OpenIdAnswer], body: RawBody
) -> Response[SignInTokens]:
    """Send what the browser came back with, and return tokens."""
    asked = strictly(data, body)
    return plain(await sign_in.openid().finish(asked, _address(request)))


@get("/me/sign-in", responses=specs(403), operation_id="signInState", **WHOEVER_SIGNED_IN)
async def state(request: AuthenticatedRequest, sign_in: Door) -> Response[SignInState]:
    """Return how the caller signs in."""
    return plain(await sign_in.own.state(request.user))


@get("/me/sessions", responses=specs(), operation_id="signIns", **WHOEVER_SIGNED_IN)
async def sessions(request: AuthenticatedRequest, sign_in: Door) -> Response[SignInSessionList]:
    """Return the caller's sign-ins that have not ended."""
    return plain(await sign_in.sessions.all_of(request.user))


@delete(
    "/me/sessions/{session:str}", responses=specs(403, 404), operation_id="endSignIn",
    **WHOEVER_SIGNED_IN,
)  # fmt: skip
async def end(request: AuthenticatedRequest, sign_in: Door, session: FromPath[str]) -> None:
    """End one of the caller's sign-ins; its own is how one signs out."""
    await sign_in.sessions.end(sign_in.person(request.user), session)


@delete("/me/sessions", responses=specs(403), operation_id="signOutEverywhere", **WHOEVER_SIGNED_IN)
async def end_all(request: AuthenticatedRequest, sign_in: Door) -> None:
    """End all of the caller's sign-ins, this one too. API tokens go on."""
    await sign_in.sessions.end_all(sign_in.person(request.user))


@post(
    "/me/password",
    status_code=200,
    responses=SIGN_IN_PROBLEMS,
    operation_id="changePassword",
    **WHOEVER_SIGNED_IN,
)
async def change_password(
    request: AuthenticatedRequest, sign_in: Door, data: JSONBody[PasswordChange], body: RawBody
) -> Response[SignInState]:
    """Change the caller's password. All their other sign-ins end."""
    asked = strictly(data, body)
    return plain(await sign_in.own.change_password(request.user, asked, _address(request)))


@post(
    "/me/code",
    status_code=201,
    responses=SIGN_IN_PROBLEMS,
    operation_id="enrolCode",
    **WHOEVER_SIGNED_IN,
)
async def enrol(
    request: AuthenticatedRequest,
    sign_in: Door,
    data: JSONBody[CodeEnrolmentRequest],
    body: RawBody,
) -> Response[CodeEnrolment]:
    """Return a secret to make one-time codes from. It counts once it is confirmed."""
    typed = strictly(data, body).password
    return plain(await sign_in.own.enrol(request.user, typed, _address(request)), status=201)


@post(
    "/me/code/confirm",
    status_code=200,
    responses=SIGN_IN_PROBLEMS,
    operation_id="confirmCode",
    **WHOEVER_SIGNED_IN,
)
async def confirm(
    request: AuthenticatedRequest, sign_in: Door, data: JSONBody[CodeConfirmation], body: RawBody
) -> Response[RecoveryCodes]:
    """Have signing in want a code from now on, and return recovery codes, once."""
    return plain(await sign_in.own.confirm(request.user, strictly(data, body).code))


@post(
    "/me/code/remove",
    status_code=200,
    responses=SIGN_IN_PROBLEMS,
    operation_id="removeCode",
    **WHOEVER_SIGNED_IN,
)
async def remove_code(
    request: AuthenticatedRequest, sign_in: Door, data: JSONBody[CodeRemoval], body: RawBody
) -> Response[SignInState]:
    """Have signing in want no code any more."""
    asked = strictly(data, body)
    return plain(await sign_in.own.remove_code(request.user, asked, _address(request)))


@post(
    "/people/{person:str}/invitation",
    status_code=201,
    responses=specs(400, 403, 404, 415, 422, 503, 507),
    operation_id="invite",
    opt={REQUIRES: ADMINISTRATOR},
)
async def invite(
    request: AuthenticatedRequest,
    sign_in: Door,
    person: FromPath[str],
    data: JSONBody[InviteRequest],
    body: RawBody,
) -> Response[Invitation]:
    """Return a ticket with which that person chooses a password, once; the last one counts."""
    asked = strictly(data, body)
    made = await sign_in.own.invite(request.user, person, without_code=asked.without_code)
    return plain(made, status=201)


@get("/tokens", responses=specs(), operation_id="apiTokens", **WHOEVER_SIGNED_IN)
async def api_tokens(request: AuthenticatedRequest, sign_in: Door) -> Response[ApiTokenList]:
    """Return the caller's API tokens."""
    return plain(await sign_in.api_tokens.all_of(request.user))


@post(
    "/tokens",
    status_code=201,
    responses=specs(400, 403, 404, 409, 415, 422, 503, 507),
    operation_id="makeApiToken",
    **WHOEVER_SIGNED_IN,
)
async def make_api_token(
    request: AuthenticatedRequest, sign_in: Door, data: JSONBody[ApiTokenRequest], body: RawBody
) -> Response[MadeApiToken]:
    """Make an API token. What it is sent as is told once."""
    asked = strictly(data, body)
    sign_in.person(request.user)
    return plain(await sign_in.api_tokens.make(request.user, asked), status=201)


@delete(
    "/tokens/{token:str}", responses=specs(403, 404), operation_id="revokeApiToken",
    **WHOEVER_SIGNED_IN,
)  # fmt: skip
async def revoke_api_token(
    request: AuthenticatedRequest, sign_in: Door, token: FromPath[str]
) -> None:
    """Revoke one of the caller's API tokens."""
    await sign_in.api_tokens.revoke(request.user, token)


def _address(request: AuthenticatedRequest) -> str:
    return request.client.host if request.client else ""


HANDLERS = (
    ways, by_password, by_code, by_invitation, refresh, begin_openid, finish_openid,
    state, sessions, end, end_all, change_password, enrol, confirm, remove_code, invite,
    api_tokens, make_api_token, revoke_api_token,
)  # fmt: skip
