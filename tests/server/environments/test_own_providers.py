"""Environments with providers of their own, beside the demo, in one control plane."""

import uuid
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from autosky_desktop.domain.environment_settings import EnvironmentSettings
from autosky_desktop.domain.people import Role
from autosky_desktop.domain.publication import STEPS, StepName
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.providers.plugin import ProviderPace
from autosky_desktop.server.refusal import Refusal
from tests.support.control_plane import running_control_plane
from tests.support.people import ANA
from tests.support.plugins import Acme
from tests.support.waiting import eventually


@pytest.fixture
def client(tmp_path):
    with running_control_plane(tmp_path, plugins=[Acme()]) as running, running.client() as client:
        yield client


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def add(client, name="Acme", **values):
    body = {"name": name, "provider": "acme", "values": {"host": "h"} | values}
    return client.post("environments", json=body, headers=key())


def listed(client, environment: str) -> dict:
    found = client.get("environments").json()["environments"]
    return next(it for it in found if it["id"] == environment)


def test_one_that_is_added_is_read_and_polled(client):
    told = add(client).json()
    assert (told["provider"], told["demo"]) == ("Acme", False)
    server = "acme-prep-payroll-01"
    eventually(lambda: client.get(f"servers/{server}").status_code == 200)
    assert client.post(f"servers/{server}/start", headers=key()).status_code == 202
    eventually(lambda: listed(client, "acme")["preparation"]["status"] == "running")


def test_a_publication_looks_no_oftener_than_the_provider_is_to_be_asked(tmp_path):
    """The control plane's own pauses are much shorter, by its speed."""
    acme = Acme(ProviderPace(moving_seconds=0.5))
    with running_control_plane(tmp_path, plugins=[acme]) as running, running.client() as client:
        add(client)
        eventually(lambda: (listed(client, "acme").get("preparation") or {}).get("status"))
        version = listed(client, "acme")["currentVersion"] + 1
        body = {"expectedVersion": version, "plan": {"model": "standard"}}
        run = client.post("environments/acme/publications", json=body, headers=key()).json()
        path, image = f"publications/{run['id']}", STEPS.index(StepName.IMAGE)
        eventually(lambda: client.get(path).json()["steps"][image]["state"] == "succeeded")
        client.post(f"{path}/cancel", headers=key())
        eventually(lambda: client.get(path).json()["endedAt"])
    looks = [at for name, at in acme.asked if name == "image"]
    assert len(looks) > 1
    assert min(after - before for before, after in pairwise(looks)) >= 0.5


@pytest.mark.parametrize(
    ("trouble", "said", "remedy"),
    [
        ("credentials", "The token has expired.", "renew the credentials"),
        ("breaks", "nobody foresaw", None),
    ],
)
def test_why_one_cannot_be_read_is_told_with_what_to_do(client, trouble, said, remedy):
    add(client, trouble=trouble)
    eventually(lambda: listed(client, "acme")["unreachable"])
    told = listed(client, "acme")
    assert said in told["unreachable"]
    assert (remedy in told["remedy"]) if remedy else told["remedy"] is None


def test_mended_settings_mend_it(client):
    add(client, trouble="credentials")
    eventually(lambda: listed(client, "acme")["unreachable"])
    settings = client.get("environments/acme/settings").json() | {"values": {"host": "h"}}
    assert client.put("environments/acme/settings", json=settings, headers=key()).is_success
    eventually(lambda: listed(client, "acme")["unreachable"] is None)
    assert listed(client, "acme")["remedy"] is None


def test_people_get_their_minutes_whatever_the_speed_of_the_demo(client):
    add(client)
    version = eventually(lambda: listed(client, "acme")["currentVersion"])
    reconnection = {"minutes": 10, "message": "Sign in again", "againMinutes": 2}
    body = {
        "expectedVersion": version + 1,
        "plan": {"model": "request-reconnection", "reconnection": reconnection},
    }
    asked = client.post("environments/acme/publications", json=body, headers=key())
    assert asked.status_code == 202, asked.text
    run = f"publications/{asked.json()['id']}"
    until = eventually(lambda: client.get(run).json().get("disconnectAt"))
    assert datetime.fromisoformat(until) - now() > timedelta(minutes=9)
    client.post(f"{run}/cancel", headers=key())
    eventually(lambda: client.get(run).json()["state"] == "cancelled")


