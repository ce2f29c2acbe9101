"""What programs sign in with, in the name of the person who made it."""

import math

import pytest
from sqlalchemy import delete, insert, update

from autosky_desktop.domain.people import EVERYWHERE, Role
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.engine import writing
from autosky_desktop.server.feed import subscriber
from autosky_desktop.server.sign_in.api_tokens import narrower
from tests.support.signing_in import BEA, ELSEWHERE, HERE, Team

UNTIL = "2027-01-01T00:00:00Z"
STAGING, PRODUCTION = "erp-staging", "erp-production"
NOT_THERE = (404, "not-found")


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def asked(**more) -> dict:
    return {"description": "Nightly publication", "role": "manager", "until": UNTIL, **more}


def made(plane: Team, access: str, **more) -> dict:
    with plane.caller(access) as person:
        answer = person.post("tokens", json=asked(**more))
    assert answer.status_code == 201, answer.text
    return answer.json()


def member(plane: Team, environment: str, holder: str, role: str) -> None:
    async def add() -> None:
        async with writing(plane.running.plane.engine).begin() as connection:
            await connection.execute(
                insert(schema.member).values(
                    environment=environment, kind="person", holder=holder, role=role
                )
            )

    plane.running.run(add())


def seen(plane: Team, token: str) -> dict[str, str]:
    """Return what who comes with the token may, by environment; "*": everywhere."""
    with plane.caller(token) as program:
        me = program.get("me").json()
    return me.get("roles", {}) | ({EVERYWHERE: me["everywhere"]} if me.get("everywhere") else {})


def test_a_program_signs_in_with_a_token_in_its_maker_s_name(plane: Team):
    tokens = plane.signed_up()
    token = made(plane, tokens["accessToken"])
    with plane.caller(token["token"]) as program:
        me = program.get("me").json()
        assert (me["operator"], me["person"]) == ("Ana", "ana")
        assert program.get("environments").json()["environments"]


def test_it_is_shown_once_and_kept_as_a_hash(plane: Team):
    tokens = plane.signed_up()
    token = made(plane, tokens["accessToken"], addresses=["127.0.0.1", "10.1.2.3/8"])
    with plane.caller(tokens["accessToken"]) as ana:
        listed = ana.get("tokens")
    assert listed.json()["tokens"] == [token["made"]]
    assert token["made"]["addresses"] == ["127.0.0.1/32", "10.0.0.0/8"]
    assert token["token"] not in listed.text
    files = [it for it in plane.running.folder.rglob("*") if it.is_file()]
    assert not any(token["token"].encode() in it.read_bytes() for it in files)


def test_a_token_ends_with_its_time_and_when_it_is_revoked(plane: Team):
    tokens = plane.signed_up()
    one, other = (made(plane, tokens["accessToken"]) for _ in range(2))
    with plane.caller(tokens["accessToken"]) as ana:
        assert ana.delete(f"tokens/{one['made']['id']}").status_code == 204
        assert code_of(ana.delete(f"tokens/{one['made']['id']}")) == NOT_THERE
    assert not plane.knows(one["token"])
    assert plane.knows(other["token"])
    plane.clock.goes_on(days=40)
    assert not plane.knows(other["token"])


def test_from_another_address_the_token_says_so(plane: Team):
    tokens = plane.signed_up()
    token = made(plane, tokens["accessToken"], addresses=["127.7.7.0/24", "2001:db8::/32"])
    assert plane.knows(token["token"], place=ELSEWHERE)
    with plane.caller(token["token"], place=HERE) as program:
        refused = program.get("me")
    assert code_of(refused) == (403, "address-not-allowed")
    assert "127.0.0.1" in refused.json()["detail"]
    plane.clock.goes_on(days=40)  # who holds one that counts for nothing learns no more than that
    with plane.caller(token["token"], place=HERE) as program:
        assert code_of(program.get("me")) == (401, "unauthenticated")


def test_it_may_no_more_than_it_was_given(plane: Team):
    tokens = plane.signed_up()
    member(plane, STAGING, "ana", "viewer")
    access = tokens["accessToken"]
    assert seen(plane, made(plane, access)["token"]) == {EVERYWHERE: "manager", STAGING: "viewer"}
    viewer = made(plane, access, role="viewer")["token"]
    assert seen(plane, viewer) == {EVERYWHERE: "viewer", STAGING: "viewer"}
    narrow = made(plane, access, role="operator", environments=[PRODUCTION])["token"]
    assert seen(plane, narrow) == {PRODUCTION: "operator"}
    with plane.caller(narrow) as program:
        assert [it["id"] for it in program.get("environments").json()["environments"]] == [
            PRODUCTION
        ]
        assert code_of(program.get(f"environments/{STAGING}")) == NOT_THERE


