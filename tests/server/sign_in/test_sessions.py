"""Tokens and how long they are good for, and sign-ins that are listed and ended."""

import math
from concurrent.futures import ThreadPoolExecutor

from autosky_desktop.server.feed import subscriber
from autosky_desktop.server.sign_in.door import SignInDoor
from tests.support.signing_in import BEA, PASSWORD, Team

SIGNED_OUT = (401, "unauthenticated")


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_an_access_token_is_good_for_a_quarter_of_an_hour(plane: Team):
    tokens = plane.signed_up()
    plane.clock.goes_on(minutes=14, seconds=59)
    assert plane.knows(tokens["accessToken"])
    plane.clock.goes_on(seconds=1)
    assert not plane.knows(tokens["accessToken"])
    fresh = plane.refreshed(tokens["refreshToken"]).json()
    assert plane.knows(fresh["accessToken"])
    assert fresh["session"] == tokens["session"]


def test_one_token_is_not_taken_for_another_kind(plane: Team):
    tokens = plane.signed_up()
    assert not plane.knows(tokens["refreshToken"])
    assert code_of(plane.refreshed(tokens["accessToken"])) == SIGNED_OUT
    assert plane.knows(tokens["accessToken"])


def test_a_refresh_token_that_comes_again_ends_the_sign_in(plane: Team):
    first = plane.signed_up()
    second = plane.refreshed(first["refreshToken"]).json()
    assert second["refreshToken"] != first["refreshToken"]
    plane.clock.goes_on(seconds=31)
    assert code_of(plane.refreshed(first["refreshToken"])) == SIGNED_OUT
    for tokens in (first, second):
        assert not plane.knows(tokens["accessToken"])
        assert code_of(plane.refreshed(tokens["refreshToken"])) == SIGNED_OUT


def test_the_refresh_tokens_of_a_family_end_with_it_and_no_other_does(plane: Team):
    first, other = plane.signed_up(), plane.tokens()
    third = plane.refreshed(plane.refreshed(first["refreshToken"]).json()["refreshToken"]).json()
    assert code_of(plane.refreshed(first["refreshToken"])) == SIGNED_OUT
    assert not plane.knows(third["accessToken"])
    assert plane.knows(other["accessToken"])


def test_who_lost_the_answer_asks_again_within_seconds(plane: Team):
    first = plane.signed_up()
    lost = plane.refreshed(first["refreshToken"]).json()
    plane.clock.goes_on(seconds=30)
    again = plane.refreshed(first["refreshToken"])
    assert again.status_code == 200
    assert again.json()["refreshToken"] == lost["refreshToken"]
    assert again.json()["accessToken"] != lost["accessToken"]
    assert plane.refreshed(again.json()["refreshToken"]).status_code == 200


def test_a_repetition_after_its_follower_was_used_ends_the_sign_in(plane: Team):
    first = plane.signed_up()
    second = plane.refreshed(first["refreshToken"]).json()
    third = plane.refreshed(second["refreshToken"]).json()
    assert code_of(plane.refreshed(first["refreshToken"])) == SIGNED_OUT
    assert code_of(plane.refreshed(third["refreshToken"])) == SIGNED_OUT


def test_a_thief_who_is_quick_ends_the_sign_in_with_the_next_use(plane: Team):
    first = plane.signed_up()
    owner = plane.refreshed(first["refreshToken"]).json()
    thief = plane.refreshed(first["refreshToken"]).json()
    plane.clock.goes_on(minutes=15)
    assert plane.refreshed(thief["refreshToken"]).status_code == 200
    plane.clock.goes_on(minutes=1)
    assert code_of(plane.refreshed(owner["refreshToken"])) == SIGNED_OUT


