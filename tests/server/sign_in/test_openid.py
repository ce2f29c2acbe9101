"""Signing in at a company's provider of identities, which does it right, or one thing wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import insert, select, update

from autosky_desktop.domain.people import EVERYWHERE
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.engine import writing
from autosky_desktop.server.sign_in.openid_settings import (
    InvalidOpenIdFile,
    OpenIdSettings,
    is_safe,
    read,
)
from tests.support.openid_provider import CLIENT, SECRET, Provider, browse, openid_provider
from tests.support.signing_in import Team, team

PORT = "http://127.0.0.1:49152/signed-in"
NOT_LET_IN, FAILED = (403, "not-let-in"), (409, "openid-failed")
GROUPS = {"autosky-operators": "operators", "autosky-admins": "administrators"}


def code_of(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture(scope="module")
def shared() -> Iterator[Provider]:
    """Give all tests one provider: to make a key takes a second."""
    with openid_provider() as provider:
        yield provider


@pytest.fixture
def provider(shared: Provider) -> Iterator[Provider]:
    """Give each test the provider as it was at first."""
    first = {**vars(shared), "person": dict(shared.person)}
    shared.asked.clear()
    yield shared
    vars(shared).update(first)
    shared.answers.clear()


@pytest.fixture
def plane(tmp_path: Path, provider: Provider) -> Iterator[Team]:
    openid = OpenIdSettings(
        issuer=provider.url, client_id=CLIENT, name="Skyone", groups=dict(GROUPS)
    )
    with team(tmp_path, {"openid": openid}) as plane:
        provider.clock = lambda: plane.clock.now.timestamp()
        change(plane, insert(schema.member).values(
            environment=EVERYWHERE, kind="group", holder="operators", role="operator"
        ))  # fmt: skip
        yield plane


def change(plane: Team, statement) -> None:
    async def do() -> None:
        async with writing(plane.running.plane.engine).begin() as connection:
            await connection.execute(statement)

    plane.running.run(do())


def rows(plane: Team, query) -> list:
    async def do() -> list:
        async with plane.running.plane.engine.connect() as connection:
            return [tuple(row) for row in (await connection.execute(query)).all()]

    return plane.running.run(do())


def begun(plane: Team) -> dict:
    answer = plane.post("sign-in/openid", redirectUri=PORT, device="Ana's laptop")
    assert answer.status_code == 200, answer.text
    return answer.json()


def finished(plane: Team, begun: dict, **more):
    back = browse(begun["url"])
    return plane.post("sign-in/openid/finish", ticket=begun["ticket"], **{**back, **more})


def signed_in(plane: Team):
    return finished(plane, begun(plane))


def me(plane: Team, answer) -> dict:
    assert answer.status_code == 200, answer.text
    with plane.caller(answer.json()["accessToken"]) as person:
        return person.get("me").json()


def test_how_one_signs_in_is_told_before(plane: Team):
    with plane.caller() as stranger:
        assert stranger.get("sign-in").json() == {"password": True, "openid": "Skyone"}


def test_who_is_in_a_group_comes_in_with_its_role(plane: Team):
    told = me(plane, signed_in(plane))
    assert (told["operator"], told["everywhere"]) == ("Ana Souza", "operator")
    with plane.caller(signed_in(plane).json()["accessToken"]) as ana:
        sessions = ana.get("me/sessions").json()["sessions"]
        assert {(it["way"], it["device"]) for it in sessions} == {("openid", "Ana's laptop")}
        assert ana.get("me/sign-in").json()["password"] is False
    assert len(rows(plane, select(schema.person.c.id))) == 1


def test_what_the_browser_sees_is_of_no_use_alone(plane: Team, provider: Provider):
    asked = begun(plane)
    assert "code_challenge_method=S256" in asked["url"]
    assert asked["ticket"] not in asked["url"]
    back = browse(asked["url"])
    other = begun(plane)
    crossed = plane.post("sign-in/openid/finish", ticket=other["ticket"], **back)
    assert code_of(crossed) == (409, "ticket-over")
    assert "/token" not in provider.asked
    nobody_s = plane.post("sign-in/openid/finish", ticket="ast_never-was", **back)
    assert code_of(nobody_s) == (409, "ticket-over")


def test_a_code_of_another_sign_in_is_not_redeemed(plane: Team):
    stolen = browse(begun(plane)["url"])["code"]
    assert code_of(finished(plane, begun(plane), code=stolen)) == FAILED


def test_a_sign_in_is_finished_once_and_in_time(plane: Team):
    asked = begun(plane)
    assert finished(plane, asked).status_code == 200
    assert code_of(finished(plane, asked)) == (409, "ticket-over")
    late = begun(plane)
    plane.clock.goes_on(minutes=15)
    assert code_of(finished(plane, late)) == (409, "ticket-over")


@pytest.mark.parametrize("iss", ["https://evil.example", None])
def test_who_comes_back_from_another_provider_is_refused(plane: Team, provider: Provider, iss):
    provider.iss = iss
    assert code_of(signed_in(plane)) == FAILED
    assert "/token" not in provider.asked


def test_a_provider_that_never_says_who_it_is_need_not(plane: Team, provider: Provider):
    provider.iss = None
    provider.described = {"authorization_response_iss_parameter_supported": False}
    assert signed_in(plane).status_code == 200


WRONG_CLAIMS = [
    {"iss": "https://evil.example"},
    {"aud": "another-program"},
    {"aud": [CLIENT, "another-program"]},
    {"azp": "another-program"},
    {"nonce": "of another sign-in"},
    {"nonce": None},
    {"exp": 1_000_000_000},
    {"exp": None},
    {"exp": "tomorrow"},
    {"iat": 1_000_000_000},
    {"iat": 4_000_000_000},
    {"iat": None},
    {"sub": None},
    {"sub": ""},
]


def test_an_id_token_that_says_one_thing_wrong_lets_nobody_in(plane: Team, provider):
    for spoilt in WRONG_CLAIMS:
        provider.spoilt = spoilt
        assert code_of(signed_in(plane)) == FAILED
        provider.spoilt = {}
        assert signed_in(plane).status_code == 200


def test_a_token_for_several_says_that_we_asked_for_it(plane: Team, provider: Provider):
    provider.spoilt = {"aud": [CLIENT, "another-program"], "azp": CLIENT}
    assert signed_in(plane).status_code == 200


@pytest.mark.parametrize("forged", ["another key", "no signature", "the public key as a secret"])
def test_an_id_token_that_it_did_not_sign_lets_nobody_in(plane: Team, provider, forged):
    if forged == "another key":
        provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    else:
        provider.algorithm = "none" if forged == "no signature" else "HS256"
    assert code_of(signed_in(plane)) == FAILED


def test_its_keys_may_change_between_two_sign_ins(plane: Team, provider: Provider):
    assert signed_in(plane).status_code == 200
    provider.key = provider.signs_with = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    assert signed_in(plane).status_code == 200


def test_what_the_id_token_does_not_say_userinfo_does(plane: Team, provider: Provider):
    provider.in_token = frozenset({"sub"})
    assert me(plane, signed_in(plane))["everywhere"] == "operator"
    provider.userinfo_of = "somebody else"
    assert code_of(signed_in(plane)) == FAILED


def test_who_is_in_no_group_and_no_person_here_is_not_let_in(plane: Team, provider: Provider):
    provider.person["groups"] = ["staff"]
    assert code_of(signed_in(plane)) == NOT_LET_IN
    assert rows(plane, select(schema.person.c.id)) == []


def test_who_was_added_here_is_joined_by_an_email_that_is_vouched_for(plane: Team, provider):
    plane.person("ana", "ana@erp.example", everywhere="viewer")
    provider.person |= {"groups": [], "email": "Ana@ERP.example", "email_verified": False}
    assert code_of(signed_in(plane)) == NOT_LET_IN
    provider.person |= {"email_verified": True}
    assert me(plane, signed_in(plane))["person"] == "ana"
    provider.person |= {"email": "ana.lima@erp.example"}  # she married
    assert me(plane, signed_in(plane))["person"] == "ana"
    provider.person |= {"sub": "somebody else", "email": "ana@erp.example"}
    assert code_of(signed_in(plane)) == NOT_LET_IN


def test_nobody_takes_over_the_email_of_a_person(plane: Team, provider: Provider):
    assert signed_in(plane).status_code == 200
    provider.person |= {"sub": "somebody else"}
    assert code_of(signed_in(plane)) == NOT_LET_IN


def test_groups_are_those_of_the_last_sign_in(plane: Team, provider: Provider):
    person = me(plane, signed_in(plane))["person"]
    change(plane, insert(schema.person_group).values(person=person, name="given here"))
    provider.person["groups"] = ["autosky-admins"]
    assert signed_in(plane).status_code == 200
    assert sorted(rows(plane, select(schema.person_group.c.name))) == [
        ("administrators",), ("given here",),
    ]  # fmt: skip
    provider.person["groups"] = "autosky-operators"  # some tell a single one so
    assert me(plane, signed_in(plane))["everywhere"] == "operator"


def test_who_was_shut_out_here_stays_out(plane: Team):
    assert signed_in(plane).status_code == 200
    change(plane, update(schema.person).values(active=False))
    assert code_of(signed_in(plane)) == NOT_LET_IN


def test_a_shared_secret_is_sent_as_the_standard_has_it(tmp_path: Path, provider: Provider):
    provider.secret = SECRET
    openid = OpenIdSettings(
        issuer=provider.url, client_id=CLIENT, client_secret=SECRET, groups=dict(GROUPS)
    )
    assert SECRET not in repr(openid)
    with team(tmp_path, {"openid": openid}) as plane:
        provider.clock = lambda: plane.clock.now.timestamp()
        assert signed_in(plane).status_code == 200


NO_PORTS = [
    "https://evil.example/",
    "http://evil.example:80/",
    "http://localhost:49152/",
    "http://127.0.0.1/",
    "http://127.0.0.1@evil.example:80/",
    "http://u@127.0.0.1:80/",
    "http://127.0.0.1:80/#x",
    "http://127.0.0.1:99999/",
    "app:/back",
    "",
    "http://[::1",
]


def test_the_browser_comes_back_to_a_port_of_the_caller_s_computer_alone(plane: Team):
    for uri in NO_PORTS:
        answer = plane.post("sign-in/openid", redirectUri=uri)
        assert code_of(answer) == (400, "invalid-request")


LEADS_ASTRAY = [
    {"issuer": "https://evil.example"},
    {"authorization_endpoint": "http://evil.example/authorize"},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": None},
]


def test_a_provider_that_sends_people_elsewhere_is_not_followed(plane: Team, provider):
    for described in LEADS_ASTRAY:
        provider.described = described
        answer = plane.post("sign-in/openid", redirectUri=PORT)
        assert code_of(answer) == FAILED


NO_ANSWERS = [b"", b"[]", b"{", b"[" * 100_000, b" " * 1_000_001 + b"{}", b"\xff"]


def test_a_provider_that_is_not_understood_is_told_as_such(plane: Team, provider):
    for answer in NO_ANSWERS:
        provider.answers["/.well-known/openid-configuration"] = answer
        assert code_of(plane.post("sign-in/openid", redirectUri=PORT)) == FAILED
        provider.answers.clear()
        provider.answers["/keys"] = answer
        assert code_of(signed_in(plane)) == FAILED


def test_without_a_provider_there_is_no_such_way(tmp_path: Path):
    with team(tmp_path) as plane:
        answer = plane.post("sign-in/openid", redirectUri=PORT)
        assert code_of(answer) == (404, "not-found")
        with plane.caller() as stranger:
            assert stranger.get("sign-in").json() == {"password": True, "openid": None}


def test_a_provider_that_is_away_is_told_as_such(tmp_path: Path):
    with openid_provider() as gone:
        openid = OpenIdSettings(issuer=gone.url, client_id=CLIENT)
    with team(tmp_path, {"openid": openid}) as plane:
        assert code_of(plane.post("sign-in/openid", redirectUri=PORT)) == FAILED
        assert plane.signs_in().status_code == 403  # and passwords are taken as ever


def written(folder: Path, text: str) -> Path:
    file = folder / "openid.toml"
    file.write_text(text, "utf-8")
    file.chmod(0o600)
    return file


def test_the_file_names_the_provider_and_its_groups(tmp_path: Path):
    file = written(
        tmp_path,
        'issuer = "https://id.erp.example"\nclient_id = "autosky"\nname = "Skyone"\n'
        '[groups]\nadmins = "administrators"\n',
    )
    settings = read(file)
    assert settings.groups == {"admins": "administrators"}
    assert (settings.issuer, settings.name) == ("https://id.erp.example", "Skyone")
    file.chmod(0o644)
    with pytest.raises(InvalidOpenIdFile, match="read by others"):
        read(file)


@pytest.mark.parametrize(
    "text",
    ["", "issuer =", 'issuer = "https://a.example"', 'issuer = "http://a.example"\nclient_id = "x"',
     'issuer = "https://a.example"\nclient_id = "x"\nclient_sceret = "y"'],
)  # fmt: skip
def test_a_file_with_a_mistake_is_refused(tmp_path: Path, text):
    with pytest.raises(InvalidOpenIdFile):
        read(written(tmp_path, text))
    with pytest.raises(InvalidOpenIdFile):
        read(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("url", "safe"),
    [("https://a.example", True), ("http://127.0.0.1:1", True), ("http://a.example", False),
     ("ftp://a.example", False), ("file:///etc/passwd", False), ("http://[::1", False),
     ("", False)],
)  # fmt: skip
def test_a_secret_goes_encrypted_or_stays_on_this_computer(url, safe):
    assert is_safe(url) is safe
