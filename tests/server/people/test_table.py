"""Every route, asked for by everybody: what each may, may not, and may not even know of.

`python -m tests.server.people.test_table` asks all of it once and prints how much that is.
"""

import re
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.people import MemberSetting, PersonSettings, Role
from autosky_desktop.server import plane
from autosky_desktop.server.application import PREFIX, handlers
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.members.commands import PeopleCommands
from autosky_desktop.server.people.authenticator import NotSignedIn, principal_of
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.people.requires import ADMINISTRATOR, OPEN, REQUIRES, Requires
from tests.support.control_plane import Running, running_control_plane
from tests.support.people import ANA

OWN, SHARED, FOREIGN = "erp-production", "payroll", "erp-staging"
"""Where somebody has a role themselves, has it by a group, and has none."""
ROLES = (*(role.value for role in Role if role is not Role.UNKNOWN), "administrator", "nobody")
STATES = ("signed-in", "expired", "revoked")

# The table as one reads it: the least role for each thing that can be asked.
LEAST = {
    "anybody": {
        "healthz", "readyz", "signInWays", "signIn", "signInWithCode", "acceptInvitation",
        "refreshSignIn", "beginOpenId", "finishOpenId",
    },
    "signed-in": {
        "me", "demo", "listEnvironments", "events", "signInState", "signIns", "endSignIn",
        "signOutEverywhere", "changePassword", "enrolCode", "confirmCode", "removeCode",
        "apiTokens", "makeApiToken", "revokeApiToken",
    },
    "viewer": {
        "snapshot", "server", "publication", "listActivity", "listPublications", "listSessions",
        "listLoads", "listLeftovers", "listMembersOfEnvironment",
    },
    "operator": {
        "power", "moveShutdown", "providerUpdate", "endSessions", "preview", "publish",
        "movePublication", "editPublication", "cancelPublication", "retryPublication", "goOn",
        "endpoint", "endpointOfInstance", "beginTunnel", "beginTunnelToInstance",
        "beginConnection", "beginConnectionToInstance", "endConnection",
    },
    "manager": {
        "settings", "changeSettings", "pauseEnvironment", "resumeEnvironment", "removeEnvironment",
        "giveRoleInEnvironment", "takeRoleInEnvironment",
    },
    "administrator": {
        "listProviders", "findMachines", "checkSettings", "addEnvironment", "setMailServer",
        "tryMailServer", "setFaults", "listPeople", "addPerson", "changePerson", "removePerson",
        "listMembers", "giveRole", "takeRole", "invite",
    },
}  # fmt: skip


class Tokens:
    """Takes the id of a person for their token; who adds that it has expired is not let in."""

    engine: AsyncEngine

    def __init__(self, _token: str, _operator: str) -> None:
        """Be made as what knows one token is, in whose place this stands."""

    async def principal(self, authorization: str, _address: str) -> Principal:
        identity, _, state = authorization.removeprefix("Bearer ").partition(":")
        if state == "expired":
            raise NotSignedIn("the sign-in has expired")
        async with Tokens.engine.connect() as connection:
            return await principal_of(connection, identity)


