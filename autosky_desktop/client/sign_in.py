"""The calls by which people sign in, see to their sign-ins, and make tokens for programs."""

from autosky_desktop.client.transport import Transport, quoted
from autosky_desktop.domain.api_token import ApiTokenList, ApiTokenRequest, MadeApiToken
from autosky_desktop.domain.sign_in import (
    CodeConfirmation,
    CodeEnrolment,
    CodeEnrolmentRequest,
    CodeRemoval,
    CodeRequest,
    InvitationRequest,
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


class SignInCalls:
    """The part of the control plane's API by which one signs in: no token is needed for it. Every
    call raises AutoskyError when it has no answer to give.

    Asked once more, each but `refresh` is another request. Who refreshes and hears nothing asks
    again at once: within 30 seconds the answer is the same refresh token.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def ways(self) -> SignInWays:
        return await self._transport.get("/v1/sign-in", answer=SignInWays)

    async def by_password(self, request: SignInRequest) -> SignInAnswer:
        return await self._transport.post("/v1/sign-in", request, acts=False, answer=SignInAnswer)

    async def by_code(self, request: CodeRequest) -> SignInAnswer:
        return await self._transport.post("/v1/sign-in/code", request, answer=SignInAnswer)

    async def by_invitation(self, request: InvitationRequest) -> SignInAnswer:
        path = "/v1/sign-in/invitation"
        return await self._transport.post(path, request, answer=SignInAnswer)

    async def refresh(self, request: RefreshRequest) -> SignInTokens:
        path = "/v1/sign-in/refresh"
        return await self._transport.post(path, request, acts=False, answer=SignInTokens)

    async def begin_openid(self, request: OpenIdRequest) -> OpenIdBegun:
        path = "/v1/sign-in/openid"
        return await self._transport.post(path, request, acts=False, answer=OpenIdBegun)

    async def finish_openid(self, request: OpenIdAnswer) -> SignInTokens:
        path = "/v1/sign-in/openid/finish"
        return await self._transport.post(path, request, answer=SignInTokens)


class OwnSignInCalls:
    """The part of the API that is about one's own way of signing in. Every call raises AutoskyError
    when it has no answer to give.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def state(self) -> SignInState:
        return await self._transport.get("/v1/me/sign-in", answer=SignInState)

    async def sessions(self) -> SignInSessionList:
        return await self._transport.get("/v1/me/sessions", answer=SignInSessionList)

    async def end(self, session: str) -> None:
        """End one sign-in; one's own is how one signs out."""
        await self._transport.delete(f"/v1/me/sessions/{quoted(session)}")

    async def end_all(self) -> None:
        """Sign out everywhere."""
        await self._transport.delete("/v1/me/sessions")

    async def change_password(self, change: PasswordChange) -> SignInState:
        return await self._transport.post("/v1/me/password", change, answer=SignInState)

    async def enrol(self, request: CodeEnrolmentRequest) -> CodeEnrolment:
        return await self._transport.post("/v1/me/code", request, acts=False, answer=CodeEnrolment)

    async def confirm(self, confirmation: CodeConfirmation) -> RecoveryCodes:
        path = "/v1/me/code/confirm"
        return await self._transport.post(path, confirmation, answer=RecoveryCodes)

    async def remove_code(self, removal: CodeRemoval) -> SignInState:
        return await self._transport.post("/v1/me/code/remove", removal, answer=SignInState)

    async def tokens(self) -> ApiTokenList:
        return await self._transport.get("/v1/tokens", answer=ApiTokenList)

    async def make_token(self, request: ApiTokenRequest) -> MadeApiToken:
        return await self._transport.post("/v1/tokens", request, answer=MadeApiToken)

    async def revoke_token(self, token: str) -> None:
        await self._transport.delete(f"/v1/tokens/{quoted(token)}")