def test_windows_that_refresh_at_once_all_go_on(plane: Team):
    first = plane.signed_up()
    with ThreadPoolExecutor(8) as several:
        answers = list(several.map(lambda _: plane.refreshed(first["refreshToken"]), range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refreshToken"] for answer in answers}) == 1
    assert all(plane.knows(answer.json()["accessToken"]) for answer in answers)


def test_a_sign_in_that_nobody_uses_ends_after_thirty_days(plane: Team):
    tokens = plane.signed_up()
    plane.clock.goes_on(days=29)
    tokens = plane.refreshed(tokens["refreshToken"]).json()
    plane.clock.goes_on(days=30)
    assert code_of(plane.refreshed(tokens["refreshToken"])) == SIGNED_OUT


def test_a_sign_in_ends_after_ninety_days_however_it_is_used(plane: Team):
    tokens = plane.signed_up()
    until = tokens["until"]
    for _ in range(3):
        plane.clock.goes_on(days=29, hours=23)
        tokens = plane.refreshed(tokens["refreshToken"]).json()
        assert tokens["until"] == until
    assert tokens["refreshUntil"] == until
    plane.clock.goes_on(hours=3)
    assert code_of(plane.refreshed(tokens["refreshToken"])) == SIGNED_OUT


def test_a_clock_that_is_put_back_makes_no_token_better(plane: Team):
    tokens = plane.signed_up()
    used = plane.refreshed(tokens["refreshToken"]).json()
    plane.clock.goes_on(hours=-1)
    assert not plane.knows(used["accessToken"])
    fresh = plane.refreshed(used["refreshToken"]).json()
    assert plane.knows(fresh["accessToken"])
    assert code_of(plane.refreshed(tokens["refreshToken"])) == SIGNED_OUT
    assert not plane.knows(fresh["accessToken"])


def test_sign_ins_are_listed_without_a_secret(plane: Team):
    first = plane.signed_up()
    plane.clock.goes_on(hours=1)
    second = plane.tokens(device="Ana's laptop", place="127.7.7.7")
    with plane.caller(second["accessToken"]) as ana:
        told = ana.get("me/sessions")
    assert [
        (it["id"], it["way"], it["device"], it["address"], it["current"])
        for it in told.json()["sessions"]
    ] == [
        (second["session"], "password", "Ana's laptop", "127.7.7.7", True),
        (first["session"], "invitation", "", "127.0.0.1", False),
    ]
    for tokens in (first, second):
        assert tokens["accessToken"] not in told.text
        assert tokens["refreshToken"] not in told.text


def test_one_sign_in_is_ended_and_the_others_go_on(plane: Team):
    first, second = plane.signed_up(), plane.tokens()
    with plane.caller(second["accessToken"]) as ana:
        assert ana.delete(f"me/sessions/{first['session']}").status_code == 204
        assert code_of(ana.delete(f"me/sessions/{first['session']}")) == (404, "not-found")
    assert not plane.knows(first["accessToken"])
    assert code_of(plane.refreshed(first["refreshToken"])) == SIGNED_OUT
    assert plane.knows(second["accessToken"])


def test_nobody_sees_or_ends_what_is_somebody_else_s(plane: Team):
    ana, bea = plane.signed_up(), plane.signed_up("bea", BEA)
    with plane.caller(bea["accessToken"]) as caller:
        assert [it["id"] for it in caller.get("me/sessions").json()["sessions"]] == [bea["session"]]
        ended = caller.delete(f"me/sessions/{ana['session']}")
        assert code_of(ended) == (404, "not-found")
        caller.delete("me/sessions")
    assert plane.knows(ana["accessToken"])


def test_signing_out_everywhere_ends_all_of_them(plane: Team):
    several = [plane.signed_up(), plane.tokens(), plane.tokens()]
    with plane.caller(several[0]["accessToken"]) as ana:
        assert ana.delete("me/sessions").status_code == 204
    for tokens in several:
        assert not plane.knows(tokens["accessToken"])
        assert code_of(plane.refreshed(tokens["refreshToken"])) == SIGNED_OUT
    assert plane.signs_in().status_code == 200


def test_a_stream_ends_at_once_with_the_sign_in_that_began_it(plane: Team, monkeypatch):
    monkeypatch.setattr(subscriber, "ASKED_EVERY_SECONDS", math.inf)
    here, there = plane.signed_up(), plane.tokens()
    for listens, ending in ((there, f"me/sessions/{there['session']}"), (here, "me/sessions")):
        with (
            plane.caller(listens["accessToken"]) as listener,
            listener.stream("GET", "events") as stream,
        ):
            lines = stream.iter_lines()
            assert next(lines) == ": connected"
            with plane.caller(here["accessToken"]) as ana:
                assert ana.delete(ending).status_code == 204
            assert not any(line.startswith(": still") for line in lines)


def test_signing_in_takes_nothing_over_from_who_was_signed_in(plane: Team):
    ana = plane.signed_up()
    plane.person("bea", BEA)
    with plane.caller(ana["accessToken"]) as caller:
        ticket = plane.invitation("bea")
        answer = caller.post("sign-in/invitation", json={"ticket": ticket, "password": PASSWORD})
        tokens = answer.json()["tokens"]
        assert caller.get("me").json()["person"] == "ana"
    assert tokens["session"] != ana["session"]
    with plane.caller(tokens["accessToken"]) as caller:
        assert caller.get("me").json()["person"] == "bea"


def test_sign_ins_outlive_the_control_plane_s_process(tmp_path):
    from tests.support.signing_in import team

    with team(tmp_path) as plane:
        tokens = plane.signed_up()
    with team(tmp_path) as plane:
        assert plane.knows(tokens["accessToken"])
        assert plane.refreshed(tokens["refreshToken"]).status_code == 200


def test_the_control_plane_s_own_token_has_no_sign_in(plane: Team):
    with plane.running.client() as own:
        for method, path in (
            ("GET", "me/sign-in"), ("DELETE", "me/sessions"), ("DELETE", "me/sessions/x"),
        ):  # fmt: skip
            assert code_of(own.request(method, path)) == (403, "forbidden"), path
        asked = {"description": "x", "role": "viewer", "until": "2027-01-01T00:00:00Z"}
        assert code_of(own.post("tokens", json=asked)) == (403, "forbidden")


def test_without_a_token_of_its_own_none_is_accepted(tmp_path):
    from tests.support.signing_in import team

    with team(tmp_path, {"token": ""}) as plane, plane.caller() as caller:
        for authorization in ("Bearer", "Bearer x", "Bearer only-for-tests"):
            answer = caller.get("me", headers={"Authorization": authorization})
            assert code_of(answer) == SIGNED_OUT


NO_TOKENS = ["", "x" * 129, "asr_é", "\u0000"]


def test_what_is_no_refresh_token_is_refused(plane: Team):
    for token in NO_TOKENS:
        assert plane.refreshed(token).status_code in {400, 401}


def test_what_has_run_out_is_forgotten(plane: Team):
    plane.signed_up()
    plane.signs_in("Wrong-one-1")
    plane.invitation("ana")
    plane.clock.goes_on(days=91)

    async def rows() -> list[int]:
        from sqlalchemy import func, select

        from autosky_desktop.server.db import sign_in_schema as schema

        tables = (schema.session, schema.access_token, schema.refresh_token, schema.ticket,
                  schema.failed_try)  # fmt: skip
        async with plane.running.plane.engine.connect() as connection:
            return [
                await connection.scalar(select(func.count()).select_from(it)) or 0 for it in tables
            ]

    assert all(plane.running.run(rows()))
    running = plane.running.plane
    door = SignInDoor(running.engine, running.unit_of_work, plane.clock)
    plane.running.run(door.purge())
    assert plane.running.run(rows()) == [0, 0, 0, 0, 0]