@dataclass
class House:
    """A control plane with people of every role, and the ids of what is in its environments."""

    running: Running
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)
    things: dict[tuple[str, str], str] = field(default_factory=dict)

    def client(self, token: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.running.url + PREFIX, headers=headers, timeout=30)

    async def people(self) -> None:
        running = self.running.plane
        commands = PeopleCommands(running.engine, running.unit_of_work, Bus(), now)
        for role in ROLES:
            for state in STATES:
                email = f"{role}-{state}@example.com"
                asked = PersonSettings(name=role, email=email, groups=[email])
                person = await commands.add(asked, principal=ANA)
                if role == "administrator":
                    given = MemberSetting(kind="person", holder=email, role="manager")
                    await commands.give(given, principal=ANA)
                elif role != "nobody":
                    for kind, where in (("person", OWN), ("group", SHARED)):
                        given = MemberSetting(kind=kind, holder=email, role=role)
                        await commands.give(given, principal=ANA, environment=where)
                self.tokens[role, state] = person.id
                if state == "expired":
                    self.tokens[role, state] += ":expired"
                if state == "revoked":
                    await commands.remove(person.id, principal=ANA)

    async def find_things(self) -> None:
        """Note one of each kind in each environment, and make those that a demo does not have."""
        engine = self.running.plane.engine
        for where in (OWN, SHARED, FOREIGN):
            self.things["environment", where] = where
            async with self.running.plane.unit_of_work.without_events() as connection:
                made = uuid.uuid4().hex
                await connection.execute(
                    insert(schema.connection).values(
                        id=made, environment=where, server="", account="a", address="b",
                        protocol="ssh", by="x", by_id="x", at=now(), outcome="open",
                    )
                )  # fmt: skip
                await connection.execute(
                    insert(schema.publication).values(
                        id=made,
                        environment=where,
                        version=1,
                        model="optimized",
                        state="published",
                        publisher="x",
                        requested_by="x",
                        requested_at=now(),
                        steps=[],
                        note="",
                        instances_replaced=0,
                        sessions_ended=0,
                    )
                )
                self.things["connection", where] = self.things["publication", where] = made
            for what in ("server", "instance"):
                table = schema.metadata.tables[what]
                async with engine.connect() as connection:
                    query = select(table.c.id).where(table.c.environment == where).limit(1)
                    if found := await connection.scalar(query):
                        self.things[what, where] = found


@contextmanager
def opened(folder: Path) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setattr(plane, "FixedToken", Tokens)
        running = stack.enter_context(running_control_plane(folder))
        Tokens.engine = running.plane.engine
        house = House(running)
        running.run(house.people())
        running.run(house.find_things())
        yield house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("house")) as it:
        yield it


def expected(needed: Requires, role: str, state: str, where: str) -> int:
    """Return the status that refuses, or 0 for who is let in."""
    if needed == OPEN:
        return 0
    if state != "signed-in":
        return 401
    if needed.role is None or role == "administrator":
        return 0
    if needed == ADMINISTRATOR:
        return 403
    if role == "nobody" or where == FOREIGN:
        return 404
    return 0 if Role(role).includes(needed.role) else 403


def asked(house: House, handler: HTTPRouteHandler, where: str) -> str | None:
    """Return the path by which it is asked for, or None when that environment has no such thing."""
    needed: Requires = handler.opt[REQUIRES]
    [path] = handler.paths
    if needed.of:
        thing = house.things.get((needed.of, where))
        if thing is None:
            return None
        path = path.replace(f"{{{needed.named or needed.of}:str}}", thing)
    path = path.replace("{power:str}", "start")
    return re.sub("{[a-z]+:str}", "none", path)


def answer(client: httpx.Client, handler: HTTPRouteHandler, path: str) -> int:
    """Ask with an empty body and without a key: who is let in does not change anything."""
    [method] = handler.http_methods - {"OPTIONS"}
    body = {} if method == "GET" else {"content": b"{}"}
    headers = {"Content-Type": "application/json"}
    with client.stream(method, path, headers=headers, **body) as got:
        return got.status_code


def cells(house: House) -> Iterator[tuple[str, int, int]]:
    """Ask everything, and yield of each its name, the status expected, and the one that came."""
    for (role, state), token in house.tokens.items():
        with closing(house.client(token)) as client:
            for handler in ASKED:
                needed = handler.opt[REQUIRES]
                for where in (OWN, SHARED, FOREIGN) if needed.of else (OWN,):
                    if path := asked(house, handler, where):
                        name = f"{handler.operation_id} {role} {state} {where}"
                        wanted = expected(needed, role, state, where)
                        yield name, wanted, answer(client, handler, path)


ASKED = [it for it in handlers() if ".sign_in." not in it.fn.__module__]
"""The doors to sign in are asked for in tests of their own: this control plane has none."""
IN_ENVIRONMENTS = {str(it.operation_id) for it in handlers() if it.opt[REQUIRES].of}
"""Of other things, there may be none by the name by which they are asked for."""


def wrong(name: str, wanted: int, came: int) -> bool:
    if wanted:
        return came != wanted
    return came in (401, 403) or came >= 500 or (came == 404 and name.split()[0] in IN_ENVIRONMENTS)


