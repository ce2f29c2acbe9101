"""The calls of signing in, against a real control plane of a team."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from autosky_desktop.client.people import PeopleCalls
from autosky_desktop.client.sign_in import OwnSignInCalls, SignInCalls
from autosky_desktop.client.transport import Transport, open_http
from autosky_desktop.domain.api_token import ApiTokenRequest
from autosky_desktop.domain.errors import Busy, Refused, SignedOut
from autosky_desktop.domain.people import Role
from autosky_desktop.domain.sign_in import (
    CodeConfirmation,
    CodeEnrolmentRequest,
    CodeRemoval,
    CodeRequest,
    InvitationRequest,
    InviteRequest,
    PasswordChange,
    RefreshRequest,
    SignInRequest,
)
from tests.support.control_plane import TOKEN
from tests.support.signing_in import ANA, NEW_PASSWORD, PASSWORD, Team, team


@pytest.fixture
def plane(tmp_path) -> Iterator[Team]:
    with team(tmp_path) as plane:
        yield plane


def test_a_person_goes_through_all_that_one_can_do(plane: Team):
    plane.person("ana", ANA)

    def transport(token: str) -> Transport:
        return Transport(open_http(plane.running.url, token))

    async def story() -> None:
        nobody, administrator = transport(""), transport(TOKEN)
        door, people = SignInCalls(nobody), PeopleCalls(administrator)
        assert (await door.ways()).openid is None
        invitation = await people.invite("ana", InviteRequest())
        asked = InvitationRequest(ticket=invitation.ticket, password=PASSWORD, device="Laptop")
        first = (await door.by_invitation(asked)).tokens
        assert first is not None
        tokens = await door.refresh(RefreshRequest(refresh_token=first.refresh_token))
        again = await door.refresh(RefreshRequest(refresh_token=first.refresh_token))
        assert again.refresh_token == tokens.refresh_token
        await with_ana(OwnSignInCalls(ana := transport(tokens.access_token)), door)
        await OwnSignInCalls(ana).end_all()
        with pytest.raises(SignedOut):
            await OwnSignInCalls(ana).sessions()
        for one in (nobody, administrator, ana):
            await one.aclose()

    async def with_ana(own: OwnSignInCalls, door: SignInCalls) -> None:
        assert [it.device for it in (await own.sessions()).sessions] == ["Laptop"]
        made = await own.enrol(CodeEnrolmentRequest(password=PASSWORD))
        codes = await own.confirm(CodeConfirmation(code=plane.code(made.secret)))
        assert len(codes.codes) == 10
        change = PasswordChange(password=NEW_PASSWORD, current=PASSWORD)
        assert (await own.change_password(change)).recovery_codes == 10
        wants = await door.by_password(SignInRequest(email=ANA, password=NEW_PASSWORD))
        assert wants.ticket is not None
        code = CodeRequest(ticket=wants.ticket, code=codes.codes[0])
        other = (await door.by_code(code)).tokens
        assert other is not None
        await own.end(other.session)
        removal = CodeRemoval(password=NEW_PASSWORD, code=codes.codes[1])
        assert (await own.remove_code(removal)).code is False
        assert (await own.state()).recovery_codes == 0
        until = plane.clock.now + timedelta(days=7)
        token = await own.make_token(
            ApiTokenRequest(description="Nightly", role=Role.VIEWER, until=until)
        )
        assert (await own.tokens()).tokens == [token.made]
        await own.revoke_token(token.made.id)
        assert (await own.tokens()).tokens == []

    asyncio.run(story())


def test_who_guesses_hears_how_long_to_wait(plane: Team):
    plane.signed_up()

    async def story() -> None:
        nobody = Transport(open_http(plane.running.url, ""))
        door, wrong = SignInCalls(nobody), SignInRequest(email=ANA, password="Wrong-one-1")
        for _ in range(3):
            with pytest.raises(Refused) as refused:
                await door.by_password(wrong)
            assert refused.value.problem.code == "sign-in-refused"
        for wait in (1, 2, 4):
            plane.clock.goes_on(seconds=wait)
            with pytest.raises(Refused):
                await door.by_password(wrong)
        with pytest.raises(Busy) as busy:
            await door.by_password(wrong)
        assert busy.value.seconds == 8
        await nobody.aclose()

    asyncio.run(story())
