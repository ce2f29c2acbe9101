"""What is left of how somebody signed in, when they are shut out or removed and come back."""

from tests.support.signing_in import ANA, PASSWORD, Team

UNTIL = "2027-01-01T00:00:00Z"
SETTINGS = {"name": "Ana", "email": ANA}


def api_token(plane: Team, access: str) -> str:
    asked = {"description": "Nightly", "role": "viewer", "until": UNTIL}
    with plane.caller(access) as person:
        made: str = person.post("tokens", json=asked).json()["token"]
    return made


def shut_out(plane: Team, *, active: bool) -> None:
    with plane.running.client() as administrator:
        answer = administrator.put("people/ana", json=SETTINGS | {"active": active})
    assert answer.status_code == 200, answer.text


def test_who_is_removed_and_added_again_has_nothing_to_sign_in_with(plane: Team):
    plane.signed_up("bea", "bea@erp.example")  # an administrator remains
    tokens = plane.signed_up()
    _, recovery = plane.enrolled(tokens["accessToken"])
    program = api_token(plane, tokens["accessToken"])
    half = plane.signs_in().json()["ticket"]
    invited = plane.invitation("ana")
    with plane.running.client() as administrator:
        assert administrator.delete("people/ana").status_code == 200
        again = administrator.post("people", json=SETTINGS, headers={"Idempotency-Key": "again"})
    assert again.json()["id"] == "ana"
    assert not plane.knows(tokens["accessToken"])
    assert not plane.knows(program)
    assert plane.refreshed(tokens["refreshToken"]).status_code == 401
    assert plane.signs_in().status_code == 403
    for answer in (
        plane.post("sign-in/code", ticket=half, code=recovery[0]),
        plane.post("sign-in/invitation", ticket=invited, password=PASSWORD),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "ticket-over")
    fresh = plane.post("sign-in/invitation", ticket=plane.invitation("ana"), password=PASSWORD)
    assert fresh.json()["tokens"], "no code is asked for: that of before is forgotten"
    with plane.caller(fresh.json()["tokens"]["accessToken"]) as ana:
        assert ana.get("tokens").json() == {"tokens": []}
        assert len(ana.get("me/sessions").json()["sessions"]) == 1


def test_who_was_shut_out_for_a_while_signs_in_anew(plane: Team):
    plane.signed_up("bea", "bea@erp.example")  # an administrator remains
    tokens = plane.signed_up()
    program = api_token(plane, tokens["accessToken"])
    shut_out(plane, active=False)
    assert not plane.knows(program)
    assert plane.signs_in().status_code == 403
    shut_out(plane, active=True)
    assert not plane.knows(tokens["accessToken"])
    assert plane.refreshed(tokens["refreshToken"]).status_code == 401
    assert plane.knows(program)
    assert plane.signs_in().status_code == 200
