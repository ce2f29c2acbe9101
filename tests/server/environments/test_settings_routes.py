"""Environments are added, changed, paused and removed while the control plane runs."""

import uuid

import pytest

from tests.support.control_plane import running_control_plane
from tests.support.waiting import eventually

NEW = {
    "name": "Ana's Café",
    "label": "staging",
    "timeZone": "Europe/Berlin",
    "runHours": 5,
    "dailyStop": "20:00",
    "longestExtensionHours": 6,
    "monthlyReconnections": None,
    "provider": "simulated",
    "values": {"example": "erp-staging"},
}
ID = "ana-s-cafe"


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def add(client, **changed):
    return client.post("environments", json=NEW | changed, headers=key())


def ids(client) -> list[str]:
    return [it["id"] for it in client.get("environments").json()["environments"]]


def servers_of(client, environment: str) -> list[str]:
    answer = client.get(f"environments/{environment}")
    return [it["id"] for it in answer.json().get("servers", ())]


def newest(client, environment: str) -> dict:
    return client.get(f"environments/{environment}/activity").json()["entries"][0]


def test_what_is_added_is_listed_and_read(client):
    answer = add(client)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["id"], told["name"], told["provider"], told["demo"]) == (
        ID, NEW["name"], "Demo", True,
    )  # fmt: skip
    assert (told["longestExtensionHours"], told["dailyStop"]) == (6, "20:00")
    assert ids(client)[-1] == ID
    eventually(lambda: f"{ID}-prep-erp-stg-01" in servers_of(client, ID))
    entry = newest(client, ID)
    assert (entry["kind"], entry["outcome"], entry["by"], entry["target"]) == (
        "add-environment", "done", "ana", NEW["name"],
    )  # fmt: skip


def test_the_same_key_adds_it_once_also_when_its_answer_was_not_kept(client, running):
    headers = key()
    first = client.post("environments", json=NEW, headers=headers).json()

    async def lose() -> None:
        async with running.plane.unit_of_work.without_events() as connection:
            await connection.exec_driver_sql("DELETE FROM idempotency")

    running.run(lose())
    again = client.post("environments", json=NEW, headers=headers)
    assert (again.status_code, again.json()["id"]) == (201, first["id"])
    assert ids(client).count(ID) == 1
    assert len(ids(client)) == 5


def test_two_of_one_name_have_ids_of_their_own(client):
    assert [add(client).json()["id"], add(client).json()["id"]] == [ID, f"{ID}-2"]
    eventually(lambda: servers_of(client, f"{ID}-2"))
    assert not set(servers_of(client, ID)) & set(servers_of(client, f"{ID}-2"))


def test_its_settings_are_told_as_they_were_asked_for(client):
    add(client)
    assert client.get(f"environments/{ID}/settings").json() == NEW | {
        "id": ID, "kind": "scaling", "paused": False,
    }  # fmt: skip


def test_those_of_the_demo_are_told_too(client):
    told = client.get("environments/payroll/settings").json()
    assert (told["provider"], told["values"], told["runHours"]) == ("simulated", {}, 6)


def test_a_change_is_told_and_kept(client, running):
    answer = client.put(
        "environments/payroll/settings",
        json={**client.get("environments/payroll/settings").json(), "name": "Wages",
              "timeZone": "Asia/Tokyo", "longestExtensionHours": 2},
        headers=key(),
    )  # fmt: skip
    assert answer.status_code == 200
    listed = client.get("environments").json()["environments"][2]
    assert (listed["name"], listed["timeZone"], listed["longestExtensionHours"]) == (
        "Wages", "Asia/Tokyo", 2,
    )  # fmt: skip
    assert newest(client, "payroll")["kind"] == "edit-environment"


def test_the_new_limit_holds_for_shutdowns(client):
    told = client.get("environments/erp-staging").json()
    server = next(it for it in told["servers"] if it["role"] == "preparation")
    settings = client.get("environments/erp-staging/settings").json()
    settings |= {"longestExtensionHours": 1, "dailyStop": None}
    client.put("environments/erp-staging/settings", json=settings, headers=key())
    move = {"move": "extend", "expected": server["shutdown"]["at"], "to": "2099-01-01T00:00:00Z"}
    answer = client.post(f"servers/{server['id']}/shutdown", json=move, headers=key())
    assert (answer.status_code, answer.json()["code"]) == (409, "shutdown-limit")
    assert "1 hours" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"provider": "unheard-of"}, "wrong-settings"),
        ({"values": {"colour": "red"}}, "wrong-settings"),
        ({"values": {"example": "nothing"}}, "wrong-settings"),
        ({"timeZone": "Mars/Olympus"}, "wrong-settings"),
        ({"kind": "huge"}, "wrong-settings"),
        ({"name": " "}, "wrong-settings"),
        ({"name": "A\u202eB"}, "wrong-settings"),
        ({"id": "payroll"}, "id-taken"),
        ({"id": "Not An Id"}, "id-taken"),
        ({"secret": "x"}, "invalid-request"),
        ({"dailyStop": "20:00\n"}, "invalid-request"),
        ({"provider": "aws", "values": {"region": "host.example/"}}, "wrong-settings"),
    ],
)
def test_what_cannot_be_is_refused_and_adds_nothing(client, changed, code):
    before = ids(client)
    answer = add(client, **changed)
    assert answer.json()["code"] == code
    assert answer.json()["detail"]
    assert ids(client) == before


