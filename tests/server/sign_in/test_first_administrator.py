"""The way to the first administrator: by the control plane's own token, which goes afterwards."""

import httpx

from autosky_desktop import cli
from tests.support.control_plane import TOKEN
from tests.support.serving import serving
from tests.support.signing_in import ANA, PASSWORD, team


def test_the_token_of_a_control_plane_that_is_served_adds_the_first_administrator(tmp_path, capsys):
    with serving(tmp_path / "data", "--sign-in") as own:
        url = str(own.base_url).removesuffix("/v1/")
        reach = ("--url", url, "--token-file", str(tmp_path / "data-token"))
        add = ("user", "add", ANA, "--role", "manager", "--everywhere")
        assert cli.main((*add, *reach)) == 0
        ticket = capsys.readouterr().out.split()[-1]
        with httpx.Client(base_url=own.base_url, timeout=60) as nobody:
            assert nobody.get("people").status_code == 401
            chosen = {"ticket": ticket, "password": PASSWORD}
            assert nobody.post("sign-in/invitation", json=chosen).status_code == 200
            typed = {"email": ANA, "password": PASSWORD}
            token = nobody.post("sign-in", json=typed).json()["tokens"]["accessToken"]
            people = nobody.get("people", headers={"Authorization": f"Bearer {token}"})
        assert [it["email"] for it in people.json()["persons"]] == [ANA]


def test_without_its_own_token_the_administrator_stays_and_the_token_is_nobodys(tmp_path):
    with team(tmp_path) as plane:
        plane.signed_up()
        assert plane.knows(TOKEN)
    with team(tmp_path, {"token": ""}) as plane:
        ana = plane.tokens()["accessToken"]
        with plane.caller(ana) as administrator:
            assert administrator.get("people").status_code == 200
        assert not plane.knows(TOKEN)
        assert not plane.knows("")
