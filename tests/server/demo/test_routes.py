"""What goes wrong in the simulated cloud is switched on and off by whoever may call."""

import json

import pytest

from autosky_desktop.domain.demo import Fault
from autosky_desktop.domain.problem import Code
from autosky_desktop.server.demo.commands import DemoFaults
from autosky_desktop.server.providers.checked_provider import checked
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.refusal import Refusal
from tests.support.control_plane import running_control_plane

EVERY = [fault.value for fault in Fault if fault is not Fault.UNKNOWN]


def switch(client, *faults: str):
    return client.post("demo/faults", json={"faults": list(faults)})


def test_the_demo_tells_how_fast_it_is_and_begins_without_faults(client):
    assert client.get("demo").json() == {"speed": 1500.0, "faults": []}


@pytest.mark.parametrize("fault", EVERY)
def test_each_fault_is_told_from_when_it_is_on_until_it_is_off(running, client, fault):
    assert switch(client, fault).json()["faults"] == [fault]
    assert client.get("demo").json()["faults"] == [fault]
    assert running.provider.faults != Faults()
    assert switch(client).json()["faults"] == []
    assert running.provider.faults == Faults()


def test_those_that_are_not_named_are_off_from_then_on(client):
    switch(client, "image-fails", "start-refused")
    assert switch(client, "start-refused", "image-stuck").json()["faults"] == [
        "image-stuck", "start-refused",
    ]  # fmt: skip


def test_faults_outlive_the_process_and_are_gone_for_good_when_switched_off(tmp_path):
    with running_control_plane(tmp_path) as running, running.client() as client:
        switch(client, "image-fails")
    with running_control_plane(tmp_path) as running, running.client() as client:
        assert client.get("demo").json()["faults"] == ["image-fails"]
        switch(client)
    assert not (tmp_path / "cloud" / "faults.json").exists()
    with running_control_plane(tmp_path) as running, running.client() as client:
        assert client.get("demo").json()["faults"] == []


def test_what_a_tester_wrote_is_told_and_stays_until_all_are_off(running, client):
    file = running.folder / "cloud" / "faults.json"
    file.write_text('{"statusWords": 1}')
    assert client.get("demo").json()["faults"] == []  # it is no good, and passed over
    words = {"db-erp-prod-01": "hibernating"}
    file.write_text(json.dumps({"status_words": words, "busy_every": 3}))
    told = client.get("demo").json()["faults"]
    assert told == ["provider-busy", "unknown"]
    switch(client, *told, "image-fails")
    assert (running.provider.faults.busy_every, running.provider.faults.status_words) == (3, words)
    assert switch(client).json()["faults"] == []
    assert running.provider.faults == Faults()


def test_faults_that_cannot_be_written_down_are_on_all_the_same(running, client):
    (running.folder / "cloud" / "faults.new").mkdir()
    assert switch(client, "image-fails").json()["faults"] == ["image-fails"]
    assert client.get("demo").json()["faults"] == ["image-fails"]


def test_a_word_that_is_no_fault_is_refused_and_changes_nothing(client):
    switch(client, "image-fails")
    refused = switch(client, "image-fials")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid-request")
    assert client.get("demo").json()["faults"] == ["image-fails"]


def test_a_real_cloud_has_none_of_it(running):
    faults = DemoFaults(checked(running.provider), 1.0)
    for call in (faults.tell, lambda: faults.switch([])):
        with pytest.raises(Refusal) as refused:
            call()
        assert refused.value.code is Code.NOT_FOUND