def test_every_route_is_in_the_table_with_the_role_that_it_takes() -> None:
    table = {
        OPEN: "anybody",
        ADMINISTRATOR: "administrator",
    }
    found: dict[str, set[str]] = {}
    for handler in handlers():
        needed = handler.opt[REQUIRES]
        least = table.get(needed) or (needed.role or "signed-in")
        found.setdefault(str(least), set()).add(str(handler.operation_id))
    assert found == LEAST


def test_everybody_is_answered_as_their_role_says(house: House) -> None:
    came = list(cells(house))
    assert [it for it in came if wrong(*it)] == []
    assert {what.split(" ", maxsplit=1)[0] for what, _, _ in came} == {
        str(it.operation_id) for it in ASKED
    }
    assert all(Counter(wanted for _, wanted, _ in came)[status] for status in (0, 401, 403, 404))


@pytest.mark.parametrize("role", ROLES)
def test_the_list_holds_what_the_caller_may_see(house: House, role: str) -> None:
    with house.client(house.tokens[role, "signed-in"]) as client:
        listed = {it["id"] for it in client.get("/environments").json()["environments"]}
        me = client.get("/me").json()
    if role == "administrator":
        assert {OWN, SHARED, FOREIGN} <= listed
        assert (me["everywhere"], me["roles"]) == ("manager", {})
    else:
        seen = set() if role == "nobody" else {OWN, SHARED}
        assert listed == seen
        assert (me["everywhere"], me["roles"]) == (None, dict.fromkeys(seen, role))


def test_a_refusal_names_the_role_and_who_may_give_it_and_what_is_unseen_is_as_if_it_were_not(
    house: House,
) -> None:
    with house.client(house.tokens["viewer", "signed-in"]) as viewer:
        server = house.things["server", OWN]
        refused = viewer.post(f"/servers/{server}/start", headers={"Idempotency-Key": "k"}).json()
        assert (refused["code"], refused["role"]) == ("forbidden", "operator")
        assert refused["managers"] == ["administrator", "manager"]
        unseen, nowhere = house.things["server", FOREIGN], "no-such-server"
        told = [viewer.get(f"/servers/{it}").json() for it in (unseen, nowhere)]
        for one, identity in zip(told, (unseen, nowhere), strict=True):
            one["detail"] = one["detail"].replace(identity, "ID")
            del one["request"]
        assert told[0] == told[1]


def test_a_stream_tells_what_its_listener_may_see_and_follows_their_rights(house: House) -> None:
    viewer, admin = (house.tokens[role, "signed-in"] for role in ("viewer", "administrator"))
    gone = {"kind": "person", "holder": "viewer-signed-in@example.com"}

    async def stir() -> None:
        for where in (FOREIGN, OWN):
            async with house.running.plane.unit_of_work.transaction(where) as transaction:
                transaction.confirmed_at += timedelta(minutes=1)

    with (
        house.client(viewer) as listens,
        house.client(admin) as rules,
        listens.stream("GET", "/events") as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines) == ": connected"
        house.running.run(stir())
        assert OWN in next(it for it in lines if it.startswith("data: "))
        rules.post(f"/environments/{OWN}/members/remove", json=gone).raise_for_status()
        assert next(it for it in lines if it.startswith("event: ")) == "event: reset"
        assert {it["id"] for it in listens.get("/environments").json()["environments"]} == {SHARED}
        listed = rules.get("/people").json()["persons"]
        own = next(it for it in listed if it["email"] == gone["holder"])
        wanted = {"name": "viewer", "email": gone["holder"], "active": False}
        rules.put(f"/people/{own['id']}", json=wanted).raise_for_status()
        assert OWN not in "".join(lines), "told until the stream ends, which it does by itself"
        assert listens.get("/me").status_code == 401


def main() -> int:
    with TemporaryDirectory() as folder, opened(Path(folder)) as house:
        came = list(cells(house))
    mistaken = [it for it in came if wrong(*it)]
    print(f"{len(came)} asked ({len(ASKED)} routes), {len(mistaken)} answered wrongly")
    for it in mistaken:
        print(*it)
    return len(mistaken)


if __name__ == "__main__":
    sys.exit(bool(main()))
