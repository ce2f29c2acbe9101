"""Signing in by e-mail and password, and who tries that without knowing it."""

import logging
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter

import httpx

from tests.support.signing_in import ANA, BEA, ELSEWHERE, NEW_PASSWORD, PASSWORD, Team


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


REFUSED = (403, "sign-in-refused")
TOO_MANY = (429, "too-many-tries")


def test_a_person_signs_in_and_is_who_they_are(plane: Team):
    plane.signed_up()
    tokens = plane.tokens(device="Ana's laptop")
    with plane.caller(tokens["accessToken"]) as ana:
        me = ana.get("me").json()
        assert (me["operator"], me["person"], me["everywhere"]) == ("Ana", "ana", "manager")
        assert ana.get("environments").json()["environments"]


def test_without_signing_in_nothing_is_told(plane: Team):
    for path in ("me", "environments", "events", "me/sessions", "tokens", "me/sign-in"):
        for authorization in ("", "Bearer", "Basic YTpi", "Bearer asa_no", "asa_no"):
            headers = {"Authorization": authorization} if authorization else {}
            with plane.caller() as stranger:
                answer = stranger.get(path, headers=headers)
                assert code_of(answer) == (401, "unauthenticated"), path


def test_a_control_plane_without_people_has_no_way_to_sign_in(client):
    assert client.get("sign-in").status_code == 404
    assert client.post("sign-in", json={"email": ANA, "password": "x"}).status_code == 404
    assert client.get("tokens").status_code == 404


def test_the_email_is_found_however_it_is_typed(plane: Team):
    plane.signed_up()
    assert plane.signs_in(email=" ANA@erp.example ").status_code == 200


def test_the_same_letters_of_two_keyboards_are_the_same_password(plane: Team):
    ticket = plane.person("ana", ANA)
    composed, apart = "Café-da-manhã7", "Cafe\u0301-da-manha\u03037"
    assert plane.post("sign-in/invitation", ticket=ticket, password=apart).status_code == 200
    assert plane.signs_in(composed).status_code == 200
    assert plane.signs_in(apart).status_code == 200


def test_a_wrong_password_and_an_email_that_nobody_has_are_refused_alike(plane: Team):
    plane.signed_up()
    plane.person("bea", BEA)  # who has no password yet
    wrong = [plane.signs_in("Wrong-one-1"), plane.signs_in(email="x@erp.example"),
             plane.signs_in(email=BEA)]  # fmt: skip
    for answer in wrong:
        assert code_of(answer) == REFUSED
    told = [{**answer.json(), "request": ""} for answer in wrong]
    assert told[0] == told[1] == told[2]


def test_a_wrong_password_takes_as_long_as_an_email_that_nobody_has(plane: Team):
    plane.signed_up()
    plane.signs_in(email="first@erp.example")  # the hash that stands in for nobody's is made once
    took: dict[str, list[float]] = {ANA: [], "x": []}
    for number in range(8):
        for which, times in took.items():
            email = ANA if which == ANA else f"nobody{number}@erp.example"
            plane.clock.goes_on(hours=2)  # nobody has to wait
            began = perf_counter()
            assert code_of(plane.signs_in("Wrong-one-1", email=email)) == REFUSED
            times.append(perf_counter() - began)
    assert median(took["x"]) > median(took[ANA]) / 2


def test_who_was_shut_out_does_not_come_in(plane: Team):
    tokens = plane.signed_up()
    shut_out(plane, "ana")
    assert code_of(plane.signs_in()) == REFUSED
    assert not plane.knows(tokens["accessToken"])
    assert code_of(plane.refreshed(tokens["refreshToken"])) == (401, "unauthenticated")


def shut_out(plane: Team, identity: str) -> None:
    from sqlalchemy import update

    from autosky_desktop.server.db import schema
    from autosky_desktop.server.db.engine import writing

    async def do() -> None:
        async with writing(plane.running.plane.engine).begin() as connection:
            await connection.execute(
                update(schema.person).where(schema.person.c.id == identity).values(active=False)
            )

    plane.running.run(do())


