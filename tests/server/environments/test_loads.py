"""How busy instances are is told to whoever asks, and is no event."""

from autosky_desktop.server.providers.simulated import Faults


def loads(client, **headers):
    return client.get("environments/erp-production/loads", headers=headers)


def test_every_instance_of_the_demo_tells_how_busy_it_is(client):
    snapshot = client.get("environments/erp-production").json()
    found = loads(client).json()
    assert {it["id"] for it in found["loads"]} == {it["id"] for it in snapshot["instances"]}
    by_id = {it["id"]: it for it in found["loads"]}
    for instance in snapshot["instances"]:
        load = by_id[instance["id"]]
        assert 0 < load["cpu"] <= 100
        assert 0 < load["memory"] <= 100
        assert load["at"] <= found["readAt"]


def test_what_is_known_already_is_not_told_again_and_nothing_is_recorded(client):
    before = client.get("environments/erp-production").json()["environment"]["revision"]
    first = loads(client)
    tag = first.headers["ETag"]
    again = loads(client, **{"If-None-Match": tag})
    moment = first.json()["loads"][0]["at"]
    assert again.status_code == 304 or again.json()["loads"][0]["at"] != moment
    assert client.get("environments/erp-production").json()["environment"]["revision"] == before


def test_an_environment_that_is_not_there_has_none(client):
    assert client.get("environments/nowhere/loads").status_code == 404


def test_who_reports_no_sessions_tells_no_loads_either(with_parts):
    async def story(parts):
        assert await parts.provider.loads("erp-production")
        parts.provider.faults = Faults(sessions_unreported=True)
        assert await parts.provider.loads("erp-production") == []

    with_parts(story)
