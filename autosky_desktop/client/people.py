"""The calls by which an administrator sees to people, and managers to the roles that they have."""

from autosky_desktop.client.transport import Transport, quoted
from autosky_desktop.domain.people import (
    EVERYWHERE,
    MemberList,
    MemberRemoval,
    MemberSetting,
    Person,
    PersonList,
    PersonSettings,
)
from autosky_desktop.domain.sign_in import Invitation, InviteRequest


class PeopleCalls:
    """The part of the control plane's API that is about people and their roles. Every call raises
    AutoskyError when it has no answer to give.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def people(self) -> PersonList:
        return await self._transport.get("/v1/people", answer=PersonList)

    async def add(self, settings: PersonSettings, *, key: str) -> Person:
        return await self._transport.post("/v1/people", settings, key=key, answer=Person)

    async def change(self, person: str, settings: PersonSettings) -> Person:
        return await self._transport.put(_path(person), settings, answer=Person)

    async def remove(self, person: str) -> None:
        """Remove a person and all their roles. What they did stays in the record."""
        await self._transport.delete(_path(person))

    async def invite(self, person: str, request: InviteRequest) -> Invitation:
        """Let somebody choose a password."""
        path = f"{_path(person)}/invitation"
        return await self._transport.post(path, request, acts=False, answer=Invitation)

    async def members(self, environment: str = EVERYWHERE) -> MemberList:
        """List who has a role in the environment, or in all of them."""
        return await self._transport.get(_members(environment), answer=MemberList)

    async def give(self, asked: MemberSetting, environment: str = EVERYWHERE) -> MemberList:
        return await self._transport.put(_members(environment), asked, answer=MemberList)

    async def take(self, asked: MemberRemoval, environment: str = EVERYWHERE) -> MemberList:
        path = f"{_members(environment)}/remove"
        return await self._transport.post(path, asked, answer=MemberList)


def _path(person: str) -> str:
    return f"/v1/people/{quoted(person)}"


def _members(environment: str) -> str:
    if environment == EVERYWHERE:
        return "/v1/members"
    return f"/v1/environments/{quoted(environment)}/members"