def test_a_demo_that_is_added_without_choosing_has_servers_too(client):
    answer = add(client, values={})
    assert answer.is_success
    eventually(lambda: servers_of(client, ID))


def test_the_provider_of_an_environment_stays(client):
    settings = client.get("environments/payroll/settings").json() | {"provider": "libvirt"}
    answer = client.put("environments/payroll/settings", json=settings, headers=key())
    assert answer.json()["code"] == "wrong-settings"


def test_nothing_is_asked_of_a_paused_one_until_it_is_resumed(client):
    answer = client.post("environments/payroll/pause", headers=key())
    assert (answer.status_code, answer.json()["paused"]) == (200, True)
    started = client.post("servers/prep-payroll-01/start", headers=key())
    assert (started.status_code, started.json()["code"]) == (409, "paused")
    assert newest(client, "payroll")["reason"] == "paused"
    assert client.post("environments/payroll/resume", headers=key()).json()["paused"] is False
    assert client.post("servers/prep-payroll-01/start", headers=key()).status_code == 202


def test_a_removed_one_is_gone_and_its_history_stays(client):
    client.post("environments/payroll/pause", headers=key())
    answer = client.delete("environments/payroll", headers=key())
    assert (answer.status_code, answer.json()) == (200, {"id": "payroll"})
    assert "payroll" not in ids(client)
    assert client.get("environments/payroll").status_code == 404
    assert client.get("servers/prep-payroll-01").status_code == 404
    assert newest(client, "payroll")["kind"] == "remove-environment"
    assert client.get("environments/payroll/publications").status_code == 200
    assert client.delete("environments/payroll", headers=key()).status_code == 404


def test_one_that_was_removed_comes_back_with_its_history_when_its_id_is_asked_for(client):
    client.delete("environments/payroll", headers=key())
    assert add(client, id="payroll").status_code == 201
    assert client.get("environments/payroll/settings").json()["name"] == NEW["name"]
    eventually(lambda: servers_of(client, "payroll"))
    entries = client.get("environments/payroll/activity").json()["entries"]
    assert [it["kind"] for it in entries] == ["add-environment", "remove-environment"]


def test_a_removed_one_of_the_demo_does_not_come_back_with_the_next_start(tmp_path):
    with running_control_plane(tmp_path) as running, running.client() as client:
        add(client)
        client.delete("environments/payroll", headers=key())
    with running_control_plane(tmp_path) as running, running.client() as client:
        assert ids(client) == ["erp-production", "erp-staging", "point-of-sale", ID]
        eventually(lambda: servers_of(client, ID))


def test_what_was_under_way_in_a_removed_one_is_at_an_end(tmp_path):
    with running_control_plane(tmp_path, speed=1.0) as running, running.client() as client:
        client.post("servers/prep-payroll-01/start", headers=key())
        assert newest(client, "payroll")["outcome"] == "running"
        client.delete("environments/payroll", headers=key())
        entries = client.get("environments/payroll/activity").json()["entries"]
        assert [(it["kind"], it["outcome"]) for it in entries] == [
            ("remove-environment", "done"), ("start-server", "failed"),
        ]  # fmt: skip
    with running_control_plane(tmp_path) as running, running.client() as client:
        assert "payroll" not in ids(client)


PLAN = {"expectedVersion": 19, "plan": {"model": "standard"}}


def test_while_it_is_published_in_it_is_neither_removed_nor_paused(tmp_path):
    with running_control_plane(tmp_path, speed=1.0) as running, running.client() as client:
        asked = client.post("environments/payroll/publications", json=PLAN, headers=key())
        assert asked.status_code == 202
        for answer in (
            client.delete("environments/payroll", headers=key()),
            client.post("environments/payroll/pause", headers=key()),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "publication-running")


def test_what_waits_for_its_moment_keeps_it_too(client):
    plan = PLAN | {"schedule": {"at": "2099-01-01T00:00:00Z", "timeZone": "UTC"}}
    asked = client.post("environments/payroll/publications", json=plan, headers=key())
    assert asked.status_code == 202, asked.text
    answer = client.delete("environments/payroll", headers=key())
    assert (answer.status_code, answer.json()["code"]) == (409, "publication-scheduled")


def test_providers_are_listed_with_what_they_ask_for(client):
    told = {it["name"]: it for it in client.get("providers").json()["providers"]}
    assert told["simulated"]["title"] == "Demo"
    (example,) = told["simulated"]["fields"]
    assert (example["kind"], "payroll" in example["choices"]) == ("choice", True)


def test_settings_are_checked_without_adding_anything(client):
    before = ids(client)
    answer = client.post("environments/check", json=NEW)
    assert answer.status_code == 200
    assert {it["state"] for it in answer.json()["lines"]} == {"ok"}
    assert ids(client) == before


def test_nothing_is_written_to_a_removed_one_any_more(client):
    begun = client.post(
        "servers/db-payroll-01/connections",
        json={"account": "ana", "address": "10.0.0.1", "protocol": "ssh"},
        headers=key(),
    ).json()
    client.delete("environments/payroll", headers=key())
    before = client.get("environments/payroll/activity").json()
    answer = client.post(
        f"connections/{begun['id']}/end", json={"outcome": "closed"}, headers=key()
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert client.get("environments/payroll/activity").json() == before