def test_who_guesses_waits_longer_each_time(plane: Team):
    plane.signed_up()
    for _ in range(3):
        assert code_of(plane.signs_in("Wrong-one-1")) == REFUSED
    waits = []
    for _ in range(5):
        refused = plane.signs_in("Wrong-one-1")
        assert code_of(refused) == TOO_MANY
        waits.append(int(refused.headers["retry-after"]))
        assert code_of(plane.signs_in()) == TOO_MANY  # nor does the right one help
        plane.clock.goes_on(seconds=waits[-1])
        assert code_of(plane.signs_in("Wrong-one-1")) == REFUSED
    assert waits == [1, 2, 4, 8, 16]
    plane.clock.goes_on(seconds=32)
    assert plane.signs_in().status_code == 200
    assert code_of(plane.signs_in("Wrong-one-1")) == REFUSED  # and all is forgotten


def test_a_stranger_elsewhere_keeps_nobody_out(plane: Team):
    plane.signed_up()
    for _ in range(3):
        plane.signs_in("Wrong-one-1", place=ELSEWHERE)
    assert code_of(plane.signs_in("Wrong-one-1", place=ELSEWHERE)) == TOO_MANY
    assert code_of(plane.signs_in(place="127.7.7.8")) == TOO_MANY  # from the same network
    assert plane.signs_in().status_code == 200
    assert code_of(plane.signs_in(place=ELSEWHERE)) == TOO_MANY  # that helps no stranger


def test_many_guesses_at_once_are_no_way_around(plane: Team):
    plane.signed_up()
    with ThreadPoolExecutor(12) as several:
        answers = list(several.map(lambda n: plane.signs_in(f"Wrong-one-{n}"), range(12)))
    told = [code_of(answer) for answer in answers]
    assert (told.count(REFUSED), told.count(TOO_MANY)) == (3, 9)


def test_one_password_tried_with_many_names_is_slowed_too(plane: Team):
    told = [code_of(plane.signs_in(email=f"{n}@erp.example")) for n in range(31)]
    assert told == [REFUSED] * 30 + [TOO_MANY]
    plane.clock.goes_on(hours=1, seconds=1)
    assert code_of(plane.signs_in(email="31@erp.example")) == REFUSED


def test_an_office_that_signs_in_does_not_count_as_guessing(plane: Team):
    plane.signed_up()
    assert {plane.signs_in().status_code for _ in range(33)} == {200}


def test_a_clock_that_is_put_back_makes_nobody_wait_for_longer(plane: Team):
    plane.signed_up()
    for _ in range(3):
        plane.signs_in("Wrong-one-1")
    plane.clock.goes_on(days=-1)
    assert int(plane.signs_in().headers["retry-after"]) == 1
    plane.clock.goes_on(seconds=1)
    assert plane.signs_in().status_code == 200


TOO_MUCH = [
    ({"password": "x" * 1_000_000}, 413),
    ({"password": "x" * 257}, 400),
    ({"password": ""}, 400),
    ({"password": 7}, 400),
    ({"email": "a" * 300 + "@erp.example"}, 400),
    ({"device": "x" * 101}, 400),
    ({"remember": True}, 400),
    ({"email": "ana\u0000@erp.example"}, 403),
    ({"password": "\ufdfa" * 200}, 403),
]


def test_what_is_too_much_is_refused_before_it_is_tried(plane: Team):
    plane.signed_up()
    for body, status in TOO_MUCH:
        asked = {"email": ANA, "password": PASSWORD, **body}
        plane.clock.goes_on(hours=2)  # nobody has to wait
        assert plane.post("sign-in", **asked).status_code == status, body


def test_half_a_character_is_a_wrong_password(plane: Team):
    plane.signed_up()
    with plane.caller() as caller:
        body = b'{"email": "ana@erp.example", "password": "\\ud800abc"}'
        answer = caller.post("sign-in", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 403}