def test_it_may_no_more_than_its_maker_may_now(plane: Team):
    tokens = plane.signed_up(everywhere=None)
    member(plane, STAGING, "ana", "operator")
    token = made(plane, tokens["accessToken"])["token"]
    narrow = made(plane, tokens["accessToken"], environments=[STAGING])["token"]
    assert seen(plane, token) == seen(plane, narrow) == {STAGING: "operator"}
    change(plane, update(schema.member).values(role="viewer"))
    assert seen(plane, token) == seen(plane, narrow) == {STAGING: "viewer"}
    change(plane, delete(schema.member))
    assert seen(plane, token) == seen(plane, narrow) == {}
    change(plane, update(schema.person).values(active=False))
    assert not plane.knows(token)


def change(plane: Team, statement) -> None:
    async def do() -> None:
        async with writing(plane.running.plane.engine).begin() as connection:
            await connection.execute(statement)

    plane.running.run(do())


def test_with_a_token_nobody_makes_a_token_or_touches_a_sign_in(plane: Team):
    tokens = plane.signed_up()
    token = made(plane, tokens["accessToken"])
    with plane.caller(token["token"]) as program:
        for method, path, body in (
            ("POST", "tokens", asked()),
            ("DELETE", f"tokens/{token['made']['id']}", None),
            ("DELETE", "me/sessions", None),
            ("DELETE", f"me/sessions/{tokens['session']}", None),
            ("GET", "me/sign-in", None),
            ("POST", "me/password", {"password": "Pao-de-queijo8"}),
            ("POST", "me/code", {"password": "Bolo-de-milho7"}),
            ("POST", "me/code/confirm", {"code": "000000"}),
            ("POST", "people/ana/invitation", {}),
        ):
            assert code_of(program.request(method, path, json=body)) == (403, "forbidden"), path


def test_signing_out_everywhere_leaves_tokens(plane: Team):
    tokens = plane.signed_up()
    token = made(plane, tokens["accessToken"])
    with plane.caller(tokens["accessToken"]) as ana:
        ana.delete("me/sessions")
    assert plane.knows(token["token"])


def test_a_stream_ends_at_once_with_the_token_that_began_it(plane: Team, monkeypatch):
    monkeypatch.setattr(subscriber, "ASKED_EVERY_SECONDS", math.inf)
    tokens = plane.signed_up()
    token = made(plane, tokens["accessToken"])
    with plane.caller(token["token"]) as program, program.stream("GET", "events") as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": connected"
        with plane.caller(tokens["accessToken"]) as ana:
            assert ana.delete(f"tokens/{token['made']['id']}").status_code == 204
        assert not any(line.startswith(": still") for line in lines)


def test_nobody_sees_or_revokes_a_token_of_somebody_else(plane: Team):
    ana, bea = plane.signed_up(), plane.signed_up("bea", BEA)
    token = made(plane, ana["accessToken"])
    with plane.caller(bea["accessToken"]) as caller:
        assert caller.get("tokens").json()["tokens"] == []
        assert code_of(caller.delete(f"tokens/{token['made']['id']}")) == NOT_THERE
    assert plane.knows(token["token"])


NO_REQUESTS = [
    {"until": "2026-11-23T09:00:00Z"},
    {"until": "2026-12-01T00:00:00"},
    {"until": "2101-01-01T00:00:00Z"},
    {"addresses": ["anywhere"]},
    {"addresses": ["10.0.0.0/33"]},
    {"addresses": ["10.0.0.1"] * 51},
    {"role": "owner"},
    {"role": "unknown"},
    {"description": ""},
    {"description": "x" * 201},
    {"rights": "all"},
]


def test_what_is_no_token_is_refused(plane: Team):
    tokens = plane.signed_up()
    for more in NO_REQUESTS:
        with plane.caller(tokens["accessToken"]) as ana:
            assert code_of(ana.post("tokens", json=asked(**more))) == (400, "invalid-request")
            assert ana.get("tokens").json()["tokens"] == []


def test_a_token_for_an_environment_that_its_maker_does_not_see_is_not_made(plane: Team):
    tokens = plane.signed_up(everywhere=None)
    member(plane, STAGING, "ana", "viewer")
    with plane.caller(tokens["accessToken"]) as ana:
        there = ana.post("tokens", json=asked(environments=[PRODUCTION]))
        nowhere = ana.post("tokens", json=asked(environments=["nowhere"]))
    assert code_of(there) == code_of(nowhere) == NOT_THERE


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [("viewer", "manager", "viewer"), ("manager", "operator", "operator"),
     ("operator", "operator", "operator"), ("viewer", "operator", "viewer")],
)  # fmt: skip
def test_of_two_roles_the_narrower_counts(one, other, found):
    assert narrower(Role(one), Role(other)) == narrower(Role(other), Role(one)) == Role(found)