@pytest.mark.parametrize("trouble", ["hangs", "hangs at opening"])
def test_the_demo_goes_on_as_ever_beside_many_that_hang(client, trouble):
    for number in range(8):
        add(client, name=f"Acme {number}", trouble=trouble)
    client.post("servers/prep-payroll-01/start", headers=key())
    eventually(lambda: listed(client, "payroll")["preparation"]["status"] == "running")


def test_one_machine_belongs_to_one_environment_and_it_is_said_whose_it_is(client):
    assert add(client, machine="m-1", group="g-1").is_success
    for taken in ({"machine": "m-1"}, {"group": "g-1"}):
        refused = add(client, name="Other", **taken)
        assert (refused.status_code, refused.json()["code"]) == (409, "machine-taken")
        assert "“Acme”" in refused.json()["detail"]
    assert add(client, name="Elsewhere", host="another", group="g-1").is_success
    found = client.post("providers/acme/find", json={"values": {"host": "h"}}).json()
    assert [(it["id"], it["takenBy"]) for it in found["machines"]] == [
        ("m-1", "Acme"), ("m-2", ""),
    ]  # fmt: skip
    client.delete("environments/acme", headers=key())
    assert add(client, name="Other", machine="m-1").is_success


def test_a_check_tells_what_it_saw_before_it_failed(client):
    body = {"name": "Acme", "provider": "acme", "values": {"host": "h", "trouble": "credentials"}}
    lines = client.post("environments/check", json=body).json()["lines"]
    assert [(it["state"], it["detail"]) for it in lines] == [
        ("ok", ""), ("failed", "The token has expired."),
    ]  # fmt: skip
    assert lines[1]["remedy"]


def test_garbage_that_a_plugin_answers_is_told_as_such(client):
    values = {"host": "h", "trouble": "garbage"}
    found = client.post("providers/acme/find", json={"values": values})
    assert (found.status_code, found.json()["code"]) == (409, "provider-refused")
    assert "Expected `str`" in found.json()["detail"]
    body = {"name": "Acme", "provider": "acme", "values": values}
    first, second = client.post("environments/check", json=body).json()["lines"]
    assert (first["state"], second["state"]) == ("ok", "failed")
    assert "Expected `object`" in second["detail"]


def test_what_finding_fails_over_is_told(client):
    body = {"values": {"host": "h", "trouble": "credentials"}}
    refused = client.post("providers/acme/find", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "provider-refused")
    missing = client.post("providers/acme/find", json={"values": {}})
    assert (missing.status_code, missing.json()["code"]) == (422, "wrong-settings")


def test_the_manager_of_one_environment_gets_into_no_other_by_its_settings(tmp_path):
    """The control plane has the credentials of all environments."""
    eve = Principal(id="eve", name="Eve", roles={"acme": Role.MANAGER})
    with running_control_plane(tmp_path, plugins=[Acme()]) as running, running.client() as client:
        assert add(client, machine="m-1").is_success
        assert add(client, name="Payroll of the board", machine="m-2").is_success

        def change(name, principal=eve, **values):
            values = {"host": "h", "machine": "m-1"} | values
            asked = EnvironmentSettings(name=name, provider="acme", values=values)
            changing = running.plane.environment_commands
            return running.run(changing.change("acme", asked, principal=principal, key=name))

        assert change("Renamed").name == "Renamed"
        for name, values, code in (
            ("Other host", {"host": "another"}, "forbidden"),
            ("Other machine", {"machine": "m-2"}, "machine-taken"),
        ):
            with pytest.raises(Refusal) as refused:
                change(name, **values)
            assert refused.value.code == code, name
            assert "board" not in refused.value.detail
        assert change("By an administrator", ANA, host="another").name == "By an administrator"