def test_no_secret_is_in_the_log_or_on_the_disk(plane: Team, caplog):
    caplog.set_level(logging.INFO)  # what the database's driver says beneath that is never kept
    caplog.set_level(logging.DEBUG, "autosky_desktop")
    first = plane.signed_up()
    plane.signs_in("Wrong-one-1")
    second = plane.tokens()
    third = plane.refreshed(second["refreshToken"]).json()
    plane.refreshed("asr_never-was")
    secret, codes = plane.enrolled(third["accessToken"])
    ticket = plane.signs_in().json()["ticket"]
    plane.clock.goes_on(seconds=30)
    plane.post("sign-in/code", ticket=ticket, code=plane.code(secret))
    secrets = [PASSWORD, "Wrong-one-1", ticket, *codes, secret]
    for tokens in (first, second, third):
        secrets += [tokens["accessToken"], tokens["refreshToken"]]
    assert "signed in" in caplog.text
    assert "a wrong password, or an e-mail that nobody has, came from 127.0.0.1" in caplog.text
    for hidden in secrets:
        assert hidden not in caplog.text
    files = [it.read_bytes() for it in plane.running.folder.rglob("*") if it.is_file()]
    secrets.remove(secret)  # codes are made of it, so it has to be kept
    for hidden in secrets:
        assert not any(hidden.encode() in held for held in files), hidden


def test_a_new_password_ends_all_other_sign_ins(plane: Team):
    first, other = plane.signed_up(), plane.tokens()
    with plane.caller(first["accessToken"]) as ana:
        wrong = ana.post("me/password", json={"password": NEW_PASSWORD, "current": "Wrong-one-1"})
        assert code_of(wrong) == REFUSED
        none = ana.post("me/password", json={"password": NEW_PASSWORD})
        assert code_of(none) == REFUSED
        weak = ana.post("me/password", json={"password": "P@ssw0rd1!", "current": PASSWORD})
        assert (*code_of(weak), weak.json()["state"]) == (422, "weak-password", "common")
        assert plane.knows(other["accessToken"])
        ana.post("me/password", json={"password": NEW_PASSWORD, "current": PASSWORD})
        assert ana.get("me").status_code == 200
    assert not plane.knows(other["accessToken"])
    assert code_of(plane.signs_in()) == REFUSED
    assert plane.signs_in(NEW_PASSWORD).status_code == 200


def test_guessing_at_the_password_of_an_open_window_is_slowed(plane: Team):
    tokens = plane.signed_up()
    with plane.caller(tokens["accessToken"]) as ana:
        asked = {"password": NEW_PASSWORD, "current": "Wrong-one-1"}
        told = [code_of(ana.post("me/password", json=asked)) for _ in range(4)]
    assert told == [REFUSED] * 3 + [TOO_MANY]


def test_an_invitation_is_for_one_use_and_the_last_one_counts(plane: Team):
    first = plane.person("ana", ANA)
    second = plane.invitation("ana")
    gone = plane.post("sign-in/invitation", ticket=first, password=PASSWORD)
    assert code_of(gone) == (409, "ticket-over")
    weak = plane.post("sign-in/invitation", ticket=second, password="ana-ana-1")
    assert (*code_of(weak), weak.json()["state"]) == (422, "weak-password", "no-upper")
    assert plane.post("sign-in/invitation", ticket=second, password=PASSWORD).status_code == 200
    again = plane.post("sign-in/invitation", ticket=second, password=NEW_PASSWORD)
    assert code_of(again) == (409, "ticket-over")
    third = plane.invitation("ana")
    plane.clock.goes_on(days=7)
    late = plane.post("sign-in/invitation", ticket=third, password=NEW_PASSWORD)
    assert code_of(late) == (409, "ticket-over")


def test_only_an_administrator_invites(plane: Team):
    tokens = plane.signed_up(everywhere="operator")
    with plane.caller(tokens["accessToken"]) as ana:
        assert code_of(ana.post("people/ana/invitation", json={})) == (403, "forbidden")
    with plane.running.client() as administrator:
        nobody = administrator.post("people/nobody/invitation", json={})
        assert code_of(nobody) == (404, "not-found")
