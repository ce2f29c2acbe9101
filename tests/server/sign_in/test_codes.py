"""Signing in with one-time codes, and recovery codes when the phone is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.signing_in import NEW_PASSWORD, PASSWORD, Team

WRONG = (403, "wrong-code")
OVER = (409, "ticket-over")
TOO_MANY = (429, "too-many-tries")


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def enrolled(plane: Team) -> tuple[str, list[str]]:
    found = plane.enrolled(plane.signed_up()["accessToken"])
    plane.clock.goes_on(seconds=30)
    return found


def ticket(plane: Team) -> str:
    told = plane.signs_in().json()
    assert told["tokens"] is None
    return told["ticket"]


def sends(plane: Team, given: str, code: str):
    return plane.post("sign-in/code", ticket=given, code=code)


def test_with_codes_a_password_alone_lets_nobody_in(plane: Team, enrolled):
    secret, _ = enrolled
    answer = sends(plane, ticket(plane), plane.code(secret))
    assert plane.knows(answer.json()["tokens"]["accessToken"])


def test_a_code_works_once(plane: Team, enrolled):
    secret, _ = enrolled
    code, first, second = plane.code(secret), ticket(plane), ticket(plane)
    assert sends(plane, first, code).status_code == 200
    assert code_of(sends(plane, first, plane.code(secret, steps=1))) == OVER
    assert code_of(sends(plane, second, code)) == WRONG
    assert code_of(sends(plane, second, plane.code(secret, steps=-1))) == WRONG
    assert sends(plane, second, plane.code(secret, steps=1)).status_code == 200


def test_the_code_that_confirmed_the_secret_does_not_sign_in(plane: Team):
    secret, _ = plane.enrolled(plane.signed_up()["accessToken"])
    assert code_of(sends(plane, ticket(plane), plane.code(secret))) == WRONG


def test_of_two_who_send_one_code_at_once_one_comes_in(plane: Team, enrolled):
    secret, _ = enrolled
    code, tickets = plane.code(secret), [ticket(plane) for _ in range(3)]
    with ThreadPoolExecutor(6) as several:
        answers = list(several.map(lambda it: sends(plane, it, code).status_code, tickets * 2))
    assert answers.count(200) == 1


def test_a_clock_that_is_put_back_makes_no_old_code_good(plane: Team, enrolled):
    secret, _ = enrolled
    assert sends(plane, ticket(plane), plane.code(secret)).status_code == 200
    plane.clock.goes_on(minutes=-10)
    assert code_of(sends(plane, ticket(plane), plane.code(secret))) == WRONG


def test_a_ticket_takes_five_codes_and_five_minutes(plane: Team, enrolled):
    secret, _ = enrolled
    given = ticket(plane)
    for wait in (0, 0, 0, 1, 2):
        plane.clock.goes_on(seconds=wait)
        assert code_of(sends(plane, given, "000000")) == WRONG
    plane.clock.goes_on(minutes=1)
    assert code_of(sends(plane, given, plane.code(secret))) == OVER
    late = ticket(plane)
    plane.clock.goes_on(minutes=5)
    assert code_of(sends(plane, late, plane.code(secret))) == OVER
    assert code_of(sends(plane, "ast_never-was", plane.code(secret))) == OVER


def test_a_new_ticket_gives_no_new_tries_at_codes(plane: Team, enrolled):
    for _ in range(3):
        assert code_of(sends(plane, ticket(plane), "000000")) == WRONG
    assert code_of(sends(plane, ticket(plane), "000000")) == TOO_MANY


def test_a_ticket_for_a_code_is_no_invitation(plane: Team, enrolled):
    given = ticket(plane)
    answer = plane.post("sign-in/invitation", ticket=given, password=NEW_PASSWORD)
    assert code_of(answer) == OVER
    secret, _ = enrolled
    assert code_of(sends(plane, plane.invitation("ana"), plane.code(secret))) == OVER


def test_a_recovery_code_stands_in_for_a_code_once(plane: Team, enrolled):
    _, codes = enrolled
    assert len(codes) == 10
    answer = sends(plane, ticket(plane), codes[3].upper().replace("-", " "))
    assert answer.status_code == 200
    assert code_of(sends(plane, ticket(plane), codes[3])) == WRONG
    with plane.caller(answer.json()["tokens"]["accessToken"]) as ana:
        told = ana.get("me/sign-in").json()
    assert (told["code"], told["recoveryCodes"]) == (True, 9)


def test_a_secret_counts_once_a_code_of_it_has_come(plane: Team):
    tokens = plane.signed_up()
    with plane.caller(tokens["accessToken"]) as ana:
        wrong = ana.post("me/code", json={"password": "Wrong-one-1"})
        assert code_of(wrong) == (403, "sign-in-refused")
        made = ana.post("me/code", json={"password": PASSWORD}).json()
        assert made["uri"].startswith("otpauth://totp/Autosky:ana%40erp.example?secret=")
        assert made["secret"] in made["uri"]
        assert plane.signs_in().json()["tokens"]
        assert code_of(ana.post("me/code/confirm", json={"code": "000000"})) == WRONG
        again = ana.post("me/code", json={"password": PASSWORD}).json()
        old = ana.post("me/code/confirm", json={"code": plane.code(made["secret"])})
        assert code_of(old) == WRONG
        code = plane.code(again["secret"])
        assert ana.post("me/code/confirm", json={"code": code}).status_code == 200
        assert code_of(ana.post("me/code", json={"password": PASSWORD})) == (
            409, "not-allowed-now",
        )  # fmt: skip
    assert plane.signs_in().json()["ticket"]


def test_codes_are_removed_with_password_and_code(plane: Team, enrolled):
    secret, _ = enrolled
    token = sends(plane, ticket(plane), plane.code(secret)).json()["tokens"]["accessToken"]
    plane.clock.goes_on(seconds=30)
    with plane.caller(token) as ana:
        asked = {"password": PASSWORD, "code": "000000"}
        assert code_of(ana.post("me/code/remove", json=asked)) == WRONG
        asked["code"] = plane.code(secret)
        assert ana.post("me/code/remove", json=asked).json()["code"] is False
    assert plane.signs_in().json()["tokens"]


def test_an_administrator_lets_in_who_lost_phone_and_password(plane: Team, enrolled):
    secret, _ = enrolled
    with_code = plane.invitation("ana")
    answer = plane.post("sign-in/invitation", ticket=with_code, password=NEW_PASSWORD).json()
    assert answer["tokens"] is None
    assert sends(plane, answer["ticket"], plane.code(secret)).status_code == 200
    without = plane.invitation("ana", withoutCode=True)
    assert plane.signs_in(NEW_PASSWORD).json()["ticket"]  # until they have come, nothing changes
    answer = plane.post("sign-in/invitation", ticket=without, password=PASSWORD).json()
    assert plane.knows(answer["tokens"]["accessToken"])
    assert plane.signs_in().json()["tokens"]
